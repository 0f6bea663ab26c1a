"""Lines of a table written as CSV. A text is no formula, whatever it begins with."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from clerestory.families.ideas.conventions.spelling import guid, moment
from clerestory.families.ideas.reports.model import Cell

# What a table program takes for a formula when a cell begins with it, full-width forms among them.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def written(lines: Iterable[Sequence[Cell]]) -> bytes:
    """Lines of CSV, in UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[_text(cell) for cell in line] for line in lines])
    return out.getvalue().encode()


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a table program would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return moment(cell)
        case UUID():
            return guid(cell)
        case int():
            return str(cell)
    return harmless(cell)
