"""How often the checks find a leak of each kind, and how often they call a clean table leaky.

python -m benchmarks.decided.leaks [--draws 20]
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np
import pandas as pd

from benchmarks.decided.clean_tables import CLEAN
from benchmarks.decided.leak_tables import LEAKS, task_of
from core.checks.finding import Finding
from core.data.kinds import classify
from core.findings import findings
from core.spec import Task

ROWS = (200, 600, 3_000)
CODES = ("LEAKAGE", "NEAR_DUPLICATES", "GROUPED")
LOUD = ("error", "warn")


def found_in(frame: pd.DataFrame, task: Task) -> list[Finding]:
    """What the checks of leaks find in a table as the reader types it."""
    text = {name: "str" for name in frame.columns if frame[name].dtype == object}
    typed = frame.astype(text)
    for name in typed.select_dtypes("number").columns:
        typed[name] = typed[name].astype("float64")
    every = findings(typed, classify(typed, {}), "y", task)
    return [one for one in every if one.code in CODES and one.severity in LOUD]


def share_found(kind: str, rows: int, numbers: bool, draws: int) -> float:
    """Share of tables in which the leak is named."""
    hits = 0
    for draw in range(draws):
        frame, wanted = LEAKS[kind](np.random.default_rng([draw, rows, numbers]), rows, numbers)
        task = task_of(kind, numbers)
        hits += any(one.column in wanted and one.code != "GROUPED" for one in found_in(frame, task))
    return hits / draws


def alarms(kind: str, rows: int, draws: int) -> tuple[float, Counter[str]]:
    """Share of clean tables with an error, and what was found, warnings too."""
    wrong, seen = 0, Counter[str]()
    for draw in range(draws):
        frame, task = CLEAN[kind](np.random.default_rng([draw, rows, 7]), rows)
        loud = [one for one in found_in(frame, task) if one.code != "GROUPED"]
        wrong += any(one.severity == "error" for one in loud)
        seen.update(f"{one.severity} {one.code} {one.column}" for one in loud)
    return wrong / draws, seen


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    print(f"{'kind of leak':28}{'target':>9}" + "".join(f"{rows:>8,}" for rows in ROWS))
    for kind in LEAKS:
        for numbers in (False, True):
            if given.only in kind:
                shares = [share_found(kind, rows, numbers, given.draws) for rows in ROWS]
                shown = "".join(f"{share:>8.0%}" for share in shares)
                print(f"{kind:28}{'number' if numbers else 'class':>9}{shown}", flush=True)
    print(f"\n{'clean table':28}" + "".join(f"{rows:>8,}" for rows in ROWS) + "  also")
    for kind in CLEAN:
        if given.only in kind:
            each = [alarms(kind, rows, given.draws) for rows in ROWS]
            seen = sum((one for _, one in each), Counter[str]())
            shown = "".join(f"{share:>8.1%}" for share, _ in each)
            print(f"{kind:28}{shown}  {dict(seen.most_common(3)) or ''}", flush=True)


if __name__ == "__main__":
    main()
