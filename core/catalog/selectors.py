"""Ways to keep only some of the prepared columns; each is fitted on training rows only."""

from __future__ import annotations

from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.feature_selection import SelectFromModel, VarianceThreshold

from core.spec import CLASSIFICATION, Catalog, Param, Selector
from core.standalone.transformers import DropCorrelated, MostInformative

SHARE = Param(
    "percentile",
    50,
    1,
    100,
    help="Share of the prepared columns to keep, in percent.",
    label="Percent to keep",
)
TIMES = Param(
    "threshold", "median", options=("median", "mean", "1.5*mean"), help="Columns below this are dropped."
)


def by_importance(trees: type, threshold: str, random_state: int) -> SelectFromModel:
    """Selection by the importances of 100 extremely randomised trees."""
    model = trees(n_estimators=100, min_samples_leaf=5, max_features=0.3, random_state=random_state)
    return SelectFromModel(model, threshold=threshold)


def by_importance_classes(threshold: str, random_state: int) -> SelectFromModel:
    """Selection by importance for classes."""
    return by_importance(ExtraTreesClassifier, threshold, random_state)


def by_importance_numbers(threshold: str, random_state: int) -> SelectFromModel:
    """Selection by importance for numbers."""
    return by_importance(ExtraTreesRegressor, threshold, random_state)


SELECTORS: Catalog[Selector] = Catalog(
    "selector",
    [
        Selector(
            "variance",
            "Drop flat columns",
            "Drops columns that hardly change.",
            VarianceThreshold,
            (Param("threshold", 1e-4, 0.0, 1.0, help="Smallest variance to keep."),),
        ),
        Selector(
            "correlation",
            "Drop look-alikes",
            "Of columns that move together keeps the first.",
            DropCorrelated,
            (Param("limit", 0.95, 0.5, 1.0, help="Correlation from which two columns count as one."),),
        ),
        Selector(
            "mutual_information_classes",
            "Mutual information",
            "Keeps the columns that alone say most about the target.",
            MostInformative,
            (SHARE,),
            {"kind": "classes"},
            tasks=CLASSIFICATION,
            no_missing=True,
        ),
        Selector(
            "mutual_information_numbers",
            "Mutual information",
            "Keeps the columns that alone say most about the target.",
            MostInformative,
            (SHARE,),
            {"kind": "numbers"},
            tasks=("regression",),
            no_missing=True,
        ),
        Selector(
            "importance_classes",
            "Model importance",
            "Keeps the columns that a forest of random trees uses most.",
            by_importance_classes,
            (TIMES,),
            tasks=CLASSIFICATION,
        ),
        Selector(
            "importance_numbers",
            "Model importance",
            "Keeps the columns that a forest of random trees uses most.",
            by_importance_numbers,
            (TIMES,),
            tasks=("regression",),
        ),
    ],
)


def selectors_for(task: str) -> tuple[Selector, ...]:
    """The selectors that can be used for a task, in order of display."""
    return tuple(selector for selector in SELECTORS if task in selector.tasks)
