"""Classes on both sides of a split: what is drawn again, left out, refused, or said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from core.errors import FoldlineError
from core.standalone.counts import counted, counted_of, first_of
from core.standalone.plan import HoldOut
from core.train.rows.target import Target

Rows = NDArray[np.int64]
Fold = tuple[Rows, Rows]
HINT = "Another column for the role may help."
HINT_IN_TIME = "Another seed changes nothing, as rows are divided by their time."
SHOWN = 3


def group_folds(
    ids: NDArray[np.object_], labels: NDArray[np.str_] | None, most: int, seed: int
) -> list[Fold]:
    """Folds of whole groups, as many as leave two classes on both sides of each where that can be.

    Args:
        ids, labels: the group and the class of each row; labels are None for numbers.
        most: folds that are asked for.

    Raises:
        FoldlineError: ``SPLIT`` when there are fewer than two groups.
    """
    count = min(most, len(np.unique(ids)))
    if count < 2:
        problem = "Only one group is left to learn from beside the test set; validation needs two."
        raise FoldlineError("SPLIT", problem, "A finer group column would help.")
    if labels is None:
        return list(GroupKFold(count, shuffle=True, random_state=seed).split(ids, groups=ids))
    if len(np.unique(labels)) == 2:
        holders = min(len(np.unique(ids[labels == name])) for name in np.unique(labels))
        count = max(2, min(count, holders))
    while True:
        by_group = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        folds = list(by_group.split(ids, labels, ids))
        if count == 2 or all(_both(labels, fold) for fold in folds):
            return folds
        count -= 1


def _both(labels: NDArray[np.str_], fold: Fold) -> bool:
    return all(len(np.unique(labels[rows])) >= 2 for rows in fold)


def usable(
    folds: Iterable[Fold], labels: NDArray[np.str_] | None, hint: str = HINT
) -> tuple[tuple[Fold, ...], str]:
    """The folds from which a model can learn two classes, for all models alike, and what is to be said.

    Args:
        folds: positions to fit and to validate.
        labels: the class of each row; None for numbers.
        hint: what to do where no fold can be used.

    Raises:
        FoldlineError: ``SPLIT`` when none is left, or no fold has two classes to judge by.
    """
    every = tuple(folds)
    if labels is None:
        return every, ""
    left = tuple(fold for fold in every if len(np.unique(labels[fold[0]])) >= 2)
    blind = sum(len(np.unique(labels[valid])) < 2 for _, valid in left)
    if blind == len(left):
        problem = f"None of {counted(len(every), 'fold')} has two classes both to learn from and to judge by."
        raise FoldlineError("SPLIT", problem, hint)
    words = []
    if len(left) < len(every):
        words.append(
            f"{counted_of(len(every) - len(left), len(every), 'fold', 'is')} left out for all models: the "
            "rows to learn from have one class only."
        )
    if blind:
        words.append(
            f"In {blind} of {counted(len(left), 'fold')} the rows to judge by have one class only: a score "
            "such as ROC AUC is not defined there."
        )
    return left, " ".join(words)


def check_sides(target: Target, train: Rows, test: Rows, how: HoldOut) -> str:
    """What is to be said of classes that are on one side of the test set only.

    Raises:
        FoldlineError: ``SPLIT`` where there are not two classes to learn from, or whole groups leave the test
            without one of two classes.
    """
    if not target.classes:
        return ""
    sides = [set(target.values[rows].astype(str)) for rows in (train, test)]
    alone = [f"{name!r}" for name in target.classes if name not in sides[1]]
    unseen = [f"{name!r}" for name in target.classes if name not in sides[0]]
    where = how.time or how.group
    if len(sides[0]) < 2:
        what = "before the last rows in time" if how.time else "among the rows to learn from"
        problem = (
            f"There is only the class {str(next(iter(sides[0])))!r} {what}: no model can learn from them."
        )
        raise FoldlineError("SPLIT", problem, HINT_IN_TIME if how.time else HINT, where)
    if len(sides[1]) < 2 and how.group and not how.time:
        problem = (
            f"No drawing of whole groups in {how.group!r} puts the class {alone[0]} both into the test set "
            "and among the rows to learn from: too few groups have it."
        )
        raise FoldlineError("SPLIT", problem, HINT, where)
    words = []
    if alone:
        words.append(f"The test set has no row of {_listed(alone)}: scores on it say nothing of that.")
    if unseen:
        words.append(f"Only the test set has rows of {_listed(unseen)}: no model learns that.")
    return " ".join(words)


def _listed(names: Sequence[str]) -> str:
    return first_of(names, SHOWN, "class")
