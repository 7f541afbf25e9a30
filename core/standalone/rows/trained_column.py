"""What a column was in training, and what is said about the new one in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class TrainedColumn:
    """A column as it was in training.

    Attributes:
        kind, physical: what it means and how it is stored.
        format: strptime format of times that were written as text, or empty.
        missing: further words of this column that mean "no value".
        low, high: smallest and largest number, or ISO time; None where there is none.
        levels: distinct values as texts, the most frequent first; empty where they are not counted.
        complete: whether ``levels`` holds all of them.
        rare: share of the training rows with a value that ``levels`` leaves out on purpose, or None.
        zoned: whether its times carried a zone; None where that is not known.
        joined: level -> the level that it is another spelling of.
        midnight: share of its times at midnight; None where that is not known.
        marks: mark of thousands and decimal mark of numbers that are written with both, or empty.
        fine: share of its numbers with more than two decimals; None where that is not known.
    """

    name: str
    kind: str
    physical: str
    format: str = ""
    missing: tuple[str, ...] = ()
    low: float | str | None = None
    high: float | str | None = None
    levels: tuple[str, ...] = ()
    complete: bool = False
    rare: float | None = None
    zoned: bool | None = None
    joined: Mapping[str, str] = field(default_factory=dict)
    midnight: float | None = None
    marks: str = ""
    fine: float | None = None


def trained_column(facts: Mapping[str, Any]) -> TrainedColumn:
    """The column in an entry of ``schema.json``, which has more facts, or fewer when it is old."""
    names = {one.name for one in fields(TrainedColumn)}
    of_column: dict[str, Any] = {name: fact for name, fact in facts.items() if name in names}
    return TrainedColumn(**of_column | {"missing": tuple(facts["missing"]), "levels": tuple(facts["levels"])})


@dataclass(frozen=True)
class RowNote:
    """What is to be known of new rows: a stable code, one plain sentence, and how much it concerns.

    Attributes:
        column: the column it is about, or empty.
        severity: ``warn`` or ``info``.
        count: of cells, rows or columns.
    """

    code: str
    column: str
    text: str
    severity: str
    count: int
