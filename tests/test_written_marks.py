"""Targets whose marks can be read in two ways are refused or told; what stands beside numbers is named."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.command.main import main
from core.data.kinds import classify
from core.data.types.written_marks import written_marks
from core.errors import FoldlineError
from core.recipe.suggestion.target_guess import guess_task
from core.standalone.cells import without_marks

NUMBERS = np.random.default_rng(1).normal(1300, 500, 300).clip(101)


def with_point(value: float) -> str:
    return f"{round(value):,}".replace(",", ".")


def file_of(folder: Path, texts: list[str]) -> Path:
    path = folder / "t.csv"
    x = NUMBERS + np.random.default_rng(2).normal(0, 30, len(NUMBERS))
    pd.DataFrame({"x": x.round(2), "preis": texts}).to_csv(path, index=False, sep=";")
    return path


@pytest.mark.parametrize("task", [[], ["--task", "regression"]])
def test_thousands_marked_in_two_ways_are_refused(
    task: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [with_point(v) if i % 2 else f"{round(v):,}" for i, v in enumerate(NUMBERS)]
    data = file_of(tmp_path, texts)
    assert main(["suggest", str(data), "--target", "preis", *task, "-o", str(tmp_path / "r.json")]) == 1
    assert re.search(r"TARGET: .*written in two ways", capsys.readouterr().err)


def test_what_may_be_thousands_and_what_is_left_out_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, recipe = file_of(tmp_path, [f"${with_point(v)}" for v in NUMBERS]), tmp_path / "r.json"
    assert main(["suggest", str(data), "--target", "preis", "-o", str(recipe)]) == 0
    large = int((NUMBERS.round() >= 1000).sum())
    suggested = capsys.readouterr().out
    assert main(["profile", str(data), "--recipe", str(recipe)]) == 0
    for words in (suggested, capsys.readouterr().out):
        assert re.search(rf"AMBIGUOUS_NUMBER: .*\({large} cells\) was read as a decimal mark", words)
        assert "Left out of preis: '$' in 300 cells." in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (lambda v: f"{v:.1f} kg", "is written with 'kg' behind its numbers"),
        (lambda v: f"{int(v) // 60}:{int(v) % 60:02d}", "holds clock times or durations"),
        (lambda v: f"{v / 1000:.2f}k" if v > 1000 else f"{v:.0f}", "'k' behind"),
        (lambda v: f"{'$' if round(v) % 2 else '€'}{v:,.2f}", "in 2 units or currencies"),
    ],
)
@pytest.mark.parametrize("task", [None, "regression"])
def test_numbers_with_units_are_refused_for_what_they_are(text: object, words: str, task: object) -> None:
    values = pd.Series([text(v) for v in NUMBERS], dtype="str", name="preis")  # type: ignore[operator]
    with pytest.raises(FoldlineError) as refused:
        guess_task(classify(values.to_frame(), {})[0], len(values), lambda: values, task=task)  # type: ignore[arg-type]
    assert words in str(refused.value) and "choose it again" not in (refused.value.hint or "")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(100_000, 99_999_999), min_size=30, max_size=60), st.sampled_from([",.", ".,"]))
def test_decimals_are_never_open_where_a_number_shows_what_they_are(
    thousandths: list[int], marks: str
) -> None:
    change = str.maketrans(",.", marks)
    texts = [f"{number / 1000:,.3f}".translate(change) for number in [*thousandths, *[4_500_250] * 9]]
    written = written_marks(pd.Series(texts, dtype="str"), marks)  # type: ignore[arg-type]
    assert written.open[0] == 0


@pytest.mark.parametrize(
    ("text", "marks", "number"),
    [
        ("1,637e+03", ".,", "1.637e+03"),
        ("1,637e+03", ",.", None),
        ("1.5e3", ",.", "1.5e3"),
        ("1,234.5", ",.", "1234.5"),
    ],
)
def test_exponents_go_with_decimals_alone(text: str, marks: str, number: str | None) -> None:
    read = without_marks(pd.Series([text], dtype="str"), marks)
    assert (None if read.isna()[0] else read[0]) == number
