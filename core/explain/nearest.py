"""The nearest row with another answer that differs only where it may."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.explain.domain import Domain
from core.results.one_row import Cell, Row

Numbers = NDArray[np.float64]
Score = Callable[[list[Row]], Numbers]
"""(n,) of rows: 0 or more where the goal is reached, the nearer to 0 the better below."""
QUANTILES = 15
MOST_LEVELS = 30
MOST_CHANGES = 4
BEAM = 6
HALVINGS = 7
LEVEL_COST = 0.5


@dataclass(frozen=True, eq=False)
class Found:
    """What a search ended with.

    Attributes:
        row: the nearest row that reaches the goal, or None.
        best: the row that came nearest to the goal.
        tried: rows that were looked at.
    """

    row: Row | None
    best: Row
    tried: int


class Search:
    """A beam search over the levels and the quantiles of the columns that may change.

    Args:
        row: where it starts.
        known: the domains of its columns.
        free: names of the columns that may change.
        score: of many rows at once.
    """

    def __init__(self, row: Row, known: Mapping[str, Domain], free: Sequence[str], score: Score) -> None:
        self.row, self.known, self._score, self.tried = row, known, score, 0
        self.free = {name: places for name in free if (places := self._places(name))}

    def run(self) -> Found:
        """Change one column, then more, four at most, until the goal is reached; then undo what is idle.

        A row that is there already is its own nearest one.
        """
        if self.score([self.row])[0] >= 0:
            return Found(self.row, self.row, self.tried)
        beam, best, level = [self.row], self.row, -np.inf
        for _ in range(min(MOST_CHANGES, len(self.free))):
            rows = self._one_further(beam)
            if not rows:
                break
            values = self.score(rows)
            reached = [row for row, value in zip(rows, values, strict=True) if value >= 0]
            if reached:
                nearest = min(reached, key=self.cost)
                return Found(self._closer(self._needed(nearest)), nearest, self.tried)
            order = np.argsort(-values, kind="stable")[:BEAM]
            beam = [rows[place] for place in order]
            if values[order[0]] > level:
                best, level = beam[0], float(values[order[0]])
        return Found(None, best, self.tried)

    def score(self, rows: list[Row]) -> Numbers:
        """The scores of rows, counted."""
        self.tried += len(rows)
        return self._score(rows)

    def cost(self, row: Row) -> float:
        """How far a row is from the start: a number by the share of the training values between, at most 1; a
        level or an unknown value by a half."""
        return sum(self._distance(name, row[name]) for name in self.free)

    def _distance(self, name: str, cell: Cell) -> float:
        before = self.row[name]
        if cell == before:
            return 0.0
        domain = self.known[name]
        if domain.levels or before is None or cell is None:
            return LEVEL_COST
        return abs(domain.share_below(cell) - domain.share_below(before)) + 1e-6

    def _places(self, name: str) -> list[Cell]:
        domain = self.known[name]
        if domain.levels:
            return [domain.cell_of(level) for level in domain.levels[:MOST_LEVELS]]
        shares = np.linspace(0.0, 1.0, QUANTILES)
        return [cell for cell in dict.fromkeys(domain.at(shares)) if cell is not None]

    def _one_further(self, beam: list[Row]) -> list[Row]:
        """All rows of one more change, each once."""
        found: dict[tuple[Cell, ...], Row] = {}
        for row in beam:
            for name, places in self.free.items():
                if row[name] == self.row[name]:
                    for cell in places:
                        if cell != row[name]:
                            new = {**row, name: cell}
                            found.setdefault(tuple(new.values()), new)
        return list(found.values())

    def _changed(self, row: Row) -> list[str]:
        return [name for name in self.free if row[name] != self.row[name]]

    def _needed(self, row: Row) -> Row:
        """The row without the changes that it reaches the goal without."""
        for name in self._changed(row):
            less = {**row, name: self.row[name]}
            if self._changed(less) and self.score([less])[0] >= 0:
                row = less
        return row

    def _closer(self, row: Row) -> Row:
        """Each changed number brought back towards its start as far as the goal stays reached."""
        for name in self._changed(row):
            domain = self.known[name]
            start, end = domain.number(self.row[name]), domain.number(row[name])
            if domain.levels or start is None or end is None:
                continue
            for _ in range(HALVINGS):
                tried = {**row, name: domain.cell((start + end) / 2)}
                between = domain.number(tried[name])
                if between is None or between in (start, end):
                    break
                if self.score([tried])[0] >= 0:
                    row, end = tried, between
                else:
                    start = between
        return row
