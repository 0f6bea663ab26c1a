"""Votes on comments: promotes and demotes, read, cast and withdrawn. They give an idea no points."""
