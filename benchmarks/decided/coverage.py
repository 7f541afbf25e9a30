"""How often 95 % intervals of test scores hold the true score, in kinds of test sets whose score is known.

``python -m benchmarks.decided.coverage [--draws N] [--kind PATTERN] [--all]``: each line is a score in a kind
of test set: the share of draws that show an interval, and the share of these that hold the truth. By default
only lines outside 93 to 97 % are printed, and a summary.
"""

from __future__ import annotations

import argparse
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.decided.coverage_awkward import AWKWARD
from benchmarks.decided.coverage_cells import USUAL, Cell
from core.catalog.metrics import METRICS, metrics_for, score_all
from core.evaluate.intervals.score_interval import intervals

DRAWS, ROWS_OF_TRUTH, LOW, HIGH = 600, 400_000, 0.93, 0.97
CELLS = (*USUAL, *AWKWARD)
SELDOM = 0.1
"""Kinds of test sets in which fewer draws show an interval are counted as showing none."""


@dataclass(frozen=True)
class Line:
    """A score in a kind of test set.

    Attributes:
        shown: share of draws with an interval.
        held: share of these that hold the truth.
        below, above: shares of these whose interval lies above, or below, the truth.
    """

    kind: str
    rows: int
    metric: str
    truth: float
    shown: float
    held: float
    below: float
    above: float

    def surely_outside(self, draws: int) -> bool:
        """Whether chance alone leaves the bar so far in less than one of twenty."""
        bar = LOW if self.held < LOW else HIGH
        return abs(self.held - bar) > 2 * np.sqrt(bar * (1 - bar) / (draws * self.shown))

    @property
    def words(self) -> str:
        covers = f"{self.held:6.1%} ({self.below:.1%} under, {self.above:.1%} over)" if self.shown else "-"
        return (
            f"{self.kind:34s} {self.rows:5d} {self.metric:18s} {self.truth:8.4f} {self.shown:5.0%}  {covers}"
        )


def truth_of(cell: Cell) -> dict[str, float]:
    """The scores on very many rows (of groups: many groups; of times: many rows in one long series)."""
    size = ROWS_OF_TRUTH // 20 if "groups" in cell.name else ROWS_OF_TRUTH
    drawn = cell.make(size, np.random.default_rng(987_654))
    return score_all(drawn.truth, drawn.prediction)


def lines_of(cell: Cell, truth: dict[str, float], draws: int, seed: int = 0) -> Iterator[Line]:
    """The lines of one kind of test set."""
    task = "regression" if "rmse" in truth else "binary" if "roc_auc" in truth else "multiclass"
    metrics = [METRICS[name] for name in cell.metrics] or list(metrics_for(task))
    ends = np.empty((draws, len(metrics), 2))
    for draw in range(draws):
        drawn = cell.make(cell.rows, np.random.default_rng([seed, cell.rows, draw, len(cell.name)]))
        found = intervals(metrics, drawn.truth, drawn.prediction, drawn.groups, drawn.times)
        ends[draw] = [(found[metric.id].low, found[metric.id].high) for metric in metrics]
    for place, metric in enumerate(metrics):
        shown = ends[np.isfinite(ends[:, place, 0]), place]
        under, over = truth[metric.id] < shown[:, 0] - 1e-9, truth[metric.id] > shown[:, 1] + 1e-9
        shares = (1 - under.mean() - over.mean(), under.mean(), over.mean()) if len(shown) else (np.nan,) * 3
        yield Line(cell.name, cell.rows, metric.id, truth[metric.id], len(shown) / draws, *map(float, shares))


def main() -> None:
    """Print the lines that are asked for, and a summary."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decided.coverage")
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--kind", default="", help="only kinds whose name and rows match this pattern")
    parser.add_argument("--all", action="store_true", help="every line")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    truths: dict[str, dict[str, float]] = {}
    lines: list[Line] = []
    for cell in CELLS:
        if re.search(asked.kind, f"{cell.name} {cell.rows}"):
            truths.setdefault(cell.name, truth_of(cell))
            for line in lines_of(cell, truths[cell.name], asked.draws):
                lines.append(line)
                if asked.all or (line.shown >= SELDOM and not LOW <= line.held <= HIGH):
                    print(line.words, flush=True)
    print(summary(lines, asked.draws))


def summary(lines: Sequence[Line], draws: int) -> str:
    """How many lines are within the bar, and outside of it by more than two standard errors of the share."""
    usual = [line for line in lines if line.shown >= SELDOM]
    narrow = [line for line in usual if line.held < LOW]
    wide = [line for line in usual if line.held > HIGH]
    surely = [sum(line.surely_outside(draws) for line in some) for some in (narrow, wide)]
    inside = len(usual) - len(narrow) - len(wide)
    return (
        f"{len(lines)} lines of {draws} draws, {len(usual)} with an interval in {SELDOM:.0%} or more:\n"
        f"{inside} within {LOW:.0%} to {HIGH:.0%}, {len(narrow)} below ({surely[0]} by more than two "
        f"standard errors), {len(wide)} above ({surely[1]})."
    )


if __name__ == "__main__":
    main()
