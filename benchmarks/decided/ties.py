"""How often a comparison claims a difference where there is none: all models on tables of pure chance.

The target has nothing to do with the columns, so that no model is better than another or than the baseline.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.decided.gain import Silent, chance
from core.engine.processes.units import run_units
from core.engine.settings import cap_threads
from core.train.compare import compare
from core.train.folds.fold_cache import Work
from core.train.split import split_rows
from core.train.target import target_of

TABLES, ROWS, COLUMNS = 60, 1_500, 8


def claims(seed: int) -> tuple[bool, bool, bool]:
    """Whether a model is called behind the best, one ahead of all others, one better than the baseline."""
    recipe, frame = chance(seed, ROWS, COLUMNS)
    target = target_of(recipe, frame)
    with tempfile.TemporaryDirectory() as folder:
        work = Work(recipe, frame, target, split_rows(recipe, frame, target), Path(folder).joinpath)
        found, _ = compare(work, Silent(), _run)
    rows = [row for row in found.board if row.id != found.baseline]
    tied = [row.tied_with_best for row in rows]
    return not all(tied), sum(tied) == 1, any(row.beats_baseline for row in rows)


def _run(work: Callable[[Any], Any], units: Iterable[Any]) -> Any:
    return run_units(work, units, 2)


def main() -> None:
    """Print the shares of tables."""
    behind, ahead, beats = np.array([claims(seed) for seed in range(TABLES)]).mean(axis=0)
    print(f"{TABLES} tables of chance, {ROWS:,} rows, all models that are compared by default; claimed for")
    print(f"at least one model that it is behind the best: {behind:.0%} of the tables,")
    print(f"one that it is ahead of all others: {ahead:.0%},")
    print(f"at least one that it beats the baseline: {beats:.0%}.")


if __name__ == "__main__":
    cap_threads()
    main()
