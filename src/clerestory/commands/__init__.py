"""The command line: one module a command, each taking what it needs from the environment and its options.

A command imports what it runs when it runs, so that help and version answer at once.
"""
