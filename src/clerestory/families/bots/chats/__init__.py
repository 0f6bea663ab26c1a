"""Chats: what is heard is stored and handled in order, the bot answers once, and never over a human."""
