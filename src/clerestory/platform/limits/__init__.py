"""How often something may be done, counted for all processes together. It knows subjects, and not what they are."""

from clerestory.platform.limits.count import Bound, Limits

__all__ = ["Bound", "Limits"]
