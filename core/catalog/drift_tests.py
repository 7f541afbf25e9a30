"""The drift tests: for each, what it is asked of and the function that does it."""

from __future__ import annotations

from collections.abc import Mapping

from core.drift.profile.summary import FEW_VALUES
from core.drift.tests import aspects, shapes
from core.drift.tests.aspects import Side
from core.spec import WITH_LEVELS, Catalog, DriftTest, Kind, Param, Sensitivity, Value

DELTAS: Mapping[Sensitivity, float] = {"low": 0.20, "normal": 0.10, "high": 0.05}
"""Sensitivity -> how large a change must be to count."""
DELTA = Param(
    "delta",
    0.1,
    low=0.01,
    high=0.5,
    step=0.01,
    help="How large a change must be to count. Lower finds smaller changes and needs more rows.",
    tune=False,
    label="A change counts from",
)
MISSING = Param(
    "delta",
    0.05,
    low=0.005,
    high=0.5,
    step=0.005,
    help="How far the share of missing values must move to count.",
    tune=False,
    label="A change of the share counts from",
)
SHARE = Param(
    "share",
    0.01,
    low=0.001,
    high=0.5,
    step=0.001,
    help="The share of rows from which values that were never seen count.",
    tune=False,
    label="Counts from this share of rows",
)
SPREAD = Param(
    "delta",
    0.15,
    low=0.01,
    high=2.0,
    step=0.01,
    help="How much wider or narrower the values must be spread to count: 0.15 is 15%.",
    tune=False,
    label="A change of the spread counts from",
)
TAILS = Param(
    "delta",
    0.02,
    low=0.001,
    high=0.5,
    step=0.001,
    help="How many more rows must lie beyond the outer 1 or 2.5% to count; beyond 5%, 1.75 times as many.",
    tune=False,
    label="More rows far out count from",
)
ODDS = Param(
    "delta",
    0.4,
    low=0.05,
    high=3.0,
    step=0.05,
    help="How far the log odds of a rare level must move to count: 0.4 is about half as much again.",
    tune=False,
    label="A change of the log odds counts from",
)
LEVEL_KINDS: tuple[Kind, ...] = (*WITH_LEVELS, "constant")


def is_spread(reference: Side) -> bool:
    """Whether a column of numbers has more values than could be levels."""
    return reference.profile.distinct > FEW_VALUES


def has_levels(reference: Side) -> bool:
    """Whether the values of a column are levels, few numbers included."""
    return reference.profile.kind != "numeric" or not is_spread(reference)


def is_spread_whole(reference: Side) -> bool:
    """As ``is_spread``, and every value of the reference is remembered."""
    return is_spread(reference) and not reference.profile.rest


def has_levels_told(reference: Side) -> bool:
    """As ``has_levels``, and the reference tells them, the common ones at least."""
    return has_levels(reference) and bool(reference.profile.levels)


def has_texts(reference: Side) -> bool:
    """Whether some of the texts are at hand, not only their lengths."""
    return reference.sample is not None


DRIFT_TESTS: Catalog[DriftTest] = Catalog(
    "drift test",
    [
        DriftTest(
            "ks",
            "Kolmogorov-Smirnov",
            "Compares the whole distribution of a number; sees shifts, spread and shape.",
            aspects.ks,
            (DELTA,),
            kinds=("numeric",),
            suits=is_spread,
            of_delta=1.0,
        ),
        DriftTest(
            "chi2",
            "Chi-squared",
            "Compares the shares of the levels; what many levels show by chance is taken off.",
            aspects.chi2,
            (DELTA,),
            kinds=("numeric", *LEVEL_KINDS),
            suits=has_levels,
            of_delta=1.0,
        ),
        DriftTest(
            "calendar",
            "Weekday and hour",
            "Compares the weekdays and hours of dates; later dates alone are no drift.",
            aspects.calendar,
            (DELTA,),
            kinds=("datetime",),
            of_delta=1.0,
        ),
        DriftTest(
            "text_classifier",
            "Text classifier",
            "Asks whether a small model can tell old texts from new by their words and length.",
            aspects.text_classifier,
            (DELTA,),
            kinds=("text",),
            suits=has_texts,
            of_delta=1.0,
        ),
        DriftTest(
            "text_length",
            "Text length",
            "Compares the lengths of texts; used when no sample of the old texts was kept.",
            aspects.text_length,
            (DELTA,),
            kinds=("text",),
            of_delta=1.0,
        ),
        DriftTest(
            "mood",
            "Spread",
            "Compares how widely the values are spread; usually a change by 15% counts.",
            shapes.spread,
            (SPREAD,),
            kinds=("numeric",),
            aspect="spread",
            suits=is_spread,
            of_delta=1.5,
        ),
        DriftTest(
            "outer_tails",
            "Tails",
            "Counts numbers beyond the outer 1, 2.5 and 5% of an end; usually 2% of the rows more count.",
            shapes.tails,
            (TAILS,),
            kinds=("numeric",),
            aspect="tails",
            suits=is_spread,
            of_delta=0.2,
        ),
        DriftTest(
            "rare_levels",
            "Rare levels",
            "Compares each level of under 10% by itself; usually odds that changed by half count.",
            shapes.rare_levels,
            (ODDS,),
            kinds=("numeric", *WITH_LEVELS),
            aspect="rare",
            suits=has_levels_told,
            of_delta=4.0,
        ),
        DriftTest(
            "missing_rate",
            "Missing rate",
            "Compares the share of rows without a value; usually from half of the change on.",
            aspects.missing_rate,
            (MISSING,),
            kinds=("numeric", *LEVEL_KINDS, "datetime", "text", "id"),
            aspect="missing",
            of_delta=0.5,
        ),
        DriftTest(
            "outside_range",
            "Outside the range",
            "Counts numbers below or above everything seen before; usually 1% of the rows counts.",
            aspects.outside_range,
            (SHARE,),
            kinds=("numeric",),
            aspect="unseen",
            suits=is_spread_whole,
        ),
        DriftTest(
            "unseen_levels",
            "Unseen levels",
            "Counts rows with a level never seen before; usually 1% of the rows counts.",
            aspects.unseen_levels,
            (SHARE,),
            kinds=("numeric", *LEVEL_KINDS),
            aspect="unseen",
            suits=has_levels_told,
        ),
    ],
)


def at_delta(test: DriftTest, delta: float) -> dict[str, Value]:
    """The settings of a test where a change counts from ``delta`` in general."""
    follows = {"delta": delta * test.of_delta} if test.of_delta else {}
    return {**test.values({}), **follows}


def at_sensitivity(test: DriftTest, sensitivity: Sensitivity) -> dict[str, Value]:
    """The settings of a test that were not chosen for it."""
    return at_delta(test, DELTAS[sensitivity])
