"""Whole groups drawn for the test: near the share that was asked for, with every class on both sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit

NEAR = 1.5
"""How many times more or fewer rows than asked are near enough for the first draw."""
FARTHEST = 2.0
"""The same, for any draw."""
SLACK = 0.1
"""Draws are equally good whose share is off by no more than this part of it."""
FEW_GROUPS = 14
"""Up to so many groups every draw is looked at."""
STEPS, TRIES, MOST_TRIED = 400, 128, 2_000_000


def draw_groups(
    groups: np.ndarray, values: np.ndarray | None, share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of training rows and of test rows, whole groups each.

    The first draw is one of groups at random. It is drawn again where its rows are far from the share, or a
    class is missing on a side that another draw puts on both.

    Args:
        groups: (n,) the group of each row, at least two different ones.
        values: (n,) the class of each row; None for numbers.
        share: of the rows that are for the test.
    """
    codes, names = pd.factorize(groups)
    first = GroupShuffleSplit(1, test_size=share, random_state=seed)
    train, test = next(first.split(groups, groups=groups))
    drawn = np.zeros(len(names), dtype=bool)
    drawn[codes[test]] = True
    layout = _Layout(codes, values, share)
    if not layout.is_fine(drawn):
        test_rows = layout.best(drawn, seed)[codes]
        train, test = np.flatnonzero(~test_rows), np.flatnonzero(test_rows)
    return train, test


class _Layout:
    """Groups by their rows and classes, and how good it is to have some of them in the test."""

    def __init__(self, codes: np.ndarray, values: np.ndarray | None, share: float) -> None:
        self.rows = np.bincount(codes)
        self.wanted = share * len(codes)
        kinds = (
            np.zeros(len(codes), dtype=np.int64) if values is None else pd.factorize(values.astype(str))[0]
        )
        self.classes = np.zeros((len(self.rows), int(kinds.max()) + 1), dtype=np.int64)
        self.classes[codes, kinds] = 1
        self.holders = self.classes.sum(axis=0)

    def costs(self, drawn: np.ndarray) -> np.ndarray:
        """How bad draws are, (draws,): far from the share, then classes missing on a side, then the rest.

        Args:
            drawn: (draws, groups) which groups are for the test.
        """
        rows = drawn @ self.rows
        test = drawn @ self.classes
        train = self.holders - test
        alone = drawn.shape[1] - drawn.sum(axis=1) < min(2, drawn.shape[1] - 1)
        missing = (((test == 0) | (train == 0)) & (self.holders >= 2)).sum(axis=1)
        lonely = ((train == 1) & (self.holders >= 3)).sum(axis=1)
        ratio = np.maximum(rows, 1e-9) / self.wanted
        far = np.maximum(ratio, 1 / ratio)
        off = np.where(np.abs(ratio - 1) <= SLACK, 0.0, np.abs(ratio - 1))
        return (
            np.where(far > FARTHEST + 1e-9, 1e9 * far, 0.0) + 1e6 * alone + 1e4 * missing + 10 * lonely + off
        )

    def is_fine(self, drawn: np.ndarray) -> bool:
        """Whether a draw is near the share and has on both sides every class that two groups hold.

        Of two classes each needs two groups to learn from as well, or it cannot be validated.
        """
        ratio = (drawn @ self.rows) / self.wanted
        limit = 10 if self.classes.shape[1] == 2 else 1e4
        return bool(1 / NEAR <= ratio <= NEAR and self.costs(drawn[None])[0] < limit)

    def best(self, drawn: np.ndarray, seed: int) -> np.ndarray:
        """The best draw, at random among equals."""
        random = np.random.RandomState(seed)
        if len(drawn) <= FEW_GROUPS:
            every = (np.arange(1, 2 ** len(drawn) - 1)[:, None] >> np.arange(len(drawn)) & 1).astype(bool)
            costs = self.costs(every)
            chosen: np.ndarray = every[random.choice(np.flatnonzero(costs <= costs.min() + 1e-9))]
            return chosen
        starts = [drawn, np.zeros_like(drawn), *(random.rand(3, len(drawn)) < 0.2)]
        ends = [self._climbed(start, random) for start in starts]
        return min(ends, key=lambda one: float(self.costs(one[None])[0]))

    def _climbed(self, start: np.ndarray, random: np.random.RandomState) -> np.ndarray:
        """A draw that was changed by single groups, and pairs of them, as long as that made it better."""
        drawn, idle = start.copy(), 0
        cost = float(self.costs(drawn[None])[0])
        for _ in range(min(STEPS, 20 + MOST_TRIED // len(drawn))):
            if cost == 0 or idle == 8:
                break
            tries = self._tries(drawn, random)
            costs = self.costs(tries)
            idle += 1
            if costs.min() < cost - 1e-12:
                drawn, cost, idle = tries[costs.argmin()], float(costs.min()), 0
        return drawn

    def _tries(self, drawn: np.ndarray, random: np.random.RandomState) -> np.ndarray:
        """(tries, groups) draws that differ from one by a group, or by a pair that change sides."""
        count = len(drawn)
        rare = np.flatnonzero(self.classes[:, np.argsort(self.holders)[:8]].any(axis=1))
        singles = np.r_[random.randint(count, size=TRIES), random.permutation(rare)[:TRIES]]
        tries = np.repeat(drawn[None], len(singles) + TRIES, axis=0)
        tries[np.arange(len(singles)), singles] ^= True
        pairs = np.arange(len(singles), len(tries))
        for side in (True, False):
            members = np.flatnonzero(drawn == side)
            if len(members):
                tries[pairs, random.choice(members, TRIES)] ^= True
        return tries
