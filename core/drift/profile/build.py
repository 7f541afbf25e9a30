"""What a deployed check must remember of the data that a model was trained on: JSON, no rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.drift.profile.conversion import ColumnLike, physical_of, typed
from core.drift.profile.design import Lots, alike_as, lots_of, with_designs
from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.new_by_nature import Halves, halves, renewed
from core.drift.profile.order import sorted_by
from core.drift.profile.repeats import repeats_of
from core.drift.profile.row_digest import Keys, column_keys, digest, mixed, row_keys
from core.drift.profile.summary import compact, prediction_profiles, summarise
from core.drift.tests.lots import Codes
from core.errors import FoldlineError
from core.spec import Kind

SAMPLE_ROWS = 20_000
Read = tuple[ColumnProfile, pd.Series]
"""A column: its profile and its typed values."""


@dataclass(frozen=True)
class Watched:
    """A column that no recipe describes."""

    name: str
    kind: Kind


def reference_profile(
    frame: pd.DataFrame,
    columns: Sequence[ColumnLike],
    *,
    predictions: Mapping[str, Any] | None = None,
    target: str | None = None,
    importance: Mapping[str, float] | None = None,
    metric: Mapping[str, Any] | None = None,
    seed: int = 0,
    decimal: str = ".",
    others: Sequence[str] = (),
    time: ColumnLike | None = None,
    aside: Sequence[ColumnLike] = (),
    groups: Codes | None = None,
) -> ReferenceProfile:
    """The profile of a training table.

    Args:
        frame: the rows the model was trained on, typed or raw.
        columns: the columns to watch: the inputs of the model.
        predictions: of the hold-out: ``task``, ``scores`` (probability of the positive class, or the
            predicted number) and ``labels`` (predicted classes); either may be absent.
        target: name of the target column; it is watched on its own.
        importance: column to importance for the model.
        metric: the hold-out score: name, value, low, high.
        decimal: the decimal mark of numbers that are written as text.
        others: further columns of the table that the frame does not hold.
        time: the column of the frame that its rows are ordered by, watched or not; by default the only
            column of times if the rows come in its order.
        aside: columns of the frame that the model does not read and that are watched as well, such as units.
        groups: (n,) what the rows belong to, where that is known; else blocks of the file are looked for.

    Raises:
        FoldlineError: ``COLUMN`` when the frame lacks one of the columns.
    """
    wanted = {column.name: column for column in columns}
    beside = [column for column in aside if column.name not in {*wanted, target}]
    watched = [column for name, column in wanted.items() if name != target]
    parts = halves(frame, watched, time, decimal)
    read = [_read(frame, column, decimal, parts) for column in watched]
    lots = lots_of({one.name: values for one, values in read}, [one for one, _ in read], groups)
    profiles, keys = _in_lots(read, lots), row_keys((values for _, values in read), len(frame))
    own = [] if target is None else [_read(frame, _outcome(frame, target, wanted), decimal, parts)]
    also = _in_lots([_read(frame, column, decimal, parts) for column in beside], lots)
    return ReferenceProfile(
        columns=(*profiles, *also),
        n=len(frame),
        predictions=tuple(alike_as(one, profiles) for one in prediction_profiles(predictions or {})),
        target=next(iter(_in_lots(own, lots)), None),
        task=str((predictions or {}).get("task", "")),
        importance=None if importance is None else {k: float(v) for k, v in importance.items()},
        metric=metric,
        seed=seed,
        decimal=decimal,
        others=_others([*map(str, frame.columns), *others], {*wanted, target, *(c.name for c in beside)}),
        aside=tuple(column.name for column in beside),
        sorted_by=() if groups is not None else sorted_by([*read, *own]),
        **_of_rows(keys, own[0][1] if own else None),
    )


def _of_rows(keys: Keys, labels: pd.Series | None) -> dict[str, Any]:
    """The digests and the repeats of the rows, without and with the target."""
    facts: dict[str, Any] = {"rows": digest(keys), "repeated": repeats_of(keys)}
    if labels is not None:
        labelled = mixed(keys, column_keys(labels))
        facts |= {"labelled": digest(labelled), "repeated_labelled": repeats_of(labelled)}
    return facts


def _read(frame: pd.DataFrame, column: ColumnLike, decimal: str, parts: Halves | None) -> Read:
    """The compact profile of a column and its typed values."""
    series, format = _column(frame, column.name), getattr(column, "format", "")
    physical = physical_of(column.kind, series)
    converted = typed(series, physical, format, decimal)
    values = converted.values
    profile = compact(summarise(column.name, column.kind, physical, values, format))
    return replace(profile, unread=converted.unread, renewed=renewed(profile, values, parts)), values


def _in_lots(read: Sequence[Read], lots: Lots | None) -> list[ColumnProfile]:
    """The profiles with their design effects."""
    return [with_designs(profile, values, lots) for profile, values in read]


def _others(names: Sequence[str], watched: Collection[str | None]) -> tuple[str, ...]:
    """The names that are not watched, each once."""
    return tuple(name for name in dict.fromkeys(names) if name not in watched)


def _outcome(frame: pd.DataFrame, target: str, wanted: Mapping[str, ColumnLike]) -> ColumnLike:
    """The target as a column to watch."""
    if target in wanted:
        return Watched(target, wanted[target].kind)
    is_text = target not in frame.columns or not pd.api.types.is_float_dtype(_column(frame, target).dtype)
    return Watched(target, "categorical" if is_text else "numeric")


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    """The first column of that name.

    Raises:
        FoldlineError: ``COLUMN`` when there is none.
    """
    positions = np.flatnonzero([str(c) == name for c in frame.columns])
    if not len(positions):
        raise FoldlineError(
            "COLUMN", f"The reference data has no column {name!r}.", "Correct the list.", name
        )
    return frame.iloc[:, positions[0]]


def reference_sample(
    frame: pd.DataFrame, columns: Sequence[ColumnLike], rows: int = SAMPLE_ROWS, seed: int = 0
) -> pd.DataFrame:
    """At most ``rows`` rows of the watched columns, drawn without replacement, for the joint test.

    Its index is the place of each row in the frame.

    Raises:
        FoldlineError: ``COLUMN`` when the frame lacks one of the columns.
    """
    data = pd.DataFrame({c.name: _column(frame, c.name).reset_index(drop=True) for c in columns})
    if len(data) <= rows:
        return data
    picked = np.sort(np.random.default_rng(seed).choice(len(data), rows, replace=False))
    return data.iloc[picked]
