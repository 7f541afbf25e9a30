"""How many test rows repeat, or nearly repeat, a row that is learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.neighbors import KDTree

from core.checks.chance_repeats import CLEARLY, FEWEST, repeats_by_chance
from core.checks.changed_copies import MOST_COLUMNS, columns_that_differ, compared_columns
from core.checks.finding import Subject
from core.checks.near_copies import Copies, copies_in
from core.data.kinds import physical_type
from core.data.table import Column, Note
from core.standalone.counts import agreeing, counted
from core.standalone.rows.near_copies import near_parts
from core.train.work import Work

Rows = NDArray[np.int64]
MOST_ASKED, MOST_ROWS = 400, 8_000
LEAST_SHARE = 0.01
"""Share of the test rows that repeat a training row before it is told."""


@dataclass(frozen=True)
class CopiesAcross:
    """Test rows that have a copy among the rows learned from, the target being the same.

    Attributes:
        exact: that repeat one in every column of the model; 0 where so many would by chance, as in a table
            of few levels, and where they are too few to move a score.
        near: that nearly do, these left out; about so many where ``estimated``.
        test: test rows in all.
    """

    exact: int = 0
    near: int = 0
    test: int = 0
    estimated: bool = False

    @property
    def words(self) -> str:
        """In a sentence or two; empty where there are none."""
        if not self.exact + self.near:
            return ""
        kinds = []
        if self.exact:
            kinds.append(f"{self.exact:,} {agreeing('repeats', self.exact)} a row that is learned from")
        if self.near:
            about, one = "about " if self.estimated else "", "one" if self.exact else "a row learned from"
            kinds.append(f"{about}{self.near:,} nearly {agreeing('repeats', self.near)} {one}")
        return (
            f"Of {counted(self.test, 'test row')} {' and '.join(kinds)}, with the same target: "
            "the test score is too good for rows that are new."
        )


def copies_note(words: str) -> tuple[Note, ...]:
    """What ``CopiesAcross.words`` says, with the remedy; nothing where there are no copies."""
    if not words:
        return ()
    remedy = (
        'Keep one of each ("drop_duplicates": true for rows that repeat, "apart" for near ones, as the '
        "finding NEAR_DUPLICATES says), or give what the copies come from the role group."
    )
    return (Note(code="COPIES", text=f"{words} {remedy}"),)


def copies_across(work: Work, columns: Sequence[Column]) -> CopiesAcross:
    """The copies of a recipe's rows across its split.

    Args:
        columns: of the table, with the kinds and roles of the recipe.
    """
    train, test, target = work.split.train, work.split.test, work.recipe.target
    frame = work.frame.iloc[np.r_[train, test]].copy()
    frame[target] = work.labels(np.r_[train, test])
    typed = [c.model_copy(update=_facts(frame[c.name])) for c in columns if c.name in frame.columns]
    subject = Subject(
        frame, tuple(typed), target, work.recipe.task, seed=work.recipe.seed, apart=work.recipe.apart
    )
    names = [target, *(c.name for c in subject.features())]
    if len(names) < 2:
        return CopiesAcross()
    is_test = np.arange(len(frame)) >= len(train)
    exact = exact_repeats(frame[names], is_test)
    copies = copies_in(subject)
    near, estimated = np.zeros(int(is_test.sum()), dtype=bool), False
    if copies is not None and copies.within:
        near = _within(frame, names, is_test, copies.within)
    share = float((near & ~exact).mean()) if len(near) else 0.0
    if copies is not None and copies.changed:
        share, estimated = _changed(subject, is_test, copies), True
    # Near copies differ in few columns, as rows that agree by chance do; where there are, repeats are copies.
    repeats = beyond_chance(exact, frame[names], is_test) if copies is None else int(exact.sum())
    return CopiesAcross(repeats, round(share * len(test)), len(test), estimated)


def _facts(values: pd.Series) -> dict[str, object]:
    return {
        "physical": physical_type(values),
        "unique": int(values.nunique()),
        "missing": int(values.isna().sum()),
    }


def exact_repeats(frame: pd.DataFrame, is_test: np.ndarray) -> np.ndarray:
    """(test rows,) whether one is a training row again."""
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return np.isin(hashes[is_test], hashes[~is_test])


def beyond_chance(exact: np.ndarray, frame: pd.DataFrame, is_test: np.ndarray) -> int:
    """How many test rows repeat a training row; 0 where rows of their own would repeat about as often."""
    count = int(exact.sum())
    least = max(FEWEST, LEAST_SHARE * len(exact))
    if count < least:
        return 0
    chance = repeats_by_chance(frame, is_test)
    return count if count - chance >= max(least, CLEARLY * chance**0.5) else 0


def _within(frame: pd.DataFrame, names: Sequence[str], is_test: np.ndarray, within: float) -> np.ndarray:
    """(test rows,) whether a training row has the same levels and numbers that differ by at most that."""
    numbers, codes = near_parts(frame, names)
    blocks = np.zeros(len(frame), dtype=np.int64)
    if codes.shape[1]:
        blocks = np.unique(codes, axis=0, return_inverse=True)[1].ravel()
    near = np.zeros(len(frame), dtype=bool)
    for rows in pd.Series(np.arange(len(frame))).groupby(blocks).indices.values():
        train, test = rows[~is_test[rows]], rows[is_test[rows]]
        if len(train) and len(test) and numbers.shape[1]:
            tree = KDTree(numbers[train], metric="manhattan")
            near[test] = tree.query_radius(numbers[test], within, count_only=True) > 0
    return near[is_test]


def _changed(subject: Subject, is_test: np.ndarray, copies: Copies) -> float:
    """Share of the test rows that repeat a training row but for some columns, by a sample of both."""
    random = np.random.default_rng(subject.seed)
    train, test = np.flatnonzero(~is_test), np.flatnonzero(is_test)
    asked = random.permutation(test)[:MOST_ASKED]
    others = random.permutation(train)[:MOST_ROWS]
    rows = subject.frame.iloc[np.r_[asked, others]]
    names = compared_columns(subject)[:MOST_COLUMNS]
    differing = columns_that_differ(rows, names, np.arange(len(asked)), copies.way)
    near = (differing[:, len(asked) :] >= 1) & (differing[:, len(asked) :] <= copies.changed)
    return min(1.0, float(near.any(axis=1).mean()) * len(train) / len(others))
