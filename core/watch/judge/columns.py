"""The verdict on each column: is the change statistically real, and is it large enough to matter?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from scipy import stats

from core.catalog.drift_tests import DRIFT_TESTS
from core.drift.profile.document import ColumnProfile
from core.drift.profile.new_by_nature import ADVICE, is_new_by_nature
from core.drift.profile.summary import FEW_VALUES
from core.drift.tests.aspects import Aspect, AspectName, Side
from core.spec import DriftTest
from core.watch.judge.column_facts import NOTHING, ColumnFacts
from core.watch.judge.limits import Limits
from core.watch.words.pictures import details
from core.watch.words.wording import sentence

State = Literal["drift", "minor", "stable", "too_few_rows", "not_computed"]
COLUMN_ALARMS, OUTPUT_ALARMS = 0.03, 0.01
"""False alarms of all columns, of all outputs; 0.01 more belong to the rows as wholes."""
SHAPES: tuple[AspectName, ...] = ("spread", "tails", "rare")
FEWEST_ROWS = 10
MANY_LEVELS = 1000
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


@dataclass(frozen=True)
class Tested:
    """A column with both sides and the tests that were run on it, before their p-values are adjusted."""

    reference: Side
    current: Side
    aspects: Mapping[str, Aspect]
    why_not: str = ""

    @property
    def profiles(self) -> tuple[ColumnProfile, ColumnProfile]:
        """Of the old and of the new rows."""
        return self.reference.profile, self.current.profile

    @property
    def is_new_by_nature(self) -> bool:
        """Whether its values cannot be compared because they never come back, such as lots."""
        return is_new_by_nature(*self.profiles)


def value_test(reference: Side) -> DriftTest | str:
    """The test of the values of a column, or the sentence why there is none."""
    profile = reference.profile
    if profile.kind == "id":
        return "It is an identifier: new values are expected, so its values are not compared."
    if profile.kind not in ("numeric", "datetime", "text") and (
        profile.distinct > MANY_LEVELS
        or (profile.distinct > FEW_VALUES and profile.distinct > profile.present / 2)
    ):
        return (
            f"It has {profile.distinct:,} levels in {profile.present:,} rows: too many to compare one by one."
        )
    if profile.rest and not profile.levels:
        return "The reference does not tell its values, which are too rare or name somebody."
    return test_of("value", reference) or "No test compares values of its kind."


def test_of(aspect: AspectName, reference: Side) -> DriftTest | None:
    """The test of an aspect that a column calls for; None where the question makes no sense."""
    kind = reference.profile.kind
    able = (test for test in DRIFT_TESTS if test.aspect == aspect and kind in test.kinds)
    return next((test for test in able if test.suits(reference)), None)


def examine(reference: Side, current: Side, limits: Limits, seed: int = 0) -> Tested:
    """Run the tests that this column calls for."""
    old, new = reference.profile, current.profile
    if min(old.n, new.n) < FEWEST_ROWS:
        return Tested(reference, current, {})
    missing = test_of("missing", reference)
    chosen = [missing] if missing is not None else []
    if is_new_by_nature(old, new):
        return _ran(reference, current, chosen, limits, seed, _never_back(old))
    values = value_test(reference)
    if min(old.present, new.present) >= FEWEST_ROWS:
        if isinstance(values, DriftTest):
            chosen += [values, *(test for aspect in SHAPES if (test := test_of(aspect, reference)))]
        chosen += [test for test in [test_of("unseen", reference)] if test]
    return _ran(reference, current, chosen, limits, seed, _why_not(values, old.present, new.present))


def _ran(
    reference: Side, current: Side, chosen: Sequence[DriftTest], limits: Limits, seed: int, why_not: str
) -> Tested:
    sides: dict[str, Any] = {"reference": reference, "current": current, "seed": seed}
    ran = {t.id: t.make(**t.fixed, **limits.of(t), **sides) for t in chosen}
    return Tested(reference, current, ran, why_not)


def _never_back(old: ColumnProfile) -> str:
    return (
        f"Nearly every value is new, as it was within the reference ({old.renewed:.0%} of its later rows): "
        f"it may be an identifier, so its values are not compared; {ADVICE}."
    )


def _why_not(values: DriftTest | str, old: int, new: int) -> str:
    if not old:
        return "The reference holds no value of it."
    if not new:
        return "Every value is missing in the new data."
    return values if isinstance(values, str) else ""


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
        reason = f"Only {min(old.n, new.n):,} rows on one side; at least {FEWEST_ROWS} are needed to compare."
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
