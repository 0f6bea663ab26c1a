"""Votes on ideas: promotes and demotes, read, cast and withdrawn."""
