"""What belongs to ideas and is shown with them: votes, comments, tags, answers, files. All of a page at once."""
