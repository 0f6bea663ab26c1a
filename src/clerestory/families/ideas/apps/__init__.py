"""Applications that may ask for tokens: registered by administrators, each with the log of its requests."""
