"""Values outside the range of training are told, first where many or far, by ends near the true ones."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.drift.profile.build import reference_profile
from core.drift.profile.published import published
from core.drift.profile.rounded import rounded_range
from core.drift.profile.sharing import LEAST
from core.standalone.rows.checks import column_notes
from core.standalone.rows.learned import learned
from core.standalone.rows.new_table import typed_new_table
from core.standalone.rows.trained_column import RowNote, TrainedColumn
from core.watch.drift import drift
from tests.test_command import foldline

HB = TrainedColumn("hb", "numeric", "number", low=7.0, high=20.0)
DAY = TrainedColumn("day", "datetime", "datetime", "%Y-%m-%d", low="2024-01-01", high="2024-12-31")


def notes(values: list[Any], column: TrainedColumn) -> list[RowNote]:
    return column_notes(pd.Series(values), column, ("",), ".")


@pytest.mark.parametrize(
    ("column", "values", "severity"),
    [
        (HB, [130.0 + i for i in range(10)], "warn"),  # another unit in all rows
        (HB, [21.0] * 2 + [12.0] * 8, "warn"),  # a fifth of them
        (HB, [21.0] * 2 + [12.0] * 9, "info"),  # less than a fifth, and near
        (HB, [21.0] * 2 + [12.0] * 8 + [None] * 90, "warn"),  # of the cells with a value
        (HB, [21.0], "info"),  # a single case, near
        (HB, [120.0], "warn"),  # a single case, far
        (HB, [33.5] + [12.0] * 999, "warn"),  # one of a thousand, farther than the width of the range
        (HB, [-6.5] + [12.0] * 999, "warn"),
        (HB, [32.5] + [12.0] * 999, "info"),
        (DAY, ["2025-03-01"] * 10, "info"),  # later rows are nothing odd
        (DAY, ["2024-03-01"] * 9 + ["1970-01-01"], "warn"),
        (DAY, ["2024-03-01"] * 9 + ["2204-03-01"], "warn"),
    ],
)
def test_many_or_far_values_outside_the_range_are_a_warning(
    column: TrainedColumn, values: list[Any], severity: str
) -> None:
    (note,) = notes(values, column)
    assert (note.code, note.severity) == ("RANGE", severity)
    assert ("Check " in note.text) == (severity == "warn")
    assert "about " in note.text


def test_the_words_say_how_many_of_how_many_and_which_is_farthest() -> None:
    (note,) = notes([130.0, 176.0, 12.0], HB)
    assert note.text == (
        "2 of 3 values of 'hb' lie outside the training range, about 7 to 20, such as 176. "
        "Check unit, sensor and entry."
    )
    money = TrainedColumn("pay", "numeric", "number", low=400.0, high=13_000.0)
    assert "about 400 to 13,000: 1." in notes([1.0, *[900.0] * 9], money)[0].text


def test_warnings_stand_before_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    raw = pd.DataFrame({"day": ["2025-03-01"] * 4, "hb": ["130", "140", "150", "160"]}, dtype="str")
    typed_new_table(raw, {"day": DAY, "hb": HB}, (), ("",), ".")
    lines = capsys.readouterr().err.splitlines()
    assert ["'hb'" in line for line in lines] == [True, False]


def test_the_command_tells_a_unit_error_first(tmp_path: Path) -> None:
    """With a bundle of 0.1.0: plots a thousand times as large."""
    folder = Path(__file__).parent / "golden" / "houses"
    rows = pd.read_csv(folder / "houses_new.csv", dtype="str")
    column = "lot_m2"
    rows[column] = (rows[column].astype(float) * 1000).astype("str")
    new, out = tmp_path / "new.csv", tmp_path / "p.csv"
    rows.assign(more="x").to_csv(new, index=False)
    command = ["predict", str(folder / "bundle.zip"), str(new), "-o", str(out)]
    done = foldline(*command)
    assert done.returncode == 0
    lines = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    assert repr(column) in lines[0] and "Check unit, sensor and entry." in lines[0]


def _page(severity: str) -> None:
    from core.results.predict import PredictResult, SchemaIssue
    from ui.use import predictions

    issues = (SchemaIssue(code="RANGE", text="t", severity=severity),) if severity else ()  # type: ignore[arg-type]
    facts: dict[str, Any] = {"head": {}, "left_out": {}, "task": "regression", "target": "y", "positive": ""}
    predictions.findings(PredictResult(rows=3, findings=issues, model="m", **facts))


@pytest.mark.parametrize(("severity", "is_open"), [("warn", True), ("info", False)])
def test_a_warning_opens_what_is_to_be_known(severity: str, is_open: bool) -> None:
    app = AppTest.from_function(_page, kwargs={"severity": severity}).run()
    assert app.expander[0].proto.expanded is is_open


def test_rows_without_a_finding_are_not_called_like_training() -> None:
    text = AppTest.from_function(_page, kwargs={"severity": ""}).run().markdown[0].value
    assert "Nothing odd was found" in text and "rounded ranges" in text and "like the training" not in text


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (457.0, 12_708.0, (400.0, 13_000.0)),
        (400.0, 12_708.0, (300.0, 13_000.0)),
        (100.0, 12_708.0, (90.0, 13_000.0)),
        (0.07, 340.2, (0.06, 350.0)),
        (0.0, 340.2, (0.0, 350.0)),
        (-12_708.0, -457.0, (-13_000.0, -400.0)),
        (-457.0, 12_708.0, (-1000.0, 13_000.0)),
        (9.87, 19.3, (9.8, 19.4)),
        (0.0, 0.0, (0.0, 0.0)),
    ],
)
def test_a_rounded_end_keeps_its_size(low: float, high: float, ends: tuple[float, float]) -> None:
    assert rounded_range(low, high, 1, 1) == ends
    assert rounded_range(low, high, LEAST, LEAST) == (low, high)


@given(
    low=st.floats(-1e9, 1e9).filter(lambda x: not 0 < abs(x) < 1e-6),
    width=st.floats(1e-3, 1e9),
)
def test_rounded_ends_lie_outside_and_near(low: float, width: float) -> None:
    high = low + width
    below, above = rounded_range(low, high, 1, 1)
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    tenth = 0.1 * (high - low) + slack
    assert low - tenth <= below <= low + slack and high - slack <= above <= high + tenth
    assert low <= 1e-6 or below >= 0.4 * low
    assert high >= -1e-6 or above <= 0.4 * high
    assert math.copysign(1, below) > 0 or below < 0  # never -0


@pytest.mark.parametrize("is_bundle", [True, False])
def test_monitor_says_about_where_the_ends_are_rounded(is_bundle: bool) -> None:
    rng = np.random.default_rng(0)
    column = SimpleNamespace(name="x", kind="numeric")
    reference = reference_profile(pd.DataFrame({"x": rng.normal(50, 3, 800)}), [column])
    report = drift(
        published(reference) if is_bundle else reference, pd.DataFrame({"x": [*rng.normal(50, 3, 400), 65]})
    )
    (text,) = [issue.reason for issue in report.findings if issue.code == "OUT_OF_RANGE"]
    assert text.count("about ") == (2 if is_bundle else 0)


@pytest.mark.parametrize(
    ("kind", "format", "seen", "odd"),
    [
        ("numeric", "", ["9,71", "k.A.", "39,3", None, "20"], "999"),
        ("datetime", "%d.%m.%Y", ["01.02.2023", "k.A.", "05.06.2024"], "01.02.1970"),
    ],
)
def test_numbers_and_times_that_are_kept_as_text_have_a_range(
    kind: str, format: str, seen: list[str | None], odd: str
) -> None:
    """Such as a column with a few words among its numbers, which a person reads as numbers."""
    plain = TrainedColumn("texture", kind, "text", format, ("k.A.",))
    column = learned(plain, pd.Series(seen, dtype="str"), ("",), ",")
    assert column.low is not None and column.high is not None
    assert not column_notes(pd.Series(seen, dtype="str"), column, ("",), ",")
    (note,) = column_notes(pd.Series([odd]), column, ("",), ",")
    assert (note.code, note.severity) == ("RANGE", "warn")
