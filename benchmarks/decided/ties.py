"""How often a comparison claims a difference where there is none: all models on tables of pure chance.

The target has nothing to do with the columns, so that no model is better than another or than the baseline.
``python -m benchmarks.decided.ties [tables]``
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.decided.gain import Silent, chance
from benchmarks.tables import work_on
from core.engine.processes.units import ForkRunner
from core.engine.settings import cap_threads
from core.train.compare import compare

TABLES, ROWS, COLUMNS = 60, 1_500, 8


def claims(seed: int) -> tuple[bool, bool, bool]:
    """Whether a model is called behind the best, one ahead of all others, one better than the baseline."""
    recipe, frame = chance(seed, ROWS, COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        work = work_on(recipe, frame, Path(folder))
        found, _ = compare(work, Silent(), ForkRunner(work.resources, 2))
    rows = [row for row in found.board if row.id != found.baseline]
    tied = [row.tied_with_best for row in rows]
    return not all(tied), sum(tied) == 1, any(row.beats_baseline for row in rows)


def main() -> None:
    """Print the shares of tables."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else TABLES
    behind, ahead, beats = np.array([claims(seed) for seed in range(tables)]).mean(axis=0)
    print(f"{tables} tables of chance, {ROWS:,} rows, all models that are compared by default; claimed for")
    print(f"at least one model that it is behind the best: {behind:.0%} of the tables,")
    print(f"one that it is ahead of all others: {ahead:.0%},")
    print(f"at least one that it beats the baseline: {beats:.0%}.")


if __name__ == "__main__":
    cap_threads()
    main()
