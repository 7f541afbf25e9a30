"""How often a leak that is planted into a real table is named, and what is said of the table without it.

python -m benchmarks.decided.planted [--rows 1500] [--draws 2] [--only KIND] [--tables adult wine]
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np
import pandas as pd

from benchmarks.decided.plants import PLANTS
from benchmarks.decided.real_tables import LEAKY, NAMES, Real, real
from core.checks.finding import Finding
from core.data.kinds import classify
from core.findings import findings

CODES = ("LEAKAGE", "NEAR_DUPLICATES", "GROUPED", "DUPLICATES")
IN_ORDER = ("means of the next targets", "newest row first")
SIGNS = {"error": "E", "warn": "w", "": "-"}
SAME_TARGET = 0.9
"""Share of the rows of an entity that have the target of its first row, or for numbers of its part of it."""


def some_rows(table: Real, rows: int, seed: int, in_order: bool) -> Real:
    """That many rows that have a target, at random or next to each other."""
    frame, target, task = table
    leaky = [name for name in LEAKY.get(frame.attrs.get("name", ""), ()) if name in frame]
    frame = frame[frame[target].notna()].drop(columns=leaky)
    if len(frame) > rows:
        random = np.random.default_rng(seed)
        first = int(random.integers(0, len(frame) - rows))
        frame = frame.iloc[first : first + rows] if in_order else frame.sample(rows, random_state=seed)
    return frame.reset_index(drop=True), target, task


def planted(kind: str, table: Real, seed: int) -> tuple[Real, set[str]]:
    """The table with a leak of that kind, and the columns one of which is to be named."""
    frame, target, task = table
    numbers = task == "regression"
    values = frame[target] if numbers else pd.factorize(frame[target], sort=True)[0]
    y = np.asarray(values, dtype="float64")
    frame.attrs["target"] = target
    made, wanted = PLANTS[kind](np.random.default_rng(seed), frame, y, numbers)
    if "_who" in made:
        made = _by_entity(made, target, numbers, seed)
    if kind == "difference of two dates" and numbers:
        made[target] = ((made["zz_out"] - made["zz_in"]) / pd.Timedelta(1, "D")).round()
    return (made, target, task), wanted


def _by_entity(made: pd.DataFrame, target: str, numbers: bool, seed: int) -> pd.DataFrame:
    """Rows of one entity have one class, or numbers that lie about its own."""
    own = made.groupby("_who")[target].transform("first")
    random = np.random.default_rng(seed)
    if numbers:
        made[target] = own + 0.15 * made[target].std() * random.normal(size=len(made))
    else:
        made[target] = own.where(random.random(len(made)) < SAME_TARGET, made[target])
    return made.drop(columns="_who")


def loud(table: Real) -> list[Finding]:
    """Problems and warnings of leaks in a table."""
    frame, target, task = table
    every = findings(frame, classify(frame, {}), target, task)
    return [one for one in every if one.code in CODES and one.severity != "info"]


def named(found: list[Finding], wanted: set[str]) -> str:
    """The severity with which a leak is named, or empty."""
    codes = ("NEAR_DUPLICATES",) if "" in wanted else ("LEAKAGE", "GROUPED")
    levels = [one.severity for one in found if one.code in codes and one.column in wanted]
    return "error" if "error" in levels else next(iter(levels), "")


def main() -> None:
    """Print what is said of each table, then of each kind in each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_500)
    parser.add_argument("--draws", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--tables", nargs="*", default=list(NAMES))
    given = parser.parse_args()
    for name in given.tables:
        table = real(name)
        table[0].attrs["name"] = name
        clean = [loud(some_rows(table, given.rows, seed, False)) for seed in range(given.draws)]
        false = Counter(f"{one.severity} {one.code} {one.column}" for each in clean for one in each)
        kinds = [kind for kind in PLANTS if given.only in kind]
        line = [f"{kind}: {_marks(kind, table, given.rows, given.draws)}" for kind in kinds]
        print(f"{name:26} {' | '.join(line)}\n      clean: {dict(false) or 'nothing'}", flush=True)


def _marks(kind: str, table: Real, rows: int, draws: int) -> str:
    """A sign for each draw."""
    marks = ""
    for seed in range(draws):
        made, wanted = planted(kind, some_rows(table, rows, seed, kind in IN_ORDER), seed)
        marks += SIGNS[named(loud(made), wanted)]
    return marks


if __name__ == "__main__":
    main()
