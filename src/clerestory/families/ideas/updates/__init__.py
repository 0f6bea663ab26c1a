"""Updates: short messages that members post, and the comments on them."""
