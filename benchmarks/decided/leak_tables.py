"""Tables with a leak of a known kind, and clean tables of awkward shapes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.spec import Task

Random = np.random.Generator
Made = tuple[pd.DataFrame, set[str]]
"""A table whose target is ``y``, and the columns one of which is to be named; "" for rows."""


def base(random: Random, rows: int, numbers: bool, share: float = 0.4) -> tuple[pd.DataFrame, np.ndarray]:
    """Six honest columns and the target in numbers."""
    x = random.normal(size=(rows, 4))
    frame = pd.DataFrame(x, columns=["age", "income", "hours", "score"]).round(3)
    frame["plan"] = random.choice(["basic", "plus", "pro"], rows)
    frame["region"] = random.choice([f"R{i}" for i in range(12)], rows)
    risk = x[:, 0] - 0.7 * x[:, 1] + random.normal(size=rows)
    y = risk if numbers else (risk > np.quantile(risk, 1 - share)).astype("float64")
    frame["y"] = y.round(4) if numbers else np.where(y == 1, "yes", "no")
    return frame, y


def copied(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    frame["code"] = (3 * y + 5 + 0.01 * random.normal(size=rows)).round(3)
    return frame, {"code"}


def filled_after(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    frame["refund"] = np.where(y > np.median(y), random.uniform(5, 90, rows), np.nan)
    if numbers:
        frame["refund"] = y * 2.0 + random.normal(size=rows) * 0.05
    return frame, {"refund"}


def level_after(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    thirds = random.integers(0, 3, rows)
    places = pd.qcut(y, 40, duplicates="drop").codes if numbers else y.astype(int) * 3 + thirds
    frame["status"] = [f"S{place}" for place in places]
    return frame, {"status"}


def parts(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, True)
    frame["cost"] = random.gamma(2, 1, rows).round(2)
    frame["profit"] = (y - frame["cost"]).round(4)
    frame["y"] = frame["cost"] + frame["profit"]
    return frame, {"cost", "profit"}


def entity(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    frame["patient"] = [f"P{i}" for i in random.integers(0, rows // 20, rows)]
    per = pd.Series(y).groupby(frame["patient"]).transform("first")
    frame["y"] = per if numbers else np.where(per == 1, "yes", "no")
    return frame, {"patient"}


def later_date(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 300, rows), "D")
    frame["closed"] = pd.Series(day).where(y > np.median(y)).astype("datetime64[us]")
    if numbers:
        frame["closed"] = (pd.Timestamp("2024-01-01") + pd.to_timedelta(100 * y, "h")).astype(
            "datetime64[us]"
        )
    return frame, {"closed"}


def told_in_text(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    words = [
        "the",
        "customer",
        "called",
        "about",
        "her",
        "bill",
        "and",
        "asked",
        "us",
        "to",
        "send",
        "it",
        "once",
        "more",
        "by",
        "mail",
        "today",
    ]
    filler = [" ".join(random.choice(words, random.integers(6, 20))) for _ in range(rows)]
    if numbers:
        frame["note"] = [
            f"{text} settled at {value:,.2f} euro" for text, value in zip(filler, y, strict=True)
        ]
        return frame, {"note"}
    ends = (
        ["stays with us", "renewed", "happy again"],
        ["account closed", "contract ended", "left for good"],
    )
    told = [random.choice(ends[int(value)]) for value in y]
    frame["note"] = [f"{text} {end} ref {i}" for i, (text, end) in enumerate(zip(filler, told, strict=True))]
    return frame, {"note"}


def thin_levels(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    codes = np.empty(rows, dtype=np.int64)
    order = np.argsort(y + (0 if numbers else 0.5 * random.random(rows)))
    codes[order] = np.arange(rows) // 3
    names = random.permutation(codes.max() + 1)
    frame["reason"] = [f"K{names[code]}" for code in codes]
    return frame, {"reason"}


def near_copies(random: Random, rows: int, numbers: bool) -> Made:
    frame, _ = base(random, rows, numbers)
    again = frame.sample(frac=random.choice([0.1, 0.3, 1.0]), random_state=int(random.integers(1e6)))
    again = again.copy()
    for name in ("age", "income", "hours", "score"):
        again[name] += random.normal(size=len(again)) * 0.01
    whole = pd.concat([frame, again]).sample(frac=1, random_state=int(random.integers(1e6)))
    return whole.reset_index(drop=True), {""}


def target_means(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    shop = random.integers(0, max(20, rows // int(random.choice([3, 6, 15]))), rows)
    smooth = random.choice([0, 1, 5])
    sums, counts = np.bincount(shop, weights=y), np.bincount(shop)
    means = (sums + smooth * y.mean()) / np.maximum(counts + smooth, 1)
    frame["shop_rate"] = means[shop].round(5)
    if random.random() < 0.5:
        frame["shop"] = [f"shop {one}" for one in shop]
    return frame, {"shop_rate"}


def next_targets(random: Random, rows: int, numbers: bool) -> Made:
    frame, _ = base(random, rows, numbers)
    noise, level = random.normal(size=rows), np.zeros(rows)
    for i in range(1, rows):
        level[i] = 0.9 * level[i - 1] + noise[i]
    y = level.round(4) if numbers else (level > 0.2).astype("float64")
    frame["y"] = y if numbers else np.where(y == 1, "yes", "no")
    steps = int(random.choice([1, 3, 7, 50]))
    frame["trend"] = pd.Series(y)[::-1].shift(1).rolling(steps, min_periods=1).mean()[::-1].round(5)
    if random.random() < 0.5:
        frame["day"] = pd.date_range("2024-01-01", periods=rows, freq="h").astype("datetime64[us]")
        frame = frame.sample(frac=1, random_state=int(random.integers(1e6))).reset_index(drop=True)
    return frame, {"trend"}


def gap_pattern(random: Random, rows: int, numbers: bool) -> Made:
    frame, y = base(random, rows, numbers)
    high = y > np.quantile(y, 0.6)
    names = ["lab_a", "lab_b", "lab_c", "lab_d"]
    for name in names:
        frame[name] = random.normal(size=rows)
    kind = random.choice(["any", "xor", "number"])
    which, coin = random.integers(0, 4, rows), random.random(rows) < 0.5
    two = random.permuted(np.tile([True, True, False, False], (rows, 1)), axis=1)
    for i, name in enumerate(names):
        if kind == "any":
            gone = high & (which == i)
        elif kind == "number":
            gone = np.where(high, two[:, i], which == i)
        else:
            gone = (coin if i == 0 else coin ^ high) if i < 2 else random.random(rows) < 0.1
        frame.loc[gone, name] = np.nan
    if numbers:
        frame["y"] = np.where(high, 10.0, 0.0) + 0.2 * random.normal(size=rows)
    return frame, set(names)


def noisy_means(random: Random, rows: int, numbers: bool) -> Made:
    """Means of the target by shop, of all rows, with noise of each row."""
    frame, y = base(random, rows, numbers)
    shop = random.integers(0, max(20, rows // 12), rows)
    means = np.bincount(shop, weights=y) / np.maximum(np.bincount(shop), 1)
    frame["shop"] = [f"shop {one}" for one in shop]
    frame["shop_rate"] = (means[shop] + 0.2 * means[shop].std() * random.normal(size=rows)).round(4)
    return frame, {"shop_rate"}


def above_its_group(random: Random, rows: int, numbers: bool) -> Made:
    """Whether a number lies above the mean of its shop."""
    frame, y = base(random, rows, True)
    shop = random.integers(0, max(5, rows // 25), rows)
    frame["y"] = (y + 2 * random.normal(size=shop.max() + 1)[shop]).round(4)
    frame["shop"] = [f"shop {one}" for one in shop]
    frame["good"] = np.where(frame["y"] > frame.groupby("shop")["y"].transform("mean"), "a", "b")
    return frame, {"good"}


def classes_together(random: Random, rows: int, numbers: bool) -> Made:
    """Two levels into which five classes were put."""
    frame, y = base(random, rows, True)
    frame["y"] = pd.qcut(y, 5, labels=list("abcde")).astype("str")
    some = set(random.choice(list("abcde"), int(random.integers(2, 4)), replace=False))
    frame["urgent"] = np.where(frame["y"].isin(list(some)), "x", "z")
    return frame, {"urgent"}


LEAKS: dict[str, Callable[[Random, int, bool], Made]] = {
    "target on another scale": copied,
    "filled in afterwards": filled_after,
    "a level set afterwards": level_after,
    "parts of a sum": parts,
    "an entity": entity,
    "a later date": later_date,
    "text that holds the label": told_in_text,
    "few rows a level": thin_levels,
    "near-duplicates": near_copies,
    "target means of all rows": target_means,
    "means of the next targets": next_targets,
    "pattern of missing cells": gap_pattern,
    "noisy means of all rows": noisy_means,
    "above the mean of its group": above_its_group,
    "classes put together": classes_together,
}
TASKS: dict[str, Task] = {
    "parts of a sum": "regression",
    "above the mean of its group": "regression",
    "classes put together": "multiclass",
}
"""Tasks of tables that have the same target for classes and for numbers."""


def task_of(kind: str, numbers: bool) -> Task:
    """How the target of a table of that kind is read."""
    return TASKS.get(kind, "regression" if numbers else "binary")
