"""Noise control: what is held back of an issue that people know of already, and told later in one digest."""
