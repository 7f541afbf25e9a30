"""What preparing some real rows has found."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AliasChoices, Field

from core.data.table import Frozen
from core.results.base import Columns, Result


class Origin(Frozen):
    """Where a prepared column comes from: its column or feature step in words, and the steps that changed it.

    0.1.0 stored ``source`` as ``from``.
    """

    source: str = Field(validation_alias=AliasChoices("source", "from"))
    steps: tuple[str, ...]


class PreparedColumn(Origin):
    """A prepared column; ``name`` is ``block__column``, as the preparation calls it."""

    name: str


class DroppedColumn(PreparedColumn):
    """A prepared column that the model does not get; ``by`` is the label of the selection that dropped it."""

    by: str


class PreviewResult(Result):
    """Some rows as they are and as a model gets them.

    Attributes:
        raw, features, prepared: column -> values of the shown rows: of the table, of feature steps, as the
            model gets them (a number may be NaN; at most 300 columns).
        made: id of a feature step -> its columns.
        columns: each prepared column that the model gets.
        rows: with a target, among those that were looked at.
        sampled: rows that the preparation learned from.
    """

    KIND: ClassVar[str] = "preview"

    raw: Columns
    features: Columns
    made: dict[str, tuple[str, ...]]
    prepared: Columns
    columns: tuple[PreparedColumn, ...]
    dropped: tuple[DroppedColumn, ...]
    rows: int
    sampled: int
