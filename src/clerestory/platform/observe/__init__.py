"""What the server says of itself: structured logs and metrics. Secrets never pass here."""

from clerestory.platform.observe.metrics import Metrics

__all__ = ["Metrics"]
