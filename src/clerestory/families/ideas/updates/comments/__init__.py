"""Comments on updates."""
