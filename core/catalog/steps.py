"""The preparation steps, by stage. ``auto`` is not an entry: the compiler resolves it by model."""

from __future__ import annotations

from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from core.spec import Catalog, Kind, Param, Step
from core.standalone.transformers import Clip, DateParts, LevelShare, SignedLog, TextTopics

NUMERIC: tuple[Kind, ...] = ("numeric",)
LEVELS: tuple[Kind, ...] = ("categorical", "boolean")
STAGES: dict[str, tuple[str, ...]] = {
    "numeric": ("missing", "outliers", "transform", "scale"),
    "categorical": ("missing", "encode"),
    "datetime": ("dates",),
    "text": ("text",),
}
"""Group of kinds -> its stages, in the order in which they are applied."""

FLAG = Param("add_indicator", True, help="Adds a column that says where a value was missing.", tune=False)
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


def leave() -> str:
    """The step that changes nothing."""
    return "passthrough"


def group_of(kind: Kind) -> str:
    """The group of preparation stages that a column kind belongs to."""
    return "categorical" if kind == "boolean" else kind


STEPS: Catalog[Step] = Catalog(
    "step",
    [
        Step(
            "median",
            "Median",
            "Fills missing values with the middle value of the training rows.",
            SimpleImputer,
            (FLAG,),
            {"strategy": "median", "keep_empty_features": True},
            kinds=NUMERIC,
            stage="missing",
        ),
        Step(
            "mean",
            "Mean",
            "Fills missing values with the average of the training rows.",
            SimpleImputer,
            (FLAG,),
            {"strategy": "mean", "keep_empty_features": True},
            kinds=NUMERIC,
            stage="missing",
        ),
        Step(
            "constant",
            "A fixed number",
            "Fills missing values with one number of your choice.",
            SimpleImputer,
            (Param("fill_value", 0.0, -1e9, 1e9, help="The number.", tune=False), FLAG),
            {"strategy": "constant", "keep_empty_features": True},
            kinds=NUMERIC,
            stage="missing",
        ),
        Step(
            "neighbours",
            "Nearest neighbours",
            "Fills missing values with the average of the rows that are most alike. Slow on large tables.",
            KNNImputer,
            (Param("n_neighbors", 5, 1, 50, help="How many rows are averaged."), FLAG),
            {"keep_empty_features": True},
            kinds=NUMERIC,
            stage="missing",
        ),
        Step(
            "keep_missing",
            "Leave missing values",
            "For models that take missing values as they are.",
            leave,
            kinds=NUMERIC,
            stage="missing",
        ),
        Step(
            "most_frequent",
            "Most frequent level",
            "Fills missing values with the commonest level of the training rows.",
            SimpleImputer,
            fixed={"strategy": "most_frequent", "keep_empty_features": True},
            kinds=LEVELS,
            stage="missing",
        ),
        Step(
            "own_level",
            "A level of its own",
            "Treats missing as one more level.",
            leave,
            kinds=LEVELS,
            stage="missing",
        ),
        Step("keep_outliers", "Leave outliers", "Changes nothing.", leave, kinds=NUMERIC, stage="outliers"),
        Step(
            "clip_quantile",
            "Clip the tails",
            "Pulls the most extreme values to a quantile of the training rows.",
            Clip,
            (Param("tail", 0.01, 0.0005, 0.2, log=True, help="Share of values pulled in at each end."),),
            {"method": "quantile"},
            kinds=NUMERIC,
            stage="outliers",
        ),
        Step(
            "clip_iqr",
            "Clip beyond the box",
            "Pulls in values far outside the middle half (Tukey's fences).",
            Clip,
            (Param("reach", 3.0, 1.0, 10.0, help="How many box lengths count as far."),),
            {"method": "iqr"},
            kinds=NUMERIC,
            stage="outliers",
        ),
        Step("keep_values", "No transform", "Changes nothing.", leave, kinds=NUMERIC, stage="transform"),
        Step(
            "signed_log",
            "Logarithm",
            "Tames long tails; keeps zero, sign and order.",
            SignedLog,
            kinds=NUMERIC,
            stage="transform",
        ),
        Step(
            "yeo_johnson",
            "Yeo-Johnson",
            "Finds the power that makes each column most bell-shaped.",
            PowerTransformer,
            fixed={"method": "yeo-johnson", "standardize": False},
            kinds=NUMERIC,
            stage="transform",
        ),
        Step(
            "quantile_normal",
            "Ranks to a bell",
            "Keeps only the order of the values and spreads it as a normal curve.",
            QuantileTransformer,
            (Param("n_quantiles", 200, 10, 1000, help="How fine the ranks are."),),
            {"output_distribution": "normal", "subsample": None},
            kinds=NUMERIC,
            stage="transform",
        ),
        Step("keep_scale", "No scaling", "Changes nothing.", leave, kinds=NUMERIC, stage="scale"),
        Step(
            "standard",
            "Standard",
            "Mean 0, standard deviation 1.",
            StandardScaler,
            kinds=NUMERIC,
            stage="scale",
        ),
        Step(
            "robust",
            "Robust",
            "Median 0, middle half of width 1: outliers do not count.",
            RobustScaler,
            kinds=NUMERIC,
            stage="scale",
        ),
        Step("min_max", "0 to 1", "Smallest value 0, largest 1.", MinMaxScaler, kinds=NUMERIC, stage="scale"),
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
                ),
                Param(
                    "min_frequency",
                    0.005,
                    0.0005,
                    0.2,
                    log=True,
                    help="Levels rarer than this share count as rare.",
                ),
            ),
            {"handle_unknown": "infrequent_if_exist"},
            kinds=LEVELS,
            stage="encode",
        ),
        Step(
            "target",
            "Target mean",
            "The average target of each level, cross-fitted so that it cannot leak.",
            TargetEncoder,
            (Param("cv", 5, 2, 20, help="Folds of the cross-fitting.", tune=False),),
            kinds=LEVELS,
            stage="encode",
        ),
        Step(
            "ordinal",
            "Codes",
            "A number for each level. For trees.",
            OrdinalEncoder,
            (
                Param(
                    "max_categories", 254, 2, 254, help="The rarest levels share the last code.", tune=False
                ),
            ),
            {
                "handle_unknown": "use_encoded_value",
                "unknown_value": float("nan"),
                "encoded_missing_value": float("nan"),
            },
            kinds=LEVELS,
            stage="encode",
        ),
        Step(
            "level_share",
            "Frequency",
            "The share of training rows with the same level; no value is a level too.",
            LevelShare,
            kinds=LEVELS,
            stage="encode",
        ),
        Step(
            "date_parts",
            "Calendar parts",
            "Year, month and so on, with cycles, and days since the first training date.",
            DateParts,
            (
                PARTS,
                Param("cycles", True, help="Adds sine and cosine, so that December is near January."),
                Param("elapsed", True, help="Adds days since the first training date."),
            ),
            kinds=("datetime",),
            stage="dates",
        ),
        Step(
            "text_topics",
            "Topics",
            "Words weighted by TF-IDF, summed up in a few directions (SVD).",
            TextTopics,
            (Param("components", 20, 2, 200, help="Number of directions a column becomes."),),
            kinds=("text",),
            stage="text",
        ),
    ],
)


def steps_for(group: str, stage: str) -> tuple[Step, ...]:
    """The steps offered for a group of kinds at a stage, in order of display."""
    return tuple(s for s in STEPS if s.stage == stage and any(group_of(kind) == group for kind in s.kinds))
