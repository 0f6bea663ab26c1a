"""Users: the chat partners of a bot, their attributes and their status."""
