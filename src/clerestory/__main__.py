"""The command line's entry: reads the arguments, runs one command, answers with 0, 1 or 2 and never with a trace."""

from clerestory.commands.program import main

if __name__ == "__main__":
    main()
