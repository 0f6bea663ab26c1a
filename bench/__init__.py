"""Each claim about speed as a script that prints a ratio to its limit or to a peer, both measured in one run.

A script is a module with `main()`; its own docstring names the claim. No script judges an absolute time.
"""
