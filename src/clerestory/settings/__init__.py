"""Everything that an operator sets: the variables, how they are read, and the Settings made of them.

Nothing is imported here: the command line reads the table of variables for its help, and that must cost nothing.
"""
