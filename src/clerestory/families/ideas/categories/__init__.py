"""Categories: what the ideas of a campaign are sorted into."""
