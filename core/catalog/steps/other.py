"""The preparation steps of levels, dates and texts, by stage."""

from __future__ import annotations

from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder

from core.catalog.idle import leave
from core.spec import WITH_LEVELS, Param, Step, always
from core.standalone.transformers import DateParts, LevelShare, TextTopics

ONE_HOT_LEVELS = 25
"""Columns with more levels are encoded otherwise, by default."""
CODED_LEVELS = 254
"""The most codes that a model takes."""
PARTS = Param(
    "parts",
    "year month day weekday hour",
    options=(
        "year month day weekday hour",
        "year month weekday",
        "month weekday hour",
        "year",
        "weekday hour",
    ),
    help="Which parts of a date become columns.",
)

OTHER_STEPS = [
    Step(
        "most_frequent",
        "Most frequent level",
        "Fills missing values with the commonest level of the training rows.",
        SimpleImputer,
        fixed={"strategy": "most_frequent", "keep_empty_features": True},
        kinds=WITH_LEVELS,
        stage="missing",
    ),
    Step(
        "own_level",
        "A level of its own",
        "Treats missing as one more level.",
        leave,
        kinds=WITH_LEVELS,
        stage="missing",
        auto=always,
    ),
    Step(
        "one_hot",
        "One-hot",
        "A 0/1 column for each level; rare levels share one.",
        OneHotEncoder,
        (
            Param(
                "max_categories",
                25,
                2,
                200,
                help="Most columns for one; the rarest levels share the last.",
                label="Most columns",
            ),
            Param(
                "min_frequency",
                0.005,
                0.0005,
                0.2,
                log=True,
                help="Levels rarer than this share count as rare.",
                label="Rarest level of its own",
            ),
        ),
        {"handle_unknown": "infrequent_if_exist"},
        kinds=WITH_LEVELS,
        stage="encode",
        auto=lambda needs, levels: needs.numeric_only and levels <= ONE_HOT_LEVELS,
    ),
    Step(
        "target",
        "Target mean",
        "The average target of each level, cross-fitted so that it cannot leak.",
        TargetEncoder,
        (
            Param(
                "cv",
                5,
                2,
                20,
                help="Folds of the cross-fitting.",
                tune=False,
                label="Cross-fitting folds",
            ),
        ),
        kinds=WITH_LEVELS,
        stage="encode",
        auto=lambda needs, levels: levels > (ONE_HOT_LEVELS if needs.numeric_only else CODED_LEVELS),
        unscaled=True,
        cross_fitted=True,
    ),
    Step(
        "ordinal",
        "Codes",
        "A number for each level. For trees.",
        OrdinalEncoder,
        (
            Param(
                "max_categories",
                254,
                2,
                254,
                help="The rarest levels share the last code.",
                tune=False,
                label="Most columns",
            ),
        ),
        {
            "handle_unknown": "use_encoded_value",
            "unknown_value": float("nan"),
            "encoded_missing_value": float("nan"),
        },
        kinds=WITH_LEVELS,
        stage="encode",
        auto=lambda needs, levels: not needs.numeric_only and levels <= CODED_LEVELS,
        codes=True,
        unscaled=True,
        gives_missing=True,
    ),
    Step(
        "level_share",
        "Frequency",
        "The share of training rows with the same level; no value is a level too.",
        LevelShare,
        kinds=WITH_LEVELS,
        stage="encode",
        unscaled=True,
    ),
    Step(
        "date_parts",
        "Calendar parts",
        "Year, month and so on, with cycles, and days since the first training date.",
        DateParts,
        (
            PARTS,
            Param("cycles", True, help="Adds sine and cosine, so that December is near January."),
            Param(
                "elapsed",
                True,
                help="Adds days since the first training date.",
                label="Days since the first date",
            ),
        ),
        kinds=("datetime",),
        stage="dates",
        auto=always,
        unscaled=True,
        gives_missing=True,
    ),
    Step(
        "text_topics",
        "Topics",
        "Words weighted by TF-IDF, summed up in a few directions (SVD).",
        TextTopics,
        (
            Param(
                "components",
                20,
                2,
                200,
                help="Number of directions a column becomes.",
                label="New columns",
            ),
        ),
        kinds=("text",),
        stage="text",
        auto=always,
        unscaled=True,
    ),
]
