"""False alarms of whole comparisons where nothing changed, and changes that hardly move a distribution.

For each kind of column: the share of pairs of tables with any real change told ("minor" included), with the
reference as it is and as a bundle publishes it. Then what is found of changes in rare levels, spread, tails,
rows in lots, and pairs of numbers as a bundle compares them, also of rows in lots.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.drift.profile.build import reference_profile
from core.drift.profile.correlations import correlations
from core.drift.profile.published import published
from core.spec import Kind
from core.watch.drift import drift
from core.watch.judge.pairs import pairs_drift

RUNS = 200
SIZES = ((100, 200, 5), (1_000, 200, 20), (1_000, 1_000, 20), (5_000, 2_000, 10), (500, 5_000, 50))
LOT = 20
LOTS = ((4_000, 2_000, 0.5, 1.5), (4_000, 2_000, 0.1, 0.5), (10_000, 300, 0.3, 2.0))
Draw = Callable[[np.random.Generator, int], np.ndarray]


@dataclass(frozen=True)
class Column:
    """A column to watch."""

    name: str
    kind: Kind


def _levels(shares: list[float]) -> Draw:
    weights = np.array(shares) / sum(shares)
    return lambda draw, rows: draw.choice(len(weights), rows, p=weights).astype(str)


CLEAN: Mapping[str, Draw] = {
    "normal": lambda draw, rows: draw.normal(size=rows),
    "t2": lambda draw, rows: draw.standard_t(2, rows),
    "Cauchy": lambda draw, rows: draw.standard_cauchy(rows),
    "log-normal": lambda draw, rows: np.exp(2 * draw.normal(size=rows)),
    "many ties": lambda draw, rows: np.round(draw.exponential(8, rows)),
    "90 % zeros": lambda draw, rows: np.where(draw.random(rows) < 0.9, 0, draw.exponential(1, rows)),
    "30 % missing": lambda draw, rows: np.where(draw.random(rows) < 0.3, np.nan, draw.normal(size=rows)),
    "rare levels": _levels([0.5, 0.3, *[0.02] * 10]),
    "300 levels": _levels([1 / place**1.5 for place in range(1, 301)]),
}
CHANGES: Mapping[str, tuple[Draw, Draw]] = {
    "a class from 2 to 4 %": (_levels([0.5, 0.48, 0.02]), _levels([0.5, 0.46, 0.04])),
    "variance x 1.5": (CLEAN["normal"], lambda draw, rows: draw.normal(0, 1.5**0.5, rows)),
    "5 % at +3 sd": (
        CLEAN["normal"],
        lambda draw, rows: np.where(draw.random(rows) < 0.05, 3.0, draw.normal(size=rows)),
    ),
    "0.5 % at 1e6": (
        CLEAN["normal"],
        lambda draw, rows: np.where(draw.random(rows) < 0.005, 1e6, draw.normal(size=rows)),
    ),
}


def table(draw: np.random.Generator, rows: int, columns: list[Draw]) -> pd.DataFrame:
    """Columns x0, x1 and so on, independent of each other."""
    frame = {f"x{place}": one(draw, rows) for place, one in enumerate(columns)}
    return pd.DataFrame({name: values if values.dtype == np.float64 else pd.Series(values, dtype="str")
                         for name, values in frame.items()})  # fmt: skip


def told(old: pd.DataFrame, new: pd.DataFrame) -> list[tuple[str, str]]:
    """Verdict, and state of x0 or the worst other, by the reference as it is and as a bundle publishes it."""
    numbers = {name: cells.dtype == np.float64 for name, cells in old.items()}
    columns = [
        Column(str(name), "numeric" if is_number else "categorical") for name, is_number in numbers.items()
    ]
    profile = reference_profile(old, columns)
    reports = [drift(one, new) for one in (profile, published(profile))]
    return [(one.verdict.state, next(c.state for c in one.columns if c.name == "x0")) for one in reports]


def alarms(runs: int, rows: int, new: int, columns: int, kind: Draw) -> list[float]:
    """Share of quiet pairs whose verdict is that something changed or is odd."""
    quiet = ("stable", "too_few_rows")
    wrong = np.zeros(2)
    for run in range(runs):
        draw = np.random.default_rng([run, rows, new])
        pair = (table(draw, size, [kind] * columns) for size in (rows, new))
        wrong += [state not in quiet for state, _ in told(*pair)]
    return (wrong / runs).tolist()


def finds(runs: int, rows: int, new: int, change: tuple[Draw, Draw]) -> list[float]:
    """Share of changed pairs, one of ten columns, that is not called stable."""
    seen = np.zeros(2)
    for run in range(runs):
        draw = np.random.default_rng([run, rows, new])
        rest = [CLEAN["normal"]] * 9
        pair = (table(draw, size, [one, *rest]) for size, one in zip((rows, new), change, strict=True))
        seen += [state not in ("stable", "too_few_rows") for state, _ in told(*pair)]
    return (seen / runs).tolist()


def lots_alarms(runs: int, rows: int, new: int, share: float, shift: float) -> float:
    """Share of pairs of tables in lots, one column of eight shifted, that a bundle does not call quiet."""
    seen = 0
    for run in range(runs):
        draw = np.random.default_rng([run, rows, new])
        old, now = (pd.DataFrame(numbers_in_lots(draw, size, share, 50)) for size in (rows, new))
        now["x0"] += shift
        seen += told(old, now)[1][0] not in ("stable", "too_few_rows")
    return seen / runs


def numbers_in_lots(
    draw: np.random.Generator, rows: int, share: float, lot: int = LOT
) -> dict[str, pd.Series]:
    """Eight columns with a share of their variance between lots of ``lot`` rows."""
    lots = np.repeat(draw.normal(size=(rows // lot, 8)), lot, axis=0)
    values = np.sqrt(share) * lots + np.sqrt(1 - share) * draw.normal(size=(len(lots), 8))
    return {f"x{place}": pd.Series(column) for place, column in enumerate(values.T)}


def pair_alarms(runs: int, make: Callable[[np.random.Generator, int], dict[str, pd.Series]]) -> float:
    """Share of quiet pairs of 2,000 and 1,000 rows in which a correlation is said to have changed."""
    wrong = 0
    for run in range(runs):
        draw = np.random.default_rng(run)
        wrong += pairs_drift(correlations(make(draw, 2_000)), make(draw, 1_000), 0.1).state == "drift"
    return wrong / runs


def _columns(kind: Draw) -> Callable[[np.random.Generator, int], dict[str, pd.Series]]:
    return lambda draw, rows: {f"x{place}": pd.Series(kind(draw, rows)) for place in range(8)}


def main() -> None:
    """Print three tables, in percent."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    print(f"not called stable although nothing changed, % of {runs}: two tables, bundle")
    for rows, new, columns in SIZES:
        for name, kind in CLEAN.items():
            shares = "".join(f"{100 * share:>8.1f}" for share in alarms(runs, rows, new, columns, kind))
            print(f"{rows:,} against {new:,}, {columns} columns, {name:<14}{shares}", flush=True)
    print("changes of one column of ten that are not called stable, %: two tables, bundle")
    for rows, new in ((2_000, 500), (5_000, 2_000)):
        for name, change in CHANGES.items():
            shares = "".join(f"{100 * share:>8.1f}" for share in finds(runs, rows, new, change))
            print(f"{rows:,} against {new:,}, {name:<24}{shares}", flush=True)
    print("rows in lots of 50, not called stable, % (bundle): nothing changed; one column of eight shifted")
    for rows, new, share, shift in LOTS:
        shares = [100 * lots_alarms(runs, rows, new, share, moved) for moved in (0.0, shift)]
        sizes = f"{rows:,} against {new:,}, {share:.0%} between, +{shift} sd"
        print(f"{sizes:<44}{shares[0]:>8.1f}{shares[1]:>8.1f}", flush=True)
    print("a correlation is said to have changed although none did, % (eight columns, 2,000 against 1,000)")
    kinds = {name: _columns(CLEAN[name]) for name in ("normal", "t2", "many ties", "30 % missing")}
    kinds["two values"] = _columns(lambda draw, rows: (draw.random(rows) < 0.1).astype(np.float64))
    for share in (0.1, 0.5, 1.0):
        kinds[f"{share:.0%} of the variance between lots"] = lambda d, n, s=share: numbers_in_lots(d, n, s)
    for name, make in kinds.items():
        print(f"{name:<40}{100 * pair_alarms(runs, make):>8.1f}", flush=True)


if __name__ == "__main__":
    main()
