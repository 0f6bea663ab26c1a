"""What requests about votes have in common: the type that is cast, and the type that is looked for."""

from clerestory.families.ideas.conventions.parameters import Parameters
from clerestory.families.ideas.votes.model import Type
from clerestory.kernel.errors import Fault, Invalid, Kind


def read_type(parameters: Parameters) -> Type:
    """The type that is cast. Raises Invalid where it is missing or none."""
    return _type(parameters.required("type"))


def sought_type(parameters: Parameters) -> str | None:
    """The type that a list is filtered by. Raises Invalid for one that there is not."""
    text = (parameters.text("type") or "").strip()
    return _type(text).value if text else None


def _type(text: str) -> Type:
    try:
        return Type(text.lower())
    except ValueError:
        raise Invalid(Fault("type", Kind.INVALID, "type must be promote or demote")) from None
