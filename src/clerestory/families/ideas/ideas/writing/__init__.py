"""Ideas as they are written: the row, its answers, and what follows an idea into another campaign."""
