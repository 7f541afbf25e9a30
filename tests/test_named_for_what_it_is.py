"""Words about classes that may mean no value, infinite targets, zones by name, and splits in time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.checks.finding import Subject
from core.checks.spelling.stand_ins import disguised_missing
from core.command.main import main
from core.data.kinds import classify
from core.data.table import MISSING_WORDS
from core.standalone.cells import as_datetime
from core.standalone.rows.zones import OFFSETS, in_trained_zone


@pytest.mark.parametrize("change", [str, str.lower, str.upper, str.capitalize])
@pytest.mark.parametrize("word", [*filter(None, MISSING_WORDS), "keine", "unknown"])
def test_a_class_that_may_mean_no_value_is_asked_about_in_any_case(word: str, change: object) -> None:
    level = change(word)  # type: ignore[operator]
    target = pd.Series(["rot", "blau", level] * 20, dtype="str")
    frame = pd.DataFrame({"x": np.arange(60.0), "y": target})
    subject = Subject(frame, classify(frame, {}), "y", "multiclass")
    assert [one.fix.args["value"] for one in disguised_missing(subject) if one.fix] == [level]


@pytest.mark.parametrize("others", [0, 3])
def test_infinite_targets_are_not_called_empty(
    others: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    x = np.random.default_rng(0).normal(size=200).round(3)
    y = [f"{value:.2f}" for value in 3 * x]
    y[:8], y[8 : 8 + others] = ["inf"] * 8, [""] * others
    data = tmp_path / "d.csv"
    pd.DataFrame({"x": x, "y": y}).to_csv(data, index=False)
    for command in (["suggest", str(data), "-o", str(tmp_path / "r.json")], ["profile", str(data)]):
        assert main([*command, "--target", "y"]) == 0
        assert f"{8 + others} empty or infinite" in capsys.readouterr().out


@pytest.mark.parametrize("name", [*OFFSETS, "UTC", "Cet"])
@pytest.mark.parametrize("gap", ["", " "])
def test_zones_by_name_are_the_times_that_they_name(name: str, gap: str) -> None:
    values = pd.Series(
        [f"2024-03-05 10:00:00{gap}{name}", "2024-03-05T10:00:00+01:00[Europe/Berlin]"], dtype="str"
    )
    times, notes = in_trained_zone(values, "t", True)
    offset = pd.Timedelta(f"{OFFSETS[name.lower()].lstrip('+')}:00")
    assert notes == ()
    expected = [pd.Timestamp("2024-03-05 10:00") - offset, pd.Timestamp("2024-03-05 09:00")]
    assert as_datetime(times).tolist() == expected


@pytest.mark.parametrize("role", ["time", "group"])
def test_a_split_that_cannot_be_made_advises_what_helps_and_no_other_seed(
    role: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = pd.date_range("2024-01-01", periods=200).strftime("%Y-%m-%d")
    batch = [f"b{place // 20}" for place in range(200)]
    late = np.where(np.arange(200) >= 190, "yes", "no")
    data = tmp_path / "d.csv"
    pd.DataFrame({"x": np.arange(200) % 7, "day": day, "batch": batch, "y": late}).to_csv(data, index=False)
    column = {"time": "day", "group": "batch"}[role]
    command = ["suggest", str(data), "--target", "y", f"--{role}", column, "-o", str(tmp_path / "r.json")]
    assert main(command) == 1
    words = capsys.readouterr().err
    assert "SPLIT" in words and f"no role {role} for '{column}'" in words and "with the seed" not in words
    assert main(["suggest", str(data), "--target", "y", "-o", str(tmp_path / "r.json")]) == 0
