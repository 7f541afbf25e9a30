"""What a deployed check must remember of the data that a model was trained on: JSON, no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.drift.profile.conversion import ColumnLike, physical_of, typed
from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.new_by_nature import Halves, halves, renewed
from core.drift.profile.row_digest import Keys, column_keys, digest, mixed
from core.drift.profile.summary import compact, prediction_profiles, summarise
from core.errors import FoldlineError
from core.spec import Kind

SAMPLE_ROWS = 20_000


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

    Raises:
        FoldlineError: ``COLUMN`` when the frame lacks one of the columns.
    """
    wanted = {column.name: column for column in columns}
    beside = [column for column in aside if column.name not in {*wanted, target}]
    watched = [column for name, column in wanted.items() if name != target]
    parts = halves(frame, watched, time, decimal)
    profiles, keys = _watched(frame, watched, decimal, parts)
    outcome, labelled = None, ""
    if target is not None:
        kind = wanted[target].kind if target in wanted else _target_kind(frame, target)
        outcome, own = _profiled(frame, target, kind, "", decimal, parts)
        labelled = digest(mixed(keys, own))
    named = {*wanted, target, *(column.name for column in beside)}
    return ReferenceProfile(
        columns=(*profiles, *_watched(frame, beside, decimal, parts)[0]),
        n=len(frame),
        predictions=prediction_profiles(predictions or {}),
        target=outcome,
        task=str((predictions or {}).get("task", "")),
        importance=None if importance is None else {k: float(v) for k, v in importance.items()},
        metric=metric,
        seed=seed,
        decimal=decimal,
        others=tuple(n for n in dict.fromkeys([*map(str, frame.columns), *others]) if n not in named),
        rows=digest(keys),
        labelled=labelled,
        aside=tuple(column.name for column in beside),
    )


def _watched(
    frame: pd.DataFrame, columns: Sequence[ColumnLike], decimal: str, parts: Halves | None
) -> tuple[list[ColumnProfile], Keys]:
    """The compact profiles of the columns, and (n,) keys of the rows."""
    profiles, keys = [], np.zeros(len(frame), dtype=np.uint64)
    for column in columns:
        format = getattr(column, "format", "")
        profile, own = _profiled(frame, column.name, column.kind, format, decimal, parts)
        profiles.append(profile)
        keys = mixed(keys, own)
    return profiles, keys


def _profiled(
    frame: pd.DataFrame, name: str, kind: Kind, format: str, decimal: str, parts: Halves | None
) -> tuple[ColumnProfile, Keys]:
    """The compact profile of a column, and a key of each of its cells."""
    series = _column(frame, name)
    physical = physical_of(kind, series)
    values = typed(series, physical, format, decimal).values
    profile = compact(summarise(name, kind, physical, values, format))
    return replace(profile, renewed=renewed(profile, values, parts)), column_keys(values)


def _target_kind(frame: pd.DataFrame, target: str | None) -> Kind:
    if target is None or target not in frame.columns:
        return "categorical"
    return "numeric" if pd.api.types.is_float_dtype(_column(frame, target).dtype) else "categorical"


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

    Raises:
        FoldlineError: ``COLUMN`` when the frame lacks one of the columns.
    """
    data = pd.DataFrame({c.name: _column(frame, c.name).reset_index(drop=True) for c in columns})
    if len(data) <= rows:
        return data
    picked = np.sort(np.random.default_rng(seed).choice(len(data), rows, replace=False))
    return data.iloc[picked].reset_index(drop=True)
