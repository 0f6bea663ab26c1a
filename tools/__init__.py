"""What the Makefile calls for more than one line of work. Nothing in the product imports it."""
