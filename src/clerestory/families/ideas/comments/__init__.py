"""Comments on ideas: read, and written."""
