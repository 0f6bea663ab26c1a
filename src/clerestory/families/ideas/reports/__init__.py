"""Reports: tables of ideas, comments, votes and members, made in the background and fetched as CSV."""
