"""From where a change counts: as the sensitivity says, or as was chosen for a single test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.catalog.drift_tests import DELTAS, DRIFT_TESTS, at_delta
from core.recipe.usage import Drift
from core.spec import DriftTest, Value

HALF = 0.5


@dataclass(frozen=True)
class Limits:
    """From where a change counts.

    Attributes:
        delta: how large a change must be, for the tests that nothing was chosen for.
        tests: id of a test -> the settings that were chosen for it.
        part: of what the tests that follow the sensitivity would ask for, what is asked.
    """

    delta: float
    tests: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    part: float = 1.0

    @property
    def material(self) -> float:
        """The change that just counts, on the scale that all tests share."""
        return self.delta * self.part

    def of(self, test: DriftTest) -> dict[str, Value]:
        """The settings that a test is run with."""
        values = {**at_delta(test, self.delta), **self.tests.get(test.id, {})}
        if test.of_delta:
            values["delta"] = float(values["delta"] or 0.0) * self.part
        return values

    def half(self) -> Limits:
        """The limits for what a model says, which depends on all columns at once."""
        return replace(self, part=self.part * HALF)


def limits_of(drift: Drift) -> Limits:
    """The limits that a recipe sets.

    Raises:
        FoldlineError: ``CATALOG`` or ``PARAM`` for a test, or a setting of one, that there is not.
    """
    for test, settings in drift.tests.items():
        DRIFT_TESTS[test].values(settings)
    return Limits(DELTAS[drift.sensitivity], drift.tests)
