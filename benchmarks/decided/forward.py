"""Whether scores of steps forward in time agree with the truth where rows also come in groups.

Groups last for a while; their rows share an effect, and a level that all share wanders with time. The truth
is the error on days after the table, of groups that it does not hold.
``python -m benchmarks.decided.forward`` prints the figures.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from sklearn.neighbors import KNeighborsRegressor

from core.recipe.document import ColumnChoice, Recipe, Source
from core.train.rows.split import split_rows
from core.train.rows.target import target_of

TABLES, ROWS, GROUPS, DAYS, LASTS = 60, 1_200, 120, 1_000, 60.0
Floats = NDArray[np.float64]


def table(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table, and rows of groups that begin after it ends."""
    rng = np.random.default_rng(seed)
    ahead = DAYS // 6
    level = np.cumsum(rng.normal(0, 0.15, DAYS + 2 * ahead))
    start = rng.uniform(0, DAYS + ahead - LASTS, GROUPS + GROUPS // 6)
    group = rng.integers(0, len(start), ROWS + ROWS // 3)
    day = (start[group] + LASTS * rng.random(len(group))).astype(int)
    x = rng.normal(size=len(group))
    y = level[day] + rng.normal(size=len(start))[group] + x + 0.5 * rng.normal(size=len(group))
    frame = pd.DataFrame({"day": day, "x": x, "y": y, "g": [f"g{one}" for one in group]})
    frame["t"] = (pd.Timestamp("2020-01-01") + pd.to_timedelta(day, unit="D")).astype("datetime64[us]")
    past = frame[frame["day"] < DAYS].reset_index(drop=True)
    future = frame[(frame["day"] >= DAYS) & ~frame["g"].isin(past["g"])]
    return past, future


def recipe() -> Recipe:
    """A regression with both roles."""
    roles = {"day": "feature", "x": "feature", "y": "target", "g": "group", "t": "time"}
    kinds = {"g": "categorical", "t": "datetime"}
    columns = tuple(
        ColumnChoice(name=name, kind=kinds.get(name, "numeric"), role=role) for name, role in roles.items()
    )
    return Recipe(source=Source(table="t"), task="regression", target="y", columns=columns)


def error(past: pd.DataFrame, fit: NDArray[np.int64], judged: pd.DataFrame) -> float:
    """Mean absolute error of ten neighbours, learned from rows of the table."""
    model = KNeighborsRegressor(10).fit(_inputs(past.iloc[fit]), past["y"].iloc[fit])
    return float(np.mean(np.abs(model.predict(_inputs(judged)) - judged["y"])))


def _inputs(rows: pd.DataFrame) -> Floats:
    return np.column_stack([rows["day"] / 30, rows["x"]])


def main() -> None:
    """Print the mean errors."""
    wanted = recipe()
    found = []
    for seed in range(TABLES):
        past, future = table(seed)
        split = split_rows(wanted, past, target_of(wanted, past))
        steps = [error(past, fit, past.iloc[valid]) for fit, valid in split.folds]
        groups = [
            error(past, fit, past.iloc[valid]) for fit, valid in GroupKFold(5).split(past, groups=past["g"])
        ]
        test = error(past, split.train, past.iloc[split.test])
        truth = error(past, np.arange(len(past)), future)
        left_out = 1 - (len(split.train) + len(split.test)) / len(past)
        found.append((np.mean(steps), test, np.mean(groups), truth, left_out))
    steps, test, groups, truth, left_out = np.mean(found, axis=0)
    spread = np.std([one[0] - one[3] for one in found], ddof=1) / np.sqrt(TABLES)
    print(f"{TABLES} tables of {ROWS:,} rows, {GROUPS} groups that last {LASTS:g} of {DAYS:,} days;")
    print(f"mean absolute error: validation {steps:.2f}, test set {test:.2f}, truth {truth:.2f}")
    print(f"(validation less truth {steps - truth:+.2f}, standard error {spread:.2f});")
    print(f"folds of whole groups that look ahead in time: {groups:.2f}.")
    print(f"Left out because their group comes again in the test set: {left_out:.1%} of the rows.")


if __name__ == "__main__":
    main()
