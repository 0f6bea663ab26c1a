"""Who may do and see what: the rules as values, and the same rules as conditions of SQL."""
