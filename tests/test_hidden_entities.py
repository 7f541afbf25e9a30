"""Entities that only several columns name together, and honest columns that name none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.checks.finding import Finding
from core.data.kinds import classify
from core.findings import findings

ROWS, PEOPLE = 1_200, 150
NAMED = {
    "name and street": {"last_name": ("N", 50), "street": ("S", 40)},
    "first name and address": {"first_name": ("F", 45), "home_address": ("A", 60)},
    "three": {"born_in": (1950, 25), "town": ("T", 9), "height": (150, 12)},
    "three of few levels": {"age": (20, 14), "rooms": (1, 9), "floor": (1, 11)},
}


def people(kind: str, seed: int) -> tuple[pd.DataFrame, set[str]]:
    """Rows of persons of whom each has a target of his own, told apart by these columns alone."""
    random = np.random.default_rng(seed)
    who, own = random.integers(0, PEOPLE, ROWS), random.normal(size=PEOPLE)
    frame = pd.DataFrame({f"x{i}": random.normal(size=ROWS).round(3) for i in range(3)})
    for name, (start, levels) in NAMED[kind].items():
        values = random.integers(0, levels, PEOPLE)[who]
        is_text = isinstance(start, str)
        frame[name] = (
            pd.Series([f"{start}{v}" for v in values], dtype="str") if is_text else values + start * 1.0
        )
    frame["y"] = own[who] + 0.3 * frame["x0"] + 0.4 * random.normal(size=ROWS)
    return frame, set(NAMED[kind])


def warned(frame: pd.DataFrame) -> list[Finding]:
    listed = findings(frame, classify(frame, {}), "y", "regression")
    return [one for one in listed if one.code in ("LEAKAGE", "GROUPED")]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", NAMED)
def test_an_entity_that_several_columns_name_is_a_warning(kind: str, seed: int) -> None:
    """Unless one of them, whose rows are alike enough for that, is told to own rows by itself."""
    frame, names = people(kind, seed)
    listed = warned(frame)
    assert listed
    assert all(one.severity == "warn" and one.column in names for one in listed)
    assert any("together name" in one.reason or one.code == "GROUPED" for one in listed)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", NAMED)
def test_the_same_columns_with_rows_of_their_own_are_quiet(kind: str, seed: int) -> None:
    frame, names = people(kind, seed)
    random = np.random.default_rng(seed)
    dealt = {name: random.permutation(frame[name].to_numpy()) for name in names}
    alone = frame.assign(**dealt, y=frame["x0"] + 0.5 * random.normal(size=ROWS))
    assert warned(alone.astype({n: "str" for n in names if frame[n].dtype != np.float64})) == []
