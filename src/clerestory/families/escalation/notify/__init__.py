"""Telling people: who by which channel, in what words, what follows a failure, and what a crash left open."""
