"""Values as they come from outside: read, or refused with the field's name."""

from contextlib import suppress
from datetime import UTC, date, datetime
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import given

from clerestory.kernel.errors import Invalid
from clerestory.kernel.values import MOST, Type, Value, read, read_text

GOOD = [
    (Value("v"), " a ", " a "),
    (Value("v", choices=("A", "B")), "B", "B"),
    (Value("v", nullable=True), None, None),
    (Value("v", Type.PHONE, nullable=True), "", None),
    (Value("v", Type.PHONE), "+44 (0)7772 572105", "+447772572105"),
    (Value("v", Type.EMAIL), "Ann@X.ORG", "Ann@x.org"),
    (Value("v", Type.WHOLE), -MOST - 1, -MOST - 1),
    (Value("v", Type.NUMBER), 3, 3.0),
    (Value("v", Type.TRUTH), False, False),
    (Value("v", Type.MOMENT), "2024-05-31T09:30:00+02:00", datetime(2024, 5, 31, 7, 30, tzinfo=UTC)),
    (Value("v", Type.MOMENT), "2024-05-31T09:30:00", datetime(2024, 5, 31, 9, 30, tzinfo=UTC)),
    (Value("v", Type.DAY), "2024-05-31", date(2024, 5, 31)),
    (Value("v", Type.UUID), "0B0C8AD1-4B49-4A0C-9E0F-9C2F2F1F4F3E", UUID("0b0c8ad1-4b49-4a0c-9e0f-9c2f2f1f4f3e")),
    (Value("v", Type.TEXTS, choices=("A", "B")), ["B", "A", "B"], ["B", "A"]),
    (Value("v", Type.WHOLES, least=1), [3, 1, 3], [1, 3]),
    (Value("v", Type.OBJECT), {"a": [{"b": None}]}, {"a": [{"b": None}]}),
    (Value("v", Type.OBJECT, parts=(Value("SMS", Type.TRUTH),)), {"SMS": True, "FAX": 1}, {"SMS": True}),
]
BAD: list[tuple[Value, object, str]] = [
    (Value("v"), None, "This field may not be null."),
    (Value("v"), 5, "A text is needed."),
    (Value("v", longest=3), "four", "At most 3 characters are allowed."),
    (Value("v", blank=False), " \n", "This field may not be blank."),
    (Value("v", choices=("A", "B")), "C", "One of these is needed: A, B."),
    (Value("v"), "a\0", "This text has characters that cannot be stored."),
    (Value("v"), "\udfff", "This text has characters that cannot be stored."),
    (Value("v", Type.EMAIL), "ann", "Enter a valid e-mail address."),
    (Value("v", Type.WHOLE), True, "A whole number is needed."),
    (Value("v", Type.WHOLE), 5.0, "A whole number is needed."),
    (Value("v", Type.WHOLE, least=1, most=9), 10, "A whole number from 1 to 9 is needed."),
    (Value("v", Type.NUMBER), "5", "A number is needed."),
    (Value("v", Type.NUMBER), 10**400, "This number is too large."),
    (Value("v", Type.TRUTH), 1, "true or false is needed."),
    (Value("v", Type.MOMENT), "9999-12-31T23:59:59-23:00", "A moment such as 2024-05-31T09:30:00Z is needed."),
    (Value("v", Type.DAY), "31.5.2024", "A day such as 2024-05-31 is needed."),
    (Value("v", Type.TEXTS), "A", "A list is needed."),
    (Value("v", Type.TEXTS), ["A"] * 1001, "At most 1000 items are allowed."),
    (Value("v", Type.WHOLES), [2**63], f"A whole number from {-MOST - 1} to {MOST} is needed."),
    (Value("v", Type.OBJECT), [], "An object is needed."),
    (Value("v", Type.OBJECT), {"a": [{"\0": 1}]}, "This object has characters that cannot be stored."),
]


@pytest.mark.parametrize(("value", "raw", "expected"), GOOD)
def test_a_good_value_is_read(value: Value, raw: object, expected: object) -> None:
    assert read(value, raw) == expected


@pytest.mark.parametrize(("value", "raw", "text"), BAD)
def test_a_bad_value_is_refused_by_name(value: Value, raw: object, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(value, raw)
    assert [(fault.field, fault.text) for fault in refused.value.faults] == [("v", text)]


def test_the_parts_of_an_object_are_refused_each() -> None:
    consents = Value("consents", Type.OBJECT, parts=(Value("SMS", Type.TRUTH), Value("EMAIL", Type.TRUTH)))
    with pytest.raises(Invalid) as refused:
        read(consents, {"EMAIL": "yes"})
    assert [(fault.field, fault.text) for fault in refused.value.faults] == [
        ("consents.SMS", "This field is required."),
        ("consents.EMAIL", "true or false is needed."),
    ]


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        (Value("v", Type.WHOLE), "-12", -12),
        (Value("v", Type.TRUTH), "TRUE", True),
        (Value("v", Type.TRUTH), "0", False),
        (Value("v", Type.NUMBER), "1.5", 1.5),
        (Value("v"), "", ""),
    ],
)
def test_a_written_value_is_read(value: Value, text: str, expected: object) -> None:
    assert read_text(value, text) == expected


@pytest.mark.parametrize("kind", list(Type))
@given(raw=st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()))
def test_nothing_but_a_refusal_comes_of_what_is_odd(kind: Type, raw: object) -> None:
    value = Value("v", kind)
    with suppress(Invalid):
        read(value, raw)
    with suppress(Invalid):
        read_text(value, str(raw))
