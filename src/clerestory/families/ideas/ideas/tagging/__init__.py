"""The tags of an idea, with each tag's count of ideas."""
