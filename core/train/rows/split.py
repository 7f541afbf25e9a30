"""Which rows are locked away as the test set, and how the rest is split into folds."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import (
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    StratifiedShuffleSplit,
)

from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.split import SplitFacts, folds_asked, hold_out, scheme_of, split_words
from core.standalone.group_draw import FARTHEST
from core.standalone.split import groups_in, places_in_time, times_of, train_and_test
from core.standalone.strata import strata_of
from core.train.rows.fold_classes import HINT, HINT_IN_TIME, check_sides, group_folds, usable
from core.train.rows.forward import check_left, forward_steps
from core.train.rows.target import Target
from core.train.rows.unplaced import check_order, unplaced_words
from core.train.rows.ways_out import with_ways_out

Rows = NDArray[np.int64]
HOLDOUT = 0.1


@dataclass(frozen=True, eq=False)
class RowSplit:
    """Positions of rows in the stored table.

    Attributes:
        train, test: disjoint; test is locked until it is opened on purpose. With a time and groups, rows
            before the test set whose group comes again in it are in neither.
        folds: pairs (fit, validation) of positions within train.
        how: how the rows are split, as a person would say it.
        unlearned: which classes are judged although no row to learn from has them; empty for none.
    """

    train: Rows
    test: Rows
    folds: tuple[tuple[Rows, Rows], ...]
    how: str
    unlearned: str = ""

    @property
    def words(self) -> str:
        """All that is to be said of the split."""
        return " ".join(filter(None, (self.how, self.unlearned)))


def groups_of(recipe: Recipe, frame: pd.DataFrame) -> NDArray[Any] | None:
    """(n,) the group of each row of a table as text, or None when no column has that role."""
    return groups_in(frame, hold_out(recipe))


def _times(recipe: Recipe, frame: pd.DataFrame) -> pd.Series | None:
    """What the rows of the table are ordered by, or None when no column has that role."""
    times = times_of(frame, hold_out(recipe))
    if times is not None and times.isna().all():
        name = str(times.name)
        raise FoldlineError(
            "SPLIT",
            f"No cell of {name!r} can be read as a time.",
            "Choose another time column, or its kind.",
            name,
        )
    if times is not None:
        check_order(times)
    return times


def places_of(recipe: Recipe, frame: pd.DataFrame) -> NDArray[Any] | None:
    """(n,) the place in time of each row of a table, -1 without a time; None when no column has that role."""
    times = times_of(frame, hold_out(recipe))
    return None if times is None else places_in_time(times)


def _labels(target: Target, rows: Rows) -> NDArray[Any] | None:
    """The classes of rows; None for numbers."""
    return target.values[rows].astype(str) if target.classes else None


def _test_rows(recipe: Recipe, frame: pd.DataFrame, target: Target) -> tuple[Rows, Rows]:
    rows, how = target.rows, hold_out(recipe)
    times = _times(recipe, frame)
    train, test = train_and_test(frame, rows, target.values, how)
    if times is not None:
        before = len(rows) - len(test)
        _check_cut(before, len(rows), how.share, how.time)
        check_left(len(train), before, how.group)
    elif how.group:
        _check_groups(len(test) / len(rows), how.share, how.group)
    return train, test


def _check_groups(locked: float, share: float, name: str) -> None:
    """Refuse a draw of groups whose rows are far from the share that was asked for."""
    if not share / FARTHEST - 1e-9 <= locked <= share * FARTHEST + 1e-9:
        raise FoldlineError(
            "SPLIT",
            f"The groups in {name!r} are so large that {share:.0%} of the rows cannot be locked away: "
            f"the nearest drawing locks {locked:.0%}.",
            "A finer group column would help.",
            name,
        )


def _check_cut(cut: int, rows: int, share: float, name: str) -> None:
    """Refuse a cut that leaves nothing on one side, or a share far from what was asked for."""
    share_locked = 1 - cut / rows
    if not cut:
        problem = f"All rows have the same time in {name!r}; none is later than another."
    elif not share / FARTHEST <= share_locked <= share * FARTHEST:
        problem = (
            f"So many rows have the same time in {name!r} that the last {share:.0%} cannot be locked away: "
            f"the nearest cut locks {share_locked:.0%}."
        )
    else:
        return
    hint = "A finer time column would help."
    raise FoldlineError("SPLIT", problem, hint, name)


def _strata_of_folds(recipe: Recipe, target: Target, train: Rows) -> NDArray[Any] | None:
    """What folds drawn at random have in proportion: the classes, of which one has rows for each fold."""
    scheme, folds, _ = scheme_of(recipe.split, len(train))
    labels = _labels(target, train)
    if labels is None:
        return None
    if scheme == "holdout":
        return strata_of(labels, 2, int(HOLDOUT * len(train)))
    return labels if np.unique(labels, return_counts=True)[1].max() >= folds else None


def _folds(recipe: Recipe, frame: pd.DataFrame, target: Target, train: Rows, seed: int) -> Any:
    scheme, folds, repeats = folds_asked(recipe, len(train))
    groups = groups_of(recipe, frame)
    strata = _strata_of_folds(recipe, target, train)
    times = _times(recipe, frame)
    if times is not None:
        places = places_in_time(times.iloc[train])
        return forward_steps(places, folds, str(times.name), None if groups is None else groups[train])
    if groups is not None:
        return group_folds(groups[train], _labels(target, train), folds, seed)
    if scheme == "holdout":
        one = ShuffleSplit if strata is None else StratifiedShuffleSplit
        return one(1, test_size=HOLDOUT, random_state=seed).split(train, strata)
    if scheme == "repeated":
        many = RepeatedKFold if strata is None else RepeatedStratifiedKFold
        return many(n_splits=folds, n_repeats=repeats, random_state=seed).split(train, strata)
    fold = KFold if strata is None else StratifiedKFold
    return fold(folds, shuffle=True, random_state=seed).split(train, strata)


def split_rows(recipe: Recipe, frame: pd.DataFrame, target: Target, fold_seed: int | None = None) -> RowSplit:
    """How the rows of a table are split.

    Args:
        frame: the stored table or at least its group and time columns, every row.
        fold_seed: another seed for the folds than the recipe's; the test set never depends on it.

    Raises:
        FoldlineError: ``SPLIT`` when the rows or groups cannot be split as asked, with what can be had.
    """
    try:
        return split_as_asked(recipe, frame, target, fold_seed)
    except FoldlineError as error:
        if error.code != "SPLIT":
            raise
        raise with_ways_out(error, recipe, lambda other: split_as_asked(other, frame, target)) from error


def split_as_asked(
    recipe: Recipe, frame: pd.DataFrame, target: Target, fold_seed: int | None = None
) -> RowSplit:
    """``split_rows``, whose errors say only why."""
    try:
        train, test = _test_rows(recipe, frame, target)
        absent, unseen = check_sides(target, train, test, hold_out(recipe))
        with warnings.catch_warnings():  # scikit-learn warns of classes with fewer rows than folds
            warnings.simplefilter("ignore", UserWarning)
            splits = list(
                _folds(recipe, frame, target, train, recipe.seed if fold_seed is None else fold_seed)
            )
    except ValueError as error:  # scikit-learn's own words say what does not fit
        raise FoldlineError("SPLIT", f"The rows cannot be split: {error}") from error
    hint = HINT_IN_TIME if hold_out(recipe).time else HINT
    left, about_folds, unlearned = usable(splits, _labels(target, train), hint)
    folds = tuple((train[fit], train[valid]) for fit, valid in left)
    unplaced = unplaced_words(frame, hold_out(recipe), target.rows)
    said = (_words(recipe, target, train, test, len(splits)), unplaced, absent, about_folds)
    how = " ".join(filter(None, said))
    return RowSplit(train, test, folds, how, " ".join(filter(None, (unlearned, unseen))))


def _words(recipe: Recipe, target: Target, train: Rows, test: Rows, folds: int) -> str:
    """How the rows were split; ``folds`` counts repeats."""
    how, (scheme, _, repeats) = hold_out(recipe), folds_asked(recipe, len(train))
    facts = SplitFacts(
        scheme=scheme,
        folds=folds // repeats if scheme == "repeated" else folds,
        repeats=repeats,
        share=len(test) / len(target.rows) if how.time or how.group else how.share,
        test=len(test),
        train=len(train),
        time=how.time,
        group=how.group,
        left_out=len(target.rows) - len(train) - len(test),
        test_in_proportion=bool(target.classes) and strata_of(target.values[target.rows], 2) is not None,
        folds_in_proportion=_strata_of_folds(recipe, target, train) is not None,
        repeated=target.repeated,
        near=recipe.apart > 0,
    )
    return split_words(facts)
