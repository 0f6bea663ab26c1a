"""Replies: what a bot says to what is said to it. Values and rules alone."""
