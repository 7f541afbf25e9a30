"""Feature steps: each adds columns computed from chosen columns."""

from __future__ import annotations

from core.spec import PREPARED, WITH_LEVELS, Catalog, Feature, Param
from core.standalone.transformers import (
    Arithmetic,
    Bins,
    DateFeatures,
    Elapsed,
    Frequency,
    GroupStatistic,
    MissingFlag,
    Polynomial,
    Ratio,
    TextFeatures,
)

FEATURES: Catalog[Feature] = Catalog(
    "feature",
    [
        Feature(
            "arithmetic",
            "Sum, difference or product",
            "Combines two numbers into one.",
            Arithmetic,
            (
                Param(
                    "operation",
                    "difference",
                    options=("difference", "sum", "product"),
                    help="How they combine.",
                ),
            ),
            inputs=(2, 2),
            titles=("First number", "Second number"),
        ),
        Feature(
            "ratio",
            "Ratio",
            "Divides one number by another; missing where that is zero.",
            Ratio,
            inputs=(2, 2),
            titles=("Divide", "By"),
            phrase="{0} ÷ {1}",
        ),
        Feature(
            "polynomial",
            "Powers and interactions",
            "Products and powers of numbers, so that a linear model can bend.",
            Polynomial,
            (
                Param("degree", 2, 2, 3, help="Highest total power."),
                Param("interactions_only", False, help="Only products of different columns."),
            ),
            inputs=(1, 6),
        ),
        Feature(
            "bins",
            "Bins",
            "Cuts a number into ranges that become levels.",
            Bins,
            (
                Param("bins", 5, 2, 50, help="Number of ranges."),
                Param(
                    "strategy",
                    "quantile",
                    options=("quantile", "uniform"),
                    help="Equal counts or equal widths.",
                ),
            ),
            gives="categorical",
            levels="bins",
        ),
        Feature(
            "date_features",
            "Date parts and cycles",
            "Parts of a date as numbers; cycles bring December near January.",
            DateFeatures,
            (
                Param(
                    "parts",
                    "year month weekday",
                    options=(
                        "year month weekday",
                        "year quarter month",
                        "month weekday hour",
                        "weekday hour",
                        "dayofyear",
                    ),
                    help="Which parts become columns.",
                ),
                Param("cycles", True, help="Adds sine and cosine of the parts that come round."),
            ),
            kinds=("datetime",),
        ),
        Feature(
            "elapsed",
            "Elapsed time",
            "Days between two dates, or since the first training date.",
            Elapsed,
            kinds=("datetime",),
            inputs=(1, 2),
            titles=("Date", "Since (or the first training date)"),
            phrase="from {1} to {0}",
        ),
        Feature(
            "text_features",
            "Text topics",
            "Words weighted by TF-IDF, summed up in a few directions (SVD).",
            TextFeatures,
            (
                Param(
                    "components",
                    20,
                    2,
                    200,
                    help="Number of new columns.",
                    label="New columns",
                ),
            ),
            kinds=("text", "categorical"),
        ),
        Feature(
            "group_statistic",
            "Statistic by group",
            "A statistic of a number within each level of another column.",
            GroupStatistic,
            (
                Param(
                    "statistic",
                    "mean",
                    options=("mean", "median", "std", "min", "max"),
                    help="Which statistic; unseen levels get that of all rows.",
                ),
            ),
            kinds=("categorical", "boolean", "numeric"),
            inputs=(2, 2),
            titles=("Within each level of", "The statistic of"),
            input_kinds=(WITH_LEVELS, ("numeric",)),
            phrase="{1} within each level of {0}",
        ),
        Feature(
            "frequency",
            "Frequency",
            "The share of each level among training rows with a value; 0 for new levels and missing values.",
            Frequency,
            kinds=WITH_LEVELS,
        ),
        Feature(
            "missing_flag",
            "Missing flags",
            "1 where a value is missing, else 0.",
            MissingFlag,
            kinds=PREPARED,
            inputs=(1, 50),
        ),
    ],
)
