"""The verdict on each column: is the change statistically real, and is it large enough to matter?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import stats

from core.drift.tests.aspects import Aspect
from core.standalone.counts import counted
from core.watch.judge.column_facts import NOTHING, ColumnFacts
from core.watch.judge.examine import FEWEST_ROWS, SHAPES, Tested
from core.watch.words.pictures import details
from core.watch.words.wording import sentence

State = Literal["drift", "minor", "stable", "too_few_rows", "not_computed"]
COLUMN_ALARMS, OUTPUT_ALARMS = 0.03, 0.01
"""False alarms of all columns, of all outputs; 0.01 more belong to the rows as wholes."""
RANK: dict[State, int] = {"drift": 0, "minor": 1, "too_few_rows": 2, "stable": 3, "not_computed": 4}


@dataclass(frozen=True)
class ColumnDrift:
    """What became of one column.

    Attributes:
        state: ``drift`` real and material, ``minor`` real but small, ``stable``, ``too_few_rows`` to tell,
            ``not_computed`` with the reason.
        test: id in core.catalog.drift_tests of the test that decided, or empty.
        p, q: its p-value and the p-value adjusted for the number of tests (Benjamini-Hochberg).
        effect, threshold: size of the change and from where it counts.
        mde: the least effect that this many rows can show.
        strength: the effect on one scale for all tests: 0 nothing, the sensitivity's delta just material.
        importance: of the column for the model as a share of all, or None when unknown.
        impact: strength times importance, or strength when that is unknown.
        reason: one plain sentence.
        details: the numbers behind it.
    """

    name: str
    kind: str
    state: State
    test: str = ""
    statistic: float | None = None
    p: float | None = None
    q: float | None = None
    effect: float | None = None
    threshold: float | None = None
    mde: float | None = None
    strength: float = 0.0
    importance: float | None = None
    impact: float = 0.0
    reason: str = ""
    n_reference: int = 0
    n_current: int = 0
    details: ColumnFacts = NOTHING


def judge(
    tested: Sequence[Tested],
    delta: float,
    importance: Mapping[str, float] | None,
    alarms: float = COLUMN_ALARMS,
) -> list[ColumnDrift]:
    """The verdicts, in the order given; the p-values of all columns and aspects are adjusted together.

    Args:
        delta: the change that just counts, on the scale of ``strength``.
        alarms: how often chance alone may change any of these columns.
    """
    ps = [a.p for column in tested for a in column.aspects.values()]
    qs = iter(stats.false_discovery_control(ps) if ps else [])
    adjusted = [{test: float(next(qs)) for test in column.aspects} for column in tested]
    weights = shares(importance)
    rows = zip(tested, adjusted, strict=True)
    return [_verdict(column, q, _states(column, q, alarms), delta, weights) for column, q in rows]


def shares(importance: Mapping[str, float] | None) -> Mapping[str, float] | None:
    """Importances as shares of their sum; what is negative or not a number counts as 0."""
    if importance is None:
        return None
    kept = {name: max(0.0, float(np.nan_to_num(value, posinf=0.0))) for name, value in importance.items()}
    total = sum(kept.values())
    return {name: value / total for name, value in kept.items()} if total else None


def aspect_state(aspect: Aspect, q: float, alarms: float) -> State:
    """Real and material, real but small, not real, or too few rows to have seen it."""
    if q <= alarms:
        return "drift" if aspect.effect >= aspect.threshold else "minor"
    return "stable" if aspect.mde <= aspect.threshold else "too_few_rows"


def _states(tested: Tested, q: Mapping[str, float], alarms: float) -> dict[str, State]:
    return {test: aspect_state(aspect, q[test], alarms) for test, aspect in tested.aspects.items()}


def _leading(tested: Tested, states: Mapping[str, State]) -> str:
    """The test that decides: the worst state, then the largest change if real, else the values first.

    Spread, tails and rare levels decide where the values as a whole do not.
    """
    valued = {states[test] for test, aspect in tested.aspects.items() if aspect.aspect == "value"}

    def order(test: str) -> tuple[int, bool, float, bool]:
        aspect = tested.aspects[test]
        real = states[test] in ("drift", "minor")
        return (
            RANK[states[test]],
            aspect.aspect in SHAPES and states[test] in valued,
            -aspect.effect / aspect.threshold if real else 0.0,
            aspect.aspect != "value",
        )

    return min(states, key=order)


def _overall(tested: Tested, leading: State) -> State:
    valued = "value" in {aspect.aspect for aspect in tested.aspects.values()}
    if leading != "stable" or valued:
        return leading
    return "not_computed" if tested.why_not else "too_few_rows"


def _verdict(
    tested: Tested,
    q: Mapping[str, float],
    states: Mapping[str, State],
    delta: float,
    weights: Mapping[str, float] | None,
) -> ColumnDrift:
    old, new = tested.reference.profile, tested.current.profile
    importance = None if weights is None else weights.get(old.name, 0.0)
    base = ColumnDrift(
        old.name, old.kind, "too_few_rows", importance=importance, n_reference=old.n, n_current=new.n
    )
    if not tested.aspects:
        reason = (
            f"Only {counted(min(old.n, new.n), 'row')} on one side; at least {FEWEST_ROWS} are needed to "
            "compare."
        )
        return replace(base, reason=reason)
    test = _leading(tested, states)
    outcome, state = tested.aspects[test], _overall(tested, states[test])
    real = [
        a.effect / a.threshold * delta for t, a in tested.aspects.items() if states[t] in ("drift", "minor")
    ]
    strength = min(1.0, max(real, default=0.0))
    return replace(
        base,
        state=state,
        test=test,
        statistic=float(outcome.statistic),
        p=float(outcome.p),
        q=q[test],
        effect=float(outcome.effect),
        threshold=float(outcome.threshold),
        mde=float(outcome.mde),
        strength=float(strength),
        impact=float(strength * (1.0 if importance is None else importance)),
        reason=sentence(outcome, state, old, new, tested.why_not),
        details=details(old, new, tested.aspects, q, states),
    )
