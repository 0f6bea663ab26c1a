"""Moderation: what is hidden, merged into another idea, or moved to another campaign."""
