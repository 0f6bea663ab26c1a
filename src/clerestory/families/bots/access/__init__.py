"""Access: who calls, for whom, and whether a bot is theirs. Asked for all requests of a moment, never remembered."""
