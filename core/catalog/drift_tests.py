"""The drift tests: for each, what it is asked of and the function that does it."""

from __future__ import annotations

from core.drift.profile.summary import FEW_VALUES
from core.drift.tests import aspects
from core.drift.tests.aspects import Side
from core.spec import Catalog, DriftTest, Kind, Param

DELTA = Param(
    "delta",
    0.1,
    low=0.01,
    high=0.5,
    step=0.01,
    help="How large a change must be to count. Lower finds smaller changes and needs more rows.",
    tune=False,
)
LEVEL_KINDS: tuple[Kind, ...] = ("categorical", "boolean", "constant")


def is_spread(reference: Side) -> bool:
    """Whether a column of numbers has more values than could be levels."""
    return reference.profile.distinct > FEW_VALUES


def has_levels(reference: Side) -> bool:
    """Whether the values of a column are levels, few numbers included."""
    return reference.profile.kind != "numeric" or not is_spread(reference)


def is_spread_whole(reference: Side) -> bool:
    """As ``is_spread``, and every value of the reference is remembered."""
    return is_spread(reference) and not reference.profile.rest


def has_levels_whole(reference: Side) -> bool:
    """As ``has_levels``, and every level of the reference is remembered."""
    return has_levels(reference) and not reference.profile.rest


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
        ),
        DriftTest(
            "chi2",
            "Chi-squared",
            "Compares the shares of the levels; what many levels show by chance is taken off.",
            aspects.chi2,
            (DELTA,),
            kinds=("numeric", *LEVEL_KINDS),
            suits=has_levels,
        ),
        DriftTest(
            "calendar",
            "Weekday and hour",
            "Compares the weekdays and hours of dates; later dates alone are no drift.",
            aspects.calendar,
            (DELTA,),
            kinds=("datetime",),
        ),
        DriftTest(
            "text_classifier",
            "Text classifier",
            "Asks whether a small model can tell old texts from new by their words and length.",
            aspects.text_classifier,
            (DELTA,),
            kinds=("text",),
            suits=has_texts,
        ),
        DriftTest(
            "text_length",
            "Text length",
            "Compares the lengths of texts; used when no sample of the old texts was kept.",
            aspects.text_length,
            (DELTA,),
            kinds=("text",),
        ),
        DriftTest(
            "missing_rate",
            "Missing rate",
            "Compares the share of rows without a value; half of the usual change counts.",
            aspects.missing_rate,
            (DELTA,),
            kinds=("numeric", *LEVEL_KINDS, "datetime", "text", "id"),
            aspect="missing",
        ),
        DriftTest(
            "outside_range",
            "Outside the range",
            "Counts numbers below or above everything seen before; 1 % of the rows counts.",
            aspects.outside_range,
            (DELTA,),
            kinds=("numeric",),
            aspect="unseen",
            suits=is_spread_whole,
        ),
        DriftTest(
            "unseen_levels",
            "Unseen levels",
            "Counts rows with a level never seen before; 1 % of the rows counts.",
            aspects.unseen_levels,
            (DELTA,),
            kinds=("numeric", *LEVEL_KINDS),
            aspect="unseen",
            suits=has_levels_whole,
        ),
    ],
)
