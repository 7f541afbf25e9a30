"""The tests that a column calls for, run on both of its sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.catalog.drift_tests import DRIFT_TESTS
from core.drift.profile.document import ColumnProfile
from core.drift.profile.new_by_nature import ADVICE, is_new_by_nature
from core.drift.profile.summary import FEW_VALUES
from core.drift.tests.aspects import Aspect, AspectName, Side
from core.spec import DriftTest
from core.standalone.counts import counted
from core.watch.judge.limits import Limits

SHAPES: tuple[AspectName, ...] = ("spread", "tails", "rare")
FEWEST_ROWS = 10
MANY_LEVELS = 1000


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


UNTOLD = "The reference does not tell its values, which are too rare or name somebody."


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
            f"It has {counted(profile.distinct, 'level')} in {counted(profile.present, 'row')}: too many to "
            "compare one by one."
        )
    if profile.rest and not profile.levels:
        return UNTOLD
    return test_of("value", reference) or "No test compares values of its kind."


def test_of(aspect: AspectName, reference: Side) -> DriftTest | None:
    """The test of an aspect that a column calls for; None where the question makes no sense."""
    kind = reference.profile.kind
    able = (test for test in DRIFT_TESTS if test.aspect == aspect and kind in test.kinds)
    return next((test for test in able if test.suits(reference)), None)


def examine(
    reference: Side, current: Side, limits: Limits, seed: int = 0, known_roughly: bool = False
) -> Tested:
    """Run the tests that this column calls for.

    Args:
        known_roughly: the numbers of the reference stand for others, whose tails are not known.
    """
    old, new = reference.profile, current.profile
    if min(old.n, new.n) < FEWEST_ROWS:
        return Tested(reference, current, {})
    missing = test_of("missing", reference)
    chosen = [missing] if missing is not None else []
    if is_new_by_nature(old, new):
        return _ran(reference, current, chosen, limits, seed, _never_back(old))
    values = value_test(reference)
    if min(old.present, new.present) >= FEWEST_ROWS:
        others: tuple[AspectName, ...] = (
            () if known_roughly and old.kind == "numeric" else (*SHAPES, "unseen")
        )
        if isinstance(values, DriftTest):
            chosen.append(values)
        else:
            others = tuple(aspect for aspect in others if aspect == "unseen")
        chosen += [test for aspect in others if (test := test_of(aspect, reference))]
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
