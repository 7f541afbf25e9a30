"""The kinds of things that may be chosen, each with the facts that the rest of the core obeys."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.spec.base import Spec
from core.spec.words import TASKS, Kind, Task

Family = Literal["Linear", "Trees", "Boosting", "Neighbours and kernels", "Others"]
FAMILIES: tuple[Family, ...] = ("Linear", "Trees", "Boosting", "Neighbours and kernels", "Others")
"""The families of models in order of display."""


IntervalOf = Literal[
    "share",
    "share of either",
    "mean of shares",
    "mean of F1",
    "ranking",
    "precisions",
    "mean",
    "root of mean",
    "explained",
    "median",
    "smooth",
]
StandsOn = Literal[
    "all rows",
    "positive rows",
    "called rows",
    "either",
    "rows of each class",
    "smaller classes",
    "both sides",
    "both shares",
]


def always(*_: Any) -> bool:
    """Yes, whatever is asked."""
    return True


@dataclass(frozen=True)
class Needs:
    """What a model must be given; the compiler prepares the table accordingly.

    Attributes:
        scaled: numbers of one scale.
        no_missing: no missing numbers.
        numeric_only: categories turned into numbers that carry meaning (one-hot or target encoding);
            when False the model splits on category codes.
        native_categories: takes the positions of coded category columns.
        dense: cannot take a sparse matrix.
    """

    scaled: bool = True
    no_missing: bool = True
    numeric_only: bool = True
    native_categories: bool = False
    dense: bool = False


@dataclass(frozen=True)
class Model(Spec):
    """A family of models.

    Attributes:
        tasks: what it can be asked.
        needs: what it must be given.
        cost: rough price of a fit, 1 (instant) to 5 (slow); decides the default set.
        simplicity: rank among models, 0 the simplest; the tie badge goes to the lowest.
        max_rows: above that many training rows it is left out by default, or None.
        family: under which it is shown.
        keeps_rows: whether the fitted model holds rows of the training table; the model card says so.
    """

    tasks: tuple[Task, ...] = TASKS
    needs: Needs = Needs()
    cost: int = 1
    simplicity: int = 0
    max_rows: int | None = None
    family: Family = "Others"
    keeps_rows: bool = False


@dataclass(frozen=True)
class Step(Spec):
    """A preparation step for columns of some kinds, at one stage of the preparation.

    Attributes:
        kinds: the column kinds it is offered for.
        stage: ``missing | outliers | transform | scale | encode | dates | text``.
        auto: whether ``auto`` means this step, by what the model needs and the number of levels; the first
            step of a stage that says yes is taken.
        codes: gives codes of levels, which a model may split on as categories.
        unscaled: gives numbers that still need scaling.
        gives_missing: may give missing numbers.
        cross_fitted: learns from the target, on folds of its own.
        keeps_rows: whether it holds rows of the training table once fitted; the model card says so.
    """

    kinds: tuple[Kind, ...] = ()
    stage: str = ""
    auto: Callable[[Needs, int], bool] | None = None
    codes: bool = False
    unscaled: bool = False
    gives_missing: bool = False
    cross_fitted: bool = False
    keeps_rows: bool = False


@dataclass(frozen=True)
class Feature(Spec):
    """A feature step: adds columns computed from chosen columns.

    Attributes:
        kinds: the kinds that its input columns may have.
        inputs: least and most number of input columns.
        gives: kind of the new columns.
        levels: name of the parameter that says how many levels a categorical new column has, or empty.
        titles: what each input is for, where the order tells; by default each is a column.
        input_kinds: the kinds of each input where they differ; by default all of ``kinds``.
        phrase: the inputs in words, with their places in braces; used when there are as many as places.
    """

    kinds: tuple[Kind, ...] = ("numeric",)
    inputs: tuple[int, int] = (1, 1)
    gives: Kind = "numeric"
    levels: str = ""
    titles: tuple[str, ...] = ("Column",)
    input_kinds: tuple[tuple[Kind, ...], ...] = ()
    phrase: str = ""


@dataclass(frozen=True)
class Selector(Spec):
    """A step that keeps some of the prepared columns.

    Attributes:
        tasks: what it can be used for.
        no_missing: cannot take missing numbers.
    """

    tasks: tuple[Task, ...] = TASKS
    no_missing: bool = False


@dataclass(frozen=True)
class Metric(Spec):
    """A score of predictions, computed by ``core.catalog.metrics.score``; ``make`` takes weighted rows.

    Attributes:
        tasks: where it applies.
        better: whether higher or lower is better.
        needs_proba: takes class probabilities instead of labels.
        low, high: the least and the most that a score can be.
        short: its name where there is little room; empty where the label is short enough.
        headline: task -> its place among the scores that are shown large.
        minds_rare: says how well a rare class is found or how good its probabilities are.
        rare_choice: the tasks for which it is offered when one class is rare.
        interval: what it is to the formula of its interval; ``smooth`` when none of the others.
        stands_on: the rows that must be enough for an interval; ``both sides`` are those outside the largest
            class, by truth and by prediction.
        relative: its losses are shares of the true value.
        default_for: the tasks for which a recipe begins with it.
        threshold_objective: its place among the scores that a threshold can be chosen for; 0 for none.
        ranked_as: what counts in a ranking where a model, not the rows, leaves the score undefined, so that
            doing so never wins; None for scores that the rows alone define.
        stands_in: its place among those that are judged where errors are too heavy-tailed for an interval of
            the one asked for; 0 for none.
    """

    tasks: tuple[Task, ...] = TASKS
    better: Literal["higher", "lower"] = "higher"
    needs_proba: bool = False
    low: float = -math.inf
    high: float = math.inf
    short: str = ""
    headline: Mapping[Task, int] = field(default_factory=dict)
    minds_rare: bool = False
    rare_choice: tuple[Task, ...] = ()
    interval: IntervalOf = "smooth"
    stands_on: StandsOn = "all rows"
    relative: bool = False
    default_for: tuple[Task, ...] = ()
    threshold_objective: int = 0
    ranked_as: float | None = None
    stands_in: int = 0

    def for_ranking(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores as they rank models: those that a model left undefined count as ``ranked_as``."""
        return scores if self.ranked_as is None else np.where(np.isnan(scores), self.ranked_as, scores)


@dataclass(frozen=True)
class Check(Spec):
    """A check of a table or a result; ``make`` gives findings.

    Attributes:
        code: stable upper-case id that its findings carry.
        of_roles: whether it is about the values of target, group and time, among others.
    """

    code: str = ""
    of_roles: bool = False


@dataclass(frozen=True)
class Search(Spec):
    """A way to search parameter space; ``make`` gives an Optuna sampler.

    Attributes:
        icon: of Material Symbols.
        enumerates: the parameter that says how many values of each number are tried, where the sampler is
            made of every combination; empty where it draws.
    """

    icon: str = ""
    enumerates: str = ""


@dataclass(frozen=True)
class DriftTest(Spec):
    """A two-sample test of one aspect of a column.

    Attributes:
        kinds: the column kinds it is used for.
        aspect: what of the column it looks at.
        suits: whether it is asked of a column, given the reference's ``Side``; of the tests of one aspect the
            first that suits is run.
        of_delta: the part of the sensitivity's delta that is its setting ``delta`` unless another was chosen;
            0 where the sensitivity is not asked.
    """

    kinds: tuple[Kind, ...] = ()
    aspect: Literal["value", "spread", "tails", "rare", "missing", "unseen"] = "value"
    suits: Callable[[Any], bool] = always
    of_delta: float = 0.0
