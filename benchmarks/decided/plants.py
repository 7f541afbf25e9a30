"""Leaks of a known kind planted into any table, whose own columns and target stay what they are.

Each takes a random generator, a table and its target as numbers (classes as 0, 1, ...) and whether it is a
number, and gives the table and the columns one of which is to be named; ``""`` for rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

Random = np.random.Generator
Planted = tuple[pd.DataFrame, set[str]]
DAY = pd.Timedelta(1, "D")
START = pd.Timestamp("2023-01-01")


def _dates(days: np.ndarray) -> pd.Series:
    whole = START + pd.to_timedelta(np.round(days * 24), "h")
    return pd.Series(whole).dt.round("s").astype("datetime64[us]")


def _spread(y: np.ndarray) -> np.ndarray:
    """The target from 0 to 1, most of it."""
    low, high = np.quantile(y, (0.01, 0.99))
    return np.asarray((y - low) / ((high - low) or 1.0))


def _text(values: list[str]) -> pd.Series:
    return pd.Series(values, dtype="str")


def copied(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    noise = 0.02 * random.normal(size=len(y)) * (y.std() if numbers else 1)
    return frame.assign(zz_code=3 * y + 5 + noise), {"zz_code"}


def filled_after(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    if numbers:
        return frame.assign(zz_refund=y * 2 + 0.02 * y.std() * random.normal(size=len(y))), {"zz_refund"}
    amount = random.uniform(5, 90, len(y)).round(2)
    return frame.assign(zz_refund=np.where(y == y.max(), amount, np.nan)), {"zz_refund"}


def level_after(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    some = random.integers(0, 3, len(y))
    codes = pd.qcut(y, 40, labels=False, duplicates="drop") if numbers else y * 3 + some
    return frame.assign(zz_status=_text([f"S{int(code)}" for code in codes])), {"zz_status"}


def dates_apart(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    """Admitted and discharged: their difference is the target, or says its class."""
    first = random.integers(0, 700, len(y)).astype("float64")
    wait = 60 * _spread(y) if numbers else 20.1 * y + random.uniform(0, 20, len(y))
    last = np.floor(first + wait + 0.5) if numbers else first + wait
    return frame.assign(zz_in=_dates(first), zz_out=_dates(last)), {"zz_in", "zz_out"}


def rounded_product(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    price = random.lognormal(1, 0.5, len(y)).round(2) + 0.5
    target = y if numbers else y + 0.5
    return frame.assign(zz_price=price, zz_units=(target / price).round(4)), {"zz_price", "zz_units"}


def rounded_ratio(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    hours = random.uniform(2, 60, len(y)).round(1)
    done = hours * (y if numbers else y + 0.5)
    step = 0.002 * max(float(np.std(done)), 1e-9)
    return frame.assign(zz_hours=hours, zz_done=(done / step).round() * step), {"zz_hours", "zz_done"}


def rounded_sum(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    target = y if numbers else y + 0.5
    wide = 2 * max(float(target.std()), 1e-9)
    parts = random.normal(size=(len(y), 2)) * wide
    step = 0.01 * float(target.std())
    last = ((target - parts.sum(axis=1)) / step).round() * step
    made = frame.assign(zz_a=parts[:, 0], zz_b=parts[:, 1], zz_c=last)
    return made, {"zz_a", "zz_b", "zz_c"}


def words_told(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    note = []
    for i, value in enumerate(y):
        minutes, agent = random.integers(1, 90), random.integers(1, 9)
        note.append(f"call {i} of {minutes} min, result {_said(value, numbers)}, agent {agent}")
    return frame.assign(zz_note=_text(note)), {"zz_note"}


def _said(value: float, numbers: bool) -> str:
    if numbers:
        return f"{value:.6g}"
    return ["declined", "approved", "pending"][int(value) % 3] + ("" if value < 3 else f" {int(value)}x")


def number_in_text(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    """A number among others; a text may leave one out before it."""
    scale = float(y.std()) or 1.0
    note = []
    for value in y:
        before = f"room {random.integers(1, 400)} " if random.random() < 0.7 else ""
        told = value if numbers else value * 10 + random.uniform(0, 8)
        visits, parts, each = (random.integers(1, most) for most in (28, 12, 99))
        sum_ = f"{told:.{_digits(scale)}f}"
        note.append(f"{before}{visits} visits, charged {sum_} EUR in {parts} parts of {each}")
    return frame.assign(zz_note=_text(note)), {"zz_note"}


def _digits(scale: float) -> int:
    return int(np.clip(3 - np.log10(scale), 0, 8))


def entity_of_two(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    """A few hundred people by name and birth date, with the target of one of their rows."""
    people = max(12, len(y) // 15)
    who = random.integers(0, people, len(y))
    names, births = random.integers(0, max(4, people // 3), people), random.integers(0, 9_000, people)
    made = frame.assign(zz_name=_text([f"N{names[p]}" for p in who]), zz_born=_dates(births[who] - 12_000.0))
    return made.assign(_who=who), {"zz_name", "zz_born"}


def entity_of_floats(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    who = random.integers(0, max(12, len(y) // 15), len(y))
    return frame.assign(zz_site=random.normal(size=who.max() + 1)[who] * 37.3, _who=who), {"zz_site"}


def target_means(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    shop = random.integers(0, max(20, len(y) // int(random.choice([3, 6, 15]))), len(y))
    smooth, one = random.choice([0, 1, 5]), y if numbers else (y == y.max()).astype("float64")
    sums, counts = np.bincount(shop, weights=one), np.bincount(shop)
    rate = ((sums + smooth * one.mean()) / np.maximum(counts + smooth, 1))[shop]
    made = frame.assign(zz_rate=rate)
    if random.random() < 0.5:
        made["zz_shop"] = _text([f"shop {one}" for one in shop])
    return made, {"zz_rate"}


def thin_levels(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    codes = np.empty(len(y), dtype=np.int64)
    codes[np.argsort(y + (0 if numbers else 0.5 * random.random(len(y))))] = np.arange(len(y)) // 3
    names = random.permutation(codes.max() + 1)
    return frame.assign(zz_reason=_text([f"K{names[code]}" for code in codes])), {"zz_reason"}


def gap_pattern(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    high = y > np.median(y) if numbers else y == y.max()
    coin = random.random(len(y)) < 0.5
    one, two = (random.normal(size=len(y)) for _ in range(2))
    made = frame.assign(zz_lab=np.where(coin, np.nan, one), zz_scan=np.where(coin ^ high, np.nan, two))
    return made, {"zz_lab", "zz_scan"}


def next_targets(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    steps = int(random.choice([1, 3, 7, 50]))
    ahead = pd.Series(y)[::-1].shift(1).rolling(steps, min_periods=1).mean()[::-1]
    return frame.assign(zz_trend=ahead.to_numpy()), {"zz_trend"}


def past_of_newest_first(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    """Values of the rows above, which are later ones where a file begins with the newest row."""
    steps = int(random.choice([1, 3, 7]))
    above = pd.Series(y).shift(1).rolling(steps, min_periods=1).mean()
    return frame.assign(zz_trend=above.to_numpy()), {"zz_trend"}


def _again(random: Random, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    again = frame.sample(frac=0.3, random_state=int(random.integers(1e6))).reset_index(drop=True)
    return frame, again


def _mixed(random: Random, frame: pd.DataFrame, again: pd.DataFrame) -> Planted:
    whole = pd.concat([frame, again], ignore_index=True)
    return whole.iloc[random.permutation(len(whole))].reset_index(drop=True), {""}


def near_copies(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    """Copies with noise of 1 % of the spread of each number of many values."""
    frame, again = _again(random, frame)
    for name in again.select_dtypes("number").columns:
        if frame[name].nunique() > 20 and name != frame.attrs["target"]:
            again[name] = again[name] + 0.01 * frame[name].std() * random.normal(size=len(again))
    return _mixed(random, frame, again)


def category_changed(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    """Copies in which a category is that of another row."""
    frame, again = _again(random, frame)
    _change(random, frame, again, [n for n in frame.columns if str(frame[n].dtype) == "str"])
    return _mixed(random, frame, again)


def number_changed(random: Random, frame: pd.DataFrame, y: np.ndarray, numbers: bool) -> Planted:
    """Copies in which one number is that of another row."""
    frame, again = _again(random, frame)
    _change(random, frame, again, list(frame.select_dtypes("number").columns))
    return _mixed(random, frame, again)


def _change(random: Random, frame: pd.DataFrame, again: pd.DataFrame, names: list[str]) -> None:
    usable = [n for n in names if n != frame.attrs["target"] and frame[n].nunique() > 1]
    if not usable:
        return
    which = random.integers(0, len(usable), len(again))
    for place, name in enumerate(usable):
        rows = np.flatnonzero(which == place)
        others = frame[name].dropna().sample(len(rows), replace=True, random_state=int(random.integers(1e6)))
        again.loc[rows, name] = others.to_numpy()


PLANTS: dict[str, Callable[[Random, pd.DataFrame, np.ndarray, bool], Planted]] = {
    "target on another scale": copied,
    "filled in afterwards": filled_after,
    "a level set afterwards": level_after,
    "difference of two dates": dates_apart,
    "rounded product": rounded_product,
    "rounded ratio": rounded_ratio,
    "rounded sum of three": rounded_sum,
    "words in a text": words_told,
    "number amid a text": number_in_text,
    "entity in two columns": entity_of_two,
    "entity as floats": entity_of_floats,
    "target means of all rows": target_means,
    "few rows a level": thin_levels,
    "pattern of missing cells": gap_pattern,
    "means of the next targets": next_targets,
    "newest row first": past_of_newest_first,
    "copies with noise": near_copies,
    "copies, a category changed": category_changed,
    "copies, a number changed": number_changed,
}
