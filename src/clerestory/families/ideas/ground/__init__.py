"""The ground that a write stands on: the campaign's rules, and what the one who asks is there."""
