"""Comparing new data with the reference of a model: schema, columns, joint, predictions, target, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.drift.profile.build import reference_profile, reference_sample
from core.drift.profile.conversion import ColumnLike, TypedColumn, typed
from core.drift.profile.design import Lots as RowLots
from core.drift.profile.design import lots_of, shared_designs, with_designs
from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.side_by_side import side_by_side
from core.drift.profile.summary import FEW_VALUES, in_bins_of, summarise
from core.drift.tests.aspects import Side
from core.recipe.usage import USUAL_DRIFT, Drift
from core.watch.judge.columns import judge
from core.watch.judge.examine import Tested, examine
from core.watch.judge.far_outside import far_issues, time_issues
from core.watch.judge.joint import JointDrift, Lots, joint_drift, not_computed
from core.watch.judge.limits import Limits, limits_of
from core.watch.judge.pairs import pairs_drift
from core.watch.judge.row_lots import lots_issues, sorted_after, sorted_issues, without_lots
from core.watch.judge.schema_gate import DataIssue, column_issues, named, shape_issues
from core.watch.judge.verdict import verdict
from core.watch.outcomes import labels_in, outcomes
from core.watch.ranked import ranked
from core.watch.result import DriftReport

SEVERITIES = ("error", "warn", "info")


def drift(
    reference: ReferenceProfile,
    current: pd.DataFrame,
    *,
    reference_sample: pd.DataFrame | None = None,
    how: Drift = USUAL_DRIFT,
    importance: Mapping[str, float] | None = None,
    predictions: Mapping[str, Any] | None = None,
    seed: int = 0,
    groups: Lots = (None, None),
) -> DriftReport:
    """Compare new data with a reference; bad data becomes issues, it never raises.

    Args:
        current: the new rows, typed or raw text.
        reference_sample: rows of the training data for the joint test and for texts; without it both are
            left out.
        how: how large a change must be to count.
        importance: column to importance for the model; by default what the reference remembers.
        predictions: of the new rows: ``scores`` and ``labels`` as in ``reference_profile``.
        groups: what the rows of the sample, and the new ones, belong to, where that is known.

    Raises:
        FoldlineError: as ``limits_of``.
    """
    limits, (frame, issues) = limits_of(how), named(current)
    importance = reference.importance if importance is None else importance
    needed = _needed(reference, importance)
    new = _typed(frame, reference)
    old = {} if reference_sample is None else _typed(named(reference_sample)[0], reference)
    lots = lots_of({name: one.values for name, one in new.items()}, reference.columns, groups[1])
    by = None if lots is not None else _sorted_by(reference, new, frame)
    reference = reference if by is None else without_lots(reference)
    tested, noticed = _compared(reference, new, old, needed, limits, lots, seed)
    columns = ranked(reference, judge(tested, limits.material, importance), len(frame))
    joint = _joint(reference, old, new, _lasting(reference, tested), limits, seed, groups, by is None)
    outputs, target, about = outcomes(reference, frame, new, predictions or {}, limits, lots, seed)
    issues += [*shape_issues(reference, frame, needed), *noticed, *sorted_issues(by), *about]
    issues.sort(key=lambda issue: SEVERITIES.index(issue.severity))
    return DriftReport(
        n_reference=reference.n,
        n_current=len(current),
        sensitivity=how.sensitivity,
        delta=limits.delta,
        tests=how.tests,
        family=sum(len(t.aspects) for t in tested),
        columns=tuple(columns),
        joint=joint,
        findings=tuple(issues),
        predictions=tuple(outputs),
        target=target,
        verdict=verdict(columns, joint, [*outputs, target] if target else outputs, issues),
        seed=seed,
    )


def drift_frames(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    columns: Sequence[ColumnLike],
    *,
    target: str | None = None,
    how: Drift = USUAL_DRIFT,
    importance: Mapping[str, float] | None = None,
    seed: int = 0,
    time: ColumnLike | None = None,
    groups: Lots = (None, None),
) -> DriftReport:
    """Compare two tables: the profile and the sample are made from the first.

    Args:
        time: the column that the rows of the first are ordered by, as in ``reference_profile``.
        groups: what the rows of each table belong to, where that is known.

    Raises:
        FoldlineError: ``COLUMN`` when the reference lacks one of the columns, and as ``drift``.
    """
    profile = reference_profile(reference, columns, target=target, seed=seed, time=time, groups=groups[0])
    sample = reference_sample(reference, [c for c in columns if c.name != target], seed=seed)
    of_sample = None if groups[0] is None else groups[0][sample.index.to_numpy()]
    return drift(
        profile,
        current,
        reference_sample=sample.reset_index(drop=True),
        how=how,
        importance=importance,
        seed=seed,
        groups=(of_sample, groups[1]),
    )


def _sorted_by(
    reference: ReferenceProfile, new: Mapping[str, TypedColumn], frame: pd.DataFrame
) -> str | None:
    """The column by which the reference was sorted, as the new rows, which show no lots, tell."""
    labels = labels_in(reference, frame) if reference.sorted_by else None
    there = labels.values if labels is not None and labels.given else None
    return sorted_after(reference, {name: one.values for name, one in new.items()}, there)


def _needed(reference: ReferenceProfile, importance: Mapping[str, float] | None) -> frozenset[str]:
    """The columns whose loss makes predictions unsafe: all, or those of some importance."""
    names = [column.name for column in reference.inputs]
    return frozenset(n for n in names if importance is None or importance.get(n, 0.0) > 0)


def _typed(frame: pd.DataFrame, reference: ReferenceProfile) -> dict[str, TypedColumn]:
    """The watched columns that the frame has, in the physical types of the reference."""
    return {
        c.name: typed(frame[c.name], c.physical, c.format, reference.decimal)
        for c in reference.columns
        if c.name in frame
    }


def _lasting(reference: ReferenceProfile, tested: Sequence[Tested]) -> list[ColumnProfile]:
    """The inputs whose values come back and vary: by the others any two months can be told apart."""
    passing = {t.reference.profile.name for t in tested if t.is_new_by_nature}
    return [c for c in reference.inputs if c.name not in passing and c.kind != "constant"]


def _compared(
    reference: ReferenceProfile,
    new: Mapping[str, TypedColumn],
    old: Mapping[str, TypedColumn],
    needed: frozenset[str],
    limits: Limits,
    lots: RowLots | None,
    seed: int,
) -> tuple[list[Tested], list[DataIssue]]:
    """The tests of the columns that both sides have, and what is odd about them."""
    there = [column for column in reference.columns if column.name in new]
    pairs = [_examined(one, new[one.name], old.get(one.name), needed, limits, lots, seed) for one in there]
    tested = [examined for examined, _ in pairs]
    return tested, [
        *(issue for _, row in pairs for issue in row),
        *far_issues([one.profiles for one in tested]),
        *time_issues([one.profiles for one in tested]),
        *lots_issues([one.profiles for one in tested]),
    ]


def _examined(
    old: ColumnProfile,
    new: TypedColumn,
    sample: TypedColumn | None,
    needed: frozenset[str],
    limits: Limits,
    lots: RowLots | None,
    seed: int,
) -> tuple[Tested, list[DataIssue]]:
    few = old.kind == "numeric" and old.distinct <= FEW_VALUES
    profile = summarise(old.name, old.kind, old.physical, new.values, old.format, as_levels=few)
    pair = shared_designs(old, with_designs(in_bins_of(profile, old), new.values, lots), lots)
    pair = side_by_side(pair, None if sample is None else sample.values, new.values, old.kind == "text", lots)
    sides = (Side(pair[0]), Side(pair[1]))
    if old.kind == "text" and sample is not None:
        sides = (Side(pair[0], sample.values), Side(pair[1], new.values))
    return examine(*sides, limits, seed), column_issues(*pair, new, needed)


def _joint(
    reference: ReferenceProfile,
    old: Mapping[str, TypedColumn],
    new: Mapping[str, TypedColumn],
    columns: Sequence[ColumnProfile],
    limits: Limits,
    seed: int,
    groups: Lots,
    in_lots: bool,
) -> JointDrift:
    usable = {name: side.values for name, side in new.items() if side.values.notna().any()}
    if old:
        before = {name: side.values for name, side in old.items()}
        return joint_drift(before, usable, columns, seed, groups=groups, in_lots=in_lots)
    untested = not_computed("No rows of the reference are at hand.")
    if reference.pairs is None:
        return untested
    lasting = {column.name for column in columns}
    numbers = {name: values for name, values in usable.items() if name in lasting}
    relations = pairs_drift(reference.pairs, numbers, limits.delta, groups[1])
    return untested.model_copy(update={"relations": relations})
