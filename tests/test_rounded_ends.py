"""Ends of ranges that few rows share leave the house rounded, also those of whole numbers and of days."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drift.profile.build import reference_profile
from core.drift.profile.document import Numbers
from core.drift.profile.published import published
from core.drift.profile.rounded import rounded_days, rounded_range
from core.drift.profile.sharing import LEAST
from core.export.bundle.disclosure import column_text
from core.export.bundle.published import published_schema
from core.export.bundle.schema import Schema, SchemaColumn
from core.standalone.rows.learned import learned
from core.watch.drift import drift

GRIDS = (0.1, 1.0, 2.0, 5.0, 25.0, 1000.0)


@given(
    step=st.sampled_from(GRIDS),
    places=st.lists(st.integers(-99, 200), min_size=8, max_size=60, unique=True),
)
def test_an_end_of_numbers_on_a_grid_can_be_one_of_several(step: float, places: list[int]) -> None:
    values = np.sort(np.round(np.array(places) * step, 6))
    for numbers in (values, -values[::-1]):
        low, high = numbers[0], numbers[-1]
        below, _ = rounded_range(low, high, 1, 1, numbers)
        assert below < low or low == below == 0, "an end that few rows share is not told"
        others = [low + step * more for more in range(-9, 10) if low + step * more < high]
        alike = [other for other in others if rounded_range(other, high, 1, 1, numbers)[0] == below]
        assert low == 0 or len(alike) >= 2


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        (np.arange(18, 91), (15, 95)),
        (np.arange(3, 40), (0.5, 40)),
        (np.arange(1, 13), (0.5, 15)),
        (np.arange(31, 73) * 1000, (30_000, 75_000)),
        (np.arange(0, 61) / 10, (0, 6.5)),
        (np.arange(-12, 31), (-15, 35)),
    ],
)
@pytest.mark.parametrize("rows", [1, LEAST])
def test_ends_of_whole_numbers_are_rounded_in_profile_and_schema(
    values: Numbers, ends: tuple[float, float], rows: int
) -> None:
    frame = pd.DataFrame({"x": np.concatenate([np.repeat(values, rows), np.tile(values[3:-3], 30)]) * 1.0})
    column = SimpleNamespace(name="x", kind="numeric")
    (profile,) = published(reference_profile(frame, [column])).columns
    plain = SchemaColumn(name="x", kind="numeric", physical="number", role="feature")
    schema = Schema(target="y", columns=(SchemaColumn.model_validate(_learned(plain, frame["x"])),))
    (told,) = published_schema(schema, frame).columns
    expected = ends if rows < LEAST else (values[0], values[-1])
    assert (profile.low, profile.high) == (told.low, told.high) == expected
    assert f"{expected[0]:,.6g} to {expected[1]:,.6g}" in column_text(profile)


def _learned(column: SchemaColumn, values: pd.Series) -> dict[str, Any]:
    return column.model_dump() | asdict(learned(column.trained, values))


@given(
    first=st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    days=st.integers(0, 20_000),
)
def test_the_first_and_last_day_of_a_long_time_are_not_told(first: date, days: int) -> None:
    low = pd.Timestamp(first).timestamp()
    high = low + 86_400 * days
    below, above = rounded_days(low, high)
    step = 30 if days > 730 else 7 if days > 60 else 1
    assert below <= low and high <= above and below % (86_400 * step) == above % (86_400 * step) == 0
    assert low - below < 86_400 * step and above - high < 86_400 * step


@pytest.mark.parametrize("is_bundle", [True, False])
def test_a_rounded_range_of_times_is_said_to_be_rounded(is_bundle: bool) -> None:
    days = pd.Series(pd.date_range("2021-01-04", periods=900, freq="17h"))
    frame, column = pd.DataFrame({"day": days}), SimpleNamespace(name="day", kind="datetime")
    reference = reference_profile(frame, [column])
    report = drift(published(reference) if is_bundle else reference, frame)
    times = report.columns[0].details.range
    assert times is not None and times.rounded is is_bundle
    assert (times.reference == times.current) is not is_bundle
