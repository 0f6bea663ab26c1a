"""The webhook that Messenger tells of what happens: stored before it is answered, handled behind the answer."""

from clerestory.families.bots.webhook.routes import SURFACE

__all__ = ["SURFACE"]
