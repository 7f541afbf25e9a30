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
UNLEARNED = (
    "every model gives {them} no chance there, which costs score. Merge such classes with others, or leave "
    "their rows out."
)


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
) -> tuple[tuple[Fold, ...], str, str]:
    """The folds from which a model can learn two classes, for all models alike, and what is to be said.

    Args:
        folds: positions to fit and to validate.
        labels: the class of each row; None for numbers.
        hint: what to do where no fold can be used.

    Returns:
        The folds; words on those that are left out or judged by one class; ``judged_unlearned`` of the rest.

    Raises:
        FoldlineError: ``SPLIT`` when none is left, or no fold has two classes to judge by.
    """
    every = tuple(folds)
    if labels is None:
        return every, "", ""
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
    return left, " ".join(words), judged_unlearned(left, labels)


def judged_unlearned(folds: Sequence[Fold], labels: NDArray[np.str_]) -> str:
    """In how many folds rows of a class are judged that no row to learn from has; empty where in none."""
    missing = [np.setdiff1d(labels[valid], labels[fit]).tolist() for fit, valid in folds]
    names = sorted({name for one in missing for name in one}, key=lambda name: (-_times(name, missing), name))
    if not names:
        return ""
    where = f"In {sum(map(bool, missing))} of {counted(len(folds), 'fold')}"
    if len(names) == 1:
        return f"{where} class {names[0]!r} is judged but not learned: {UNLEARNED.format(them='it')}"
    listed = _listed([repr(name) for name in names])
    return f"{where}, classes are judged but not learned ({listed}): {UNLEARNED.format(them='them')}"


def _times(name: str, missing: Sequence[Sequence[str]]) -> int:
    return sum(name in one for one in missing)


def check_sides(target: Target, train: Rows, test: Rows, how: HoldOut) -> tuple[str, str]:
    """What is to be said of classes that only training rows have, and of those that only the test set has.

    Raises:
        FoldlineError: ``SPLIT`` where there are not two classes to learn from, or whole groups leave the test
            without one of two classes.
    """
    if not target.classes:
        return "", ""
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
    absent = (
        f"The test set has no row of {_listed(alone)}: scores on it say nothing of that." if alone else ""
    )
    if not unseen:
        return absent, ""
    which = f"class {unseen[0]} is" if len(unseen) == 1 else f"classes are ({_listed(unseen)})"
    return absent, f"In the test set {which} judged but not learned: no row to learn from has that."


def _listed(names: Sequence[str]) -> str:
    return first_of(names, SHOWN, "class")
