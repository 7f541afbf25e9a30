"""What a bundle may tell of training rows: a schema without rare levels and single values, made-up rows."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from core.drift.people.named import names_somebody
from core.drift.profile.document import Numbers
from core.drift.profile.published import common_levels
from core.drift.profile.rounded import rounded_days, rounded_range
from core.drift.profile.sharing import LEAST, Sharing
from core.drift.tests.lots import Codes
from core.export.bundle.schema import Schema, SchemaColumn
from core.spec import WITH_LEVELS
from core.standalone.cells import as_text, with_joined
from core.standalone.rows.booleans import says_yes_or_no
from core.standalone.rows.learned import measured

MADE_UP = "made up"


def published_schema(
    schema: Schema, frame: pd.DataFrame, groups: Codes | None = None, told: Collection[str] = ()
) -> Schema:
    """The schema with ends of ranges rounded outwards, and no level or spelling that too few rows share.

    Spellings of yes and no and classes of the target stay: the model gives them by name.

    Args:
        frame: the typed training rows.
        groups: (n,) or (n, k) what the rows belong to, where that is known; then so many groups must share
            a level.
        told: columns that name nobody, as a person says.
    """
    rows = frame.reset_index(drop=True)
    sharing = Sharing.of(groups)
    columns = tuple(_published(column, rows[column.name], schema, sharing, told) for column in schema.columns)
    return schema.model_copy(update={"columns": columns})


def _published(
    column: SchemaColumn, values: pd.Series, schema: Schema, sharing: Sharing, told: Collection[str]
) -> SchemaColumn:
    if column.role == "group":
        nothing: dict[str, Any] = {"low": None, "high": None, "levels": (), "complete": False, "joined": {}}
        return column.model_copy(update=nothing)
    if column.kind in WITH_LEVELS:
        is_plain = column.kind == "boolean" and column.complete and says_yes_or_no(column.levels)
        if is_plain or column.name == schema.target:
            return column.model_copy(update={"joined": _common_spellings(column, values, sharing)})
        return _common(column, values, sharing, told)
    if isinstance(column.low, str) and column.high is not None:
        seconds = [pd.Timestamp(str(end)).timestamp() for end in (column.low, column.high)]
        days = [pd.Timestamp(end, unit="s").isoformat() for end in rounded_days(*seconds)]
        return column.model_copy(update={"low": days[0], "high": days[1]})
    if isinstance(column.low, float) and isinstance(column.high, float):
        read = measured(column.trained, values, schema.missing, schema.decimal)
        common = sharing.told(read)
        ends = [LEAST if end in common else 0 for end in (column.low, column.high)]
        distinct = read.unique().astype(np.float64)
        low_end, high_end = rounded_range(column.low, column.high, ends[0], ends[1], distinct)
        return column.model_copy(update={"low": low_end, "high": high_end})
    return column


def _common(column: SchemaColumn, values: pd.Series, sharing: Sharing, told: Collection[str]) -> SchemaColumn:
    texts = with_joined(as_text(values.dropna()), column.joined)
    counts = texts.value_counts()
    rows = {str(level): int(size) for level, size in counts.items()}
    common = common_levels(column.name, rows, sharing.common(texts), told)
    levels = tuple(level for level in column.levels if level in common)
    rare = 1 - sum(common.values()) / sum(rows.values()) if rows else 0.0
    is_whole = column.complete and len(common) == len(rows)
    spellings = _common_spellings(column, values, sharing)
    joined = {spelling: level for spelling, level in spellings.items() if level in common}
    update = {"levels": levels, "complete": is_whole, "rare": None if is_whole else rare, "joined": joined}
    return column.model_copy(update=update)


def _common_spellings(column: SchemaColumn, values: pd.Series, sharing: Sharing) -> dict[str, str]:
    """The joined spellings that enough rows, and groups, share as they are written."""
    if not column.joined:
        return {}
    common = sharing.common(as_text(values.dropna()))
    return {spelling: level for spelling, level in column.joined.items() if spelling in common}


def columns_of_names(schema: Schema, frame: pd.DataFrame, told: Collection[str] = ()) -> tuple[str, ...]:
    """The inputs with levels that may name somebody, but those that name nobody as a person says.

    Args:
        frame: the typed training rows.
    """
    texts = [
        c for c in schema.inputs if c.kind in WITH_LEVELS and c.physical == "text" and c.name not in told
    ]
    levels = {c.name: list(map(str, as_text(frame[c.name]).dropna().unique())) for c in texts}
    return tuple(name for name, known in levels.items() if names_somebody(name, known))


def rows_without_names(frame: pd.DataFrame, names: Collection[str]) -> pd.DataFrame:
    """Rows in which the cells of columns that may name somebody say that they are made up."""
    return frame.assign(**{name: frame[name].mask(frame[name].notna(), MADE_UP) for name in names})


def made_up_rows(schema: Schema, rows: int) -> pd.DataFrame:
    """Typed rows with the inputs of a model that are nobody's: out of the schema alone, always the same."""
    rng = np.random.default_rng(0)
    return pd.DataFrame({each.name: _made_up(each, rows, rng, schema.decimal) for each in schema.inputs})


def _made_up(column: SchemaColumn, rows: int, rng: np.random.Generator, decimal: str) -> pd.Series:
    places = rng.permutation(np.linspace(0, 1, rows))
    if column.physical == "text" and isinstance(column.low, float):
        numbers = _made_up(column.model_copy(update={"physical": "number"}), rows, rng, decimal)
        mark = column.marks[1:] or decimal
        return numbers.map(lambda value: f"{value:.15g}".replace(".", mark)).astype("str")
    if column.physical == "text":
        levels = column.levels or (MADE_UP,)
        return pd.Series([levels[int(place * len(levels)) % len(levels)] for place in places], dtype="str")
    if column.levels:  # numbers that are levels
        return pd.Series(
            [float(column.levels[int(p * len(column.levels)) % len(column.levels)]) for p in places]
        )
    if column.low is None or column.high is None:
        empty = {"datetime": "datetime64[us]", "number": "float64"}[column.physical]
        return pd.Series([None] * rows, dtype=empty)
    if column.physical == "datetime":
        low, high = pd.Timestamp(str(column.low)), pd.Timestamp(str(column.high))
        return pd.Series([low + (high - low) * float(p) for p in places]).astype("datetime64[us]")
    low_end, high_end = float(column.low), float(column.high)
    digits = 3 - math.floor(math.log10(high_end - low_end)) if high_end > low_end else 0
    return pd.Series(np.round(low_end + places * (high_end - low_end), max(0, digits)))


def _spread(levels: tuple[str, ...], places: Numbers) -> list[str]:
    """The level at each place, a number from 0 to 1."""
    return [levels[int(place * len(levels)) % len(levels)] for place in places]
