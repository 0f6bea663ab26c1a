"""Reading a JSON body by declared fields, with a fault for every field and not for the first alone."""

from collections.abc import Mapping, Sequence

from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.kernel.values import read
from clerestory.platform.resources.declare import Field


def read_body(fields: Sequence[Field], body: Mapping[str, object], *, whole: bool = True) -> dict[str, object]:
    """What the body sets, by field name; with `whole`, required fields must be there. Raises Invalid.

    What nobody may write, and what is unknown, is passed over: clients send back whole records as they got them.
    """
    values: dict[str, object] = {}
    faults: list[Fault] = []
    for field in fields:
        if field.name not in body:
            if whole and field.required:
                faults.append(Fault(field.name, Kind.MISSING, "This field is required."))
            continue
        try:
            values[field.name] = read(field, body[field.name])
        except Invalid as invalid:
            faults += invalid.faults
    if faults:
        raise Invalid(*faults)
    return values
