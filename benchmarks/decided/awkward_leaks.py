"""Leaks by a formula, by two dates, by numbers in a text and by pulled means, and how often each is named.

python -m benchmarks.decided.awkward_leaks [--draws 2] [--only KIND]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.decided.leak_tables import base
from benchmarks.decided.leaks import LOUD, found_in
from core.spec import Task

Random = np.random.Generator
Leak = tuple[pd.DataFrame, np.ndarray]
"""Columns that tell the target together, and the target: numbers, or words of two classes."""
ROWS = (200, 1_000, 5_000)
FILLER = ("the order was sent to room today", "and then again by mail", "with some delay for her and us")
WORDS = " ".join(FILLER).split()
START = pd.Timestamp("2023-01-01")


def _columns(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({f"zz_{name}": values for name, values in columns.items()})


def _money(random: Random, rows: int) -> np.ndarray:
    return np.asarray(random.lognormal(3, 0.7, rows).round(2))


def _many(random: Random, rows: int) -> np.ndarray:
    return np.asarray(random.integers(1, 20, rows).astype("float64"))


def coarse_product(random: Random, rows: int) -> Leak:
    price, units = _money(random, rows), _many(random, rows)
    return _columns(price=price, units=units), (price * units).round(-2)


def coarse_sum(random: Random, rows: int) -> Leak:
    one, two = _money(random, rows), _money(random, rows)
    return _columns(one=one, two=two), (one + two).round(-1)


def sum_of_seven(random: Random, rows: int) -> Leak:
    parts = {f"part{i}": _money(random, rows) for i in range(7)}
    return _columns(**parts), np.sum(list(parts.values()), axis=0).round()


def with_discount(random: Random, rows: int) -> Leak:
    price, units, rate = _money(random, rows), _many(random, rows), random.choice([0, 0.05, 0.1, 0.3], rows)
    return _columns(price=price, units=units, rate=rate), (price * units * (1 - rate)).round(2)


def product_of_three(random: Random, rows: int) -> Leak:
    sides = {name: random.uniform(1, 9, rows).round(1) for name in ("length", "width", "height")}
    return _columns(**sides), np.prod(list(sides.values()), axis=0).round(1)


def over_a_square(random: Random, rows: int) -> Leak:
    height = random.normal(1.72, 0.1, rows).round(2)
    weight = (height**2 * random.normal(25, 4, rows)).round()
    return _columns(height=height, weight=weight), (weight / height**2).round(1)


def root_of_squares(random: Random, rows: int) -> Leak:
    one, two = (random.uniform(-5, 5, rows).round(2) for _ in range(2))
    return _columns(one=one, two=two), np.hypot(one, two).round(2)


def larger_of_two(random: Random, rows: int) -> Leak:
    one, two = _money(random, rows), _money(random, rows)
    return _columns(one=one, two=two), np.maximum(one, two)


def mostly_a_product(random: Random, rows: int) -> Leak:
    price, units = _money(random, rows), _many(random, rows)
    slip = np.where(random.random(rows) < 0.25, random.uniform(0.5, 1.5, rows), 1.0)
    return _columns(price=price, units=units), (price * units * slip).round(2)


def product_above(random: Random, rows: int) -> Leak:
    price, units = _money(random, rows), _many(random, rows)
    return _columns(price=price, units=units), np.where(price * units > 250, "big", "small")


def sum_above_a_third(random: Random, rows: int) -> Leak:
    one, two, limit = _money(random, rows), _money(random, rows), 2 * _money(random, rows)
    return _columns(one=one, two=two, limit=limit), np.where(one + two > limit, "over", "under")


def days_between(random: Random, rows: int) -> Leak:
    start = np.floor(random.uniform(0, 700, rows))
    days = np.floor(random.gamma(2, 4, rows))
    return _columns(start=_dates(start), end=_dates(start + days)), days


def late(random: Random, rows: int) -> Leak:
    due = np.floor(random.uniform(0, 700, rows))
    came = np.floor(due + random.normal(0, 6, rows))
    return _columns(due=_dates(due), came=_dates(came)), np.where(came > due, "late", "in time")


def over_twenty_days(random: Random, rows: int) -> Leak:
    start, days = random.uniform(0, 700, rows), random.gamma(2, 6, rows)
    return _columns(start=_dates(start), end=_dates(start + days)), np.where(days > 20, "long", "short")


def _dates(days: np.ndarray) -> pd.Series:
    return pd.Series(START + pd.to_timedelta(np.round(24 * days), "h")).astype("datetime64[us]")


def _note(say: Callable[[Random, float], str]) -> Callable[[Random, int], Leak]:
    def make(random: Random, rows: int) -> Leak:
        amounts = random.lognormal(6, 1, rows).round(2) + 1
        notes = pd.Series([say(random, float(amount)) for amount in amounts], dtype="str")
        return pd.DataFrame({"zz_note": notes}), amounts

    return make


def _filler(random: Random) -> str:
    return " ".join(random.choice(WORDS, int(random.integers(2, 8))))


def _anywhere(random: Random, amount: float) -> str:
    parts = [f"{random.integers(1, 900)} {word}" for word in random.choice(WORDS, 3)]
    return "; ".join(random.permutation([*parts, f"${amount:.2f}"]))


def _points_and_comma(random: Random, amount: float) -> str:
    written = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{_filler(random)} paid {written} EUR {_filler(random)}"


def _spaces(random: Random, amount: float) -> str:
    return f"{_filler(random)} paid {amount:,.2f} EUR".replace(",", " ")


def _in_half(random: Random, amount: float) -> str:
    return f"{_filler(random)} paid {amount:.2f}" if random.random() < 0.45 else _filler(random)


def _in_two_parts(random: Random, amount: float) -> str:
    one = round(amount * random.random(), 2)
    return f"{_filler(random)} {one:.2f} and then {amount - one:.2f}"


def _on_a_date(random: Random, rows: int) -> Leak:
    days = np.floor(random.uniform(0, 2_000, rows))
    notes = [f"{_filler(random)} closed {one:%d.%m.%Y} {_filler(random)}" for one in _dates(days)]
    return pd.DataFrame({"zz_note": pd.Series(notes, dtype="str")}), days


def pulled_means(random: Random, rows: int) -> Leak:
    """Shares of a class by a level that is no column, pulled to that of all rows."""
    classes = np.where(random.random(rows) < 0.4, "yes", "no")
    shop = random.integers(0, max(8, rows // int(random.choice([3, 6]))), rows)
    hits, counts = np.bincount(shop, weights=classes == "yes"), np.bincount(shop)
    pull = int(random.choice([5, 10]))
    rates = (hits + pull * (classes == "yes").mean()) / np.maximum(counts + pull, 1)
    return _columns(rate=rates[shop].round(6)), classes


AWKWARD_LEAKS: dict[str, Callable[[Random, int], Leak]] = {
    "product to the hundred": coarse_product,
    "sum to the ten": coarse_sum,
    "sum of seven": sum_of_seven,
    "product with a discount": with_discount,
    "product of three": product_of_three,
    "one over the square of another": over_a_square,
    "root of squares": root_of_squares,
    "larger of two": larger_of_two,
    "a product but for slips": mostly_a_product,
    "class by a product": product_above,
    "class by a sum of three": sum_above_a_third,
    "days between two dates": days_between,
    "class by the order of two dates": late,
    "class by days between two dates": over_twenty_days,
    "number anywhere in a text": _note(_anywhere),
    "number with points and comma": _note(_points_and_comma),
    "number with spaces": _note(_spaces),
    "number in half of the texts": _note(_in_half),
    "two numbers of a text": _note(_in_two_parts),
    "date in a text": _on_a_date,
    "pulled means without their level": pulled_means,
}


def severity_named(kind: str, rows: int, seed: int) -> str:
    """How loud a leak of that kind is named among six honest columns; empty where it is not."""
    random = np.random.default_rng([seed, rows])
    leak, target = AWKWARD_LEAKS[kind](random, rows)
    honest = base(random, rows, False)[0].drop(columns="y")
    task: Task = "regression" if target.dtype.kind == "f" else "binary"
    found = found_in(pd.concat([honest, leak], axis=1).assign(y=target), task)
    levels = {one.severity for one in found if one.code == "LEAKAGE" and one.column in leak}
    return next((level for level in LOUD if level in levels), "")


def main() -> None:
    """Print a letter for each draw: e an error, w a warning, - neither."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    print(f"{'kind of leak':34}" + "".join(f"{rows:>8,}" for rows in ROWS))
    for kind in AWKWARD_LEAKS:
        if given.only in kind:
            marks = [
                "".join(severity_named(kind, rows, seed)[:1] or "-" for seed in range(given.draws))
                for rows in ROWS
            ]
            print(f"{kind:34}" + "".join(f"{each:>8}" for each in marks), flush=True)


if __name__ == "__main__":
    main()
