"""Search over campaigns, ideas, comments and members."""
