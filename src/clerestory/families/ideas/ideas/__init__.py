"""Ideas: read whole with all that belongs to them, posted and changed; inside other objects, in outline."""
