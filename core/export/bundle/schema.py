"""What the columns of the training table looked like, as data that travels with a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Literal

import pandas as pd

from core.data.table import Column, Frozen, Physical
from core.recipe.columns import columns_used
from core.recipe.document import Recipe
from core.recipe.usage import later
from core.spec import Kind, Role
from core.standalone.rows.learned import learned
from core.standalone.rows.trained_column import TrainedColumn


class SchemaColumn(Frozen):
    """One column that the model reads, or its target.

    Attributes:
        name, kind, physical: as in the table.
        role: ``feature`` for what the model needs, else what it was used for.
        format: strptime format of a datetime that was read from text, or empty.
        missing: further words of this column that mean "no value".
        low, high: smallest and largest training value of a number, and ISO times of a datetime; None when
            there was none.
        levels: distinct training texts of a categorical or boolean column, most frequent first.
        complete: whether ``levels`` holds all of them.
        rare: share of the rows with a value that ``levels`` leaves out, because few rows share it or it may
            name somebody; None where nothing is left out for that.
        zoned: whether its times carried a zone; None where that is not known.
        joined: level -> the level that it is another spelling of.
        midnight: share of its times at midnight, to two digits; None where that is not known.
        marks: of an input that is written with marks: those of thousands and decimals.
        fine: share of its numbers with more than two decimals, to two digits; None where that is not known.
    """

    name: str
    kind: Kind
    physical: Physical
    role: Role = "feature"
    format: str = ""
    missing: tuple[str, ...] = ()
    low: float | str | None = None
    high: float | str | None = None
    levels: tuple[str, ...] = ()
    complete: bool = False
    rare: float | None = None
    zoned: bool | None = None
    joined: dict[str, str] = later({})
    midnight: float | None = later(None)
    marks: str = later("")
    fine: float | None = later(None)

    @property
    def trained(self) -> TrainedColumn:
        """The column as what travels with a model knows it."""
        return TrainedColumn(**{field.name: getattr(self, field.name) for field in fields(TrainedColumn)})


class Schema(Frozen):
    """The columns of a model, and how missing values and decimals are written in its files."""

    format: Literal[1] = 1
    target: str
    columns: tuple[SchemaColumn, ...]
    missing: tuple[str, ...] = ()
    decimal: str = "."

    @property
    def inputs(self) -> tuple[SchemaColumn, ...]:
        """The columns that the model must be given."""
        return tuple(column for column in self.columns if column.role == "feature")

    @property
    def target_type(self) -> Physical:
        """How the target was stored in training."""
        return next((column.physical for column in self.columns if column.role == "target"), "text")

    @property
    def target_format(self) -> str:
        """The strptime format of a target of times that was read from text, or empty."""
        return next((column.format for column in self.columns if column.role == "target"), "")


def describe(recipe: Recipe, columns: Iterable[Column], frame: pd.DataFrame) -> Schema:
    """The schema of the columns that a recipe uses.

    Args:
        columns: of the stored table.
        frame: the typed training rows with at least the columns that the recipe uses.
    """
    used = set(columns_used(recipe))
    by_name = {column.name: column for column in columns if column.name in used}
    fed = {name for step in recipe.features for name in step.columns}
    inputs = {column.name for column in recipe.inputs} | (fed - {recipe.target})
    described, read = [], recipe.source.read
    for choice in recipe.columns:
        if choice.name in by_name:
            role: Role = "feature" if choice.name in inputs else choice.role
            is_target = choice.name == recipe.target
            plain = SchemaColumn(
                name=choice.name,
                kind=choice.kind,
                physical=by_name[choice.name].physical,
                role="target" if is_target else role,
                format=choice.format or by_name[choice.name].format,
                missing=choice.missing,
                zoned=by_name[choice.name].zoned,
                joined=choice.joined,
                marks="" if is_target else choice.marks,
            )
            seen = learned(plain.trained, frame[choice.name], read.missing, read.decimal)
            described.append(plain if is_target and choice.marks else plain.model_copy(update=asdict(seen)))
    return Schema(target=recipe.target, columns=tuple(described), missing=read.missing, decimal=read.decimal)
