"""Taking logs in: the body, the shared commit, the issue that each log belongs to."""
