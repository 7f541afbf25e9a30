"""Clean tables of awkward shapes: few rows, many columns, rare classes, strong and honest predictors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.spec import Task

Random = np.random.Generator
Made = tuple[pd.DataFrame, Task]
WORDS = [
    "the",
    "a",
    "of",
    "customer",
    "called",
    "bill",
    "plan",
    "phone",
    "price",
    "late",
    "good",
    "bad",
    "slow",
    "fast",
    "never",
    "again",
    "thanks",
    "help",
]


def _plain(random: Random, rows: int, columns: int = 6) -> tuple[pd.DataFrame, np.ndarray]:
    x = random.normal(size=(rows, columns)).round(3)
    frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(columns)])
    return frame, x[:, 0] - x[:, 1] + random.normal(size=rows)


def _label(risk: np.ndarray, share: float = 0.4) -> np.ndarray:
    return np.where(risk > np.quantile(risk, 1 - share), "yes", "no")


def usual(random: Random, rows: int) -> Made:
    frame, risk = _plain(random, rows)
    frame["city"] = random.choice([f"C{i}" for i in range(rows // 8)], rows)
    frame["y"] = _label(risk)
    return frame, "binary"


def thirty_rows_each(random: Random, rows: int) -> Made:
    frame, risk = _plain(random, max(60, rows // 10))
    frame["y"] = _label(risk)
    return frame, "binary"


def many_columns(random: Random, rows: int) -> Made:
    frame, risk = _plain(random, rows, 120)
    frame = frame.mask(random.random(frame.shape) < 0.05)
    frame["y"] = _label(risk)
    return frame, "binary"


def rare_class(random: Random, rows: int) -> Made:
    frame, risk = _plain(random, rows)
    frame["shop"] = random.choice([f"S{i}" for i in range(rows // 5)], rows)
    frame["note"] = [" ".join(random.choice(WORDS, 8)) for _ in range(rows)]
    frame = frame.mask(random.random(frame.shape) < 0.1)
    frame["y"] = _label(risk, max(0.02, 6 / rows))
    return frame, "binary"


def strong(random: Random, rows: int) -> Made:
    """Scores near AUC 0.97 from several honest columns, none of which tells it alone."""
    frame, _ = _plain(random, rows)
    frame["y"] = _label(frame[["x0", "x1", "x2", "x3"]].sum(axis=1) + 0.4 * random.normal(size=rows))
    return frame, "binary"


def strong_numbers(random: Random, rows: int) -> Made:
    frame, _ = _plain(random, rows)
    frame["y"] = (3 * frame.x0 + 2 * frame.x1**2 + 0.3 * random.normal(size=rows)).round(3)
    return frame, "regression"


def whole_numbers(random: Random, rows: int) -> Made:
    frame = pd.DataFrame({f"k{i}": random.poisson(2 + 3 * i, rows) for i in range(6)})
    frame["grade"] = random.choice(list("ABCDE"), rows)
    frame["y"] = _label(frame.k0 - 0.3 * frame.k3 + random.normal(size=rows))
    return frame, "binary"


def only_levels(random: Random, rows: int) -> Made:
    frame = pd.DataFrame({f"c{i}": random.choice(list("ABCDEF")[: i + 2], rows) for i in range(5)})
    frame["y"] = _label((frame.c0 == "A") + 0.5 * (frame.c3 == "B") + random.normal(size=rows))
    return frame, "binary"


def money(random: Random, rows: int) -> Made:
    """Skewed amounts of two decimals, many of them zero."""
    amounts = {f"a{i}": random.lognormal(3, 1, rows).round(2) * (random.random(rows) < 0.7) for i in range(4)}
    frame = pd.DataFrame(amounts)
    frame["kind"] = random.choice(["shop", "web"], rows)
    frame["y"] = (frame.a0 * 2 + random.lognormal(3, 1, rows)).round(2)
    return frame, "regression"


def in_time(random: Random, rows: int) -> Made:
    """Rows in order whose columns and target remember, with honest means of earlier targets."""
    frame, _ = _plain(random, rows, 3)
    walk = pd.DataFrame(random.normal(size=(rows, 3))).ewm(alpha=0.1).mean()
    y = (walk[0] + 0.5 * walk[1] + 0.1 * random.normal(size=rows)).round(4)
    frame["temp"], frame["load"] = walk[0].round(3), walk[1].round(3)
    frame["mean7"] = y.shift(1).rolling(7, min_periods=1).mean()
    frame["last"] = y.shift(1)
    frame["when"] = pd.date_range("2024-01-01", periods=rows, freq="h").astype("datetime64[us]")
    frame["y"] = y
    return frame, "regression"


def in_time_classes(random: Random, rows: int) -> Made:
    frame, _ = in_time(random, rows)
    frame["y"] = np.where(frame.y > 0, "up", "down")
    return frame.drop(columns=["last"]), "binary"


def fitted_within(random: Random, rows: int) -> Made:
    """Means of the target by shop that were made from other, earlier rows."""
    frame, risk = _plain(random, 2 * rows)
    shop = random.integers(0, rows // 6, 2 * rows)
    y = _label(risk + 0.8 * random.normal(size=rows)[shop])
    rate = pd.Series(y[:rows] == "yes").groupby(shop[:rows]).mean()
    later = frame.iloc[rows:].reset_index(drop=True)
    later["rate"] = pd.Series(shop[rows:]).map(rate).fillna(0.4)
    later["y"] = y[rows:]
    return later, "binary"


def matched(random: Random, rows: int) -> Made:
    """One case and two controls a set, as in a study."""
    frame, _ = _plain(random, rows)
    frame["stratum"] = np.arange(rows) // 3
    frame["y"] = np.where(np.arange(rows) % 3 == 0, "case", "control")
    return frame.sample(frac=1, random_state=int(random.integers(1e6))).reset_index(drop=True), "binary"


def honest_text(random: Random, rows: int) -> Made:
    frame, risk = _plain(random, rows)
    y = _label(risk)
    lean = {"yes": np.r_[np.full(9, 1.5), np.ones(9)], "no": np.r_[np.ones(9), np.full(9, 1.5)]}
    each = {name: weight / weight.sum() for name, weight in lean.items()}
    frame["note"] = [" ".join(random.choice(WORDS, 25, p=each[name])) for name in y]
    frame["y"] = y
    return frame, "binary"


def clusters(random: Random, rows: int) -> Made:
    """Three kinds of rows far from each other."""
    kind = random.integers(0, 3, rows)
    x = random.normal(size=(rows, 5)) * 0.1 + random.normal(size=(3, 5))[kind] * 3
    frame = pd.DataFrame(x.round(4), columns=[f"x{i}" for i in range(5)])
    frame["y"] = _label(kind + 3 * x[:, 0] + random.normal(size=rows))
    return frame, "binary"


def five_classes(random: Random, rows: int) -> Made:
    frame, risk = _plain(random, rows)
    frame["y"] = pd.cut(risk, [-np.inf, -2, -0.5, 0.5, 2, np.inf], labels=list("abcde")).astype(str)
    return frame, "multiclass"


def skipped_questions(random: Random, rows: int) -> Made:
    """Questions that are asked of some only, which goes with the target as far as is usual."""
    frame, risk = _plain(random, rows)
    smokes = random.random(rows) < 0.3
    for name in ("years", "per_day", "brand"):
        frame[name] = np.where(smokes, random.gamma(3, 3, rows).round(1), np.nan)
    frame["y"] = _label(risk + 2 * smokes)
    return frame, "binary"


CLEAN: dict[str, Callable[[Random, int], Made]] = {
    one.__name__.replace("_", " "): one
    for one in (
        usual, thirty_rows_each, many_columns, rare_class, strong, strong_numbers, whole_numbers, only_levels,
        money, in_time, in_time_classes, fitted_within, matched, honest_text, clusters, five_classes,
        skipped_questions,
    )
}  # fmt: skip
