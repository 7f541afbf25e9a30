"""What is said where a new table lacks columns of the model."""

from __future__ import annotations

import pandas as pd
import pytest

from core.standalone.rows.checks import column_notes
from core.standalone.rows.missing_columns import missing_columns
from core.standalone.rows.trained_column import TrainedColumn

NEEDED = ["order date", "amount", "city"]


@pytest.mark.parametrize(
    ("names", "counted", "remedy"),
    [
        (["ORDER DATE", "Amount ", "city"], "2 columns", "rename 'ORDER DATE' to 'order date'"),
        (["order date;amount;city"], "3 columns", "another separator"),
        (["18.04.2024", "12,5", "Ulm"], "3 columns", "first line of the file its header"),
        (["order date", "amount"], "1 column ", "Add them"),
        (["x"], "3 columns", "another separator"),
    ],
)
def test_the_remedy_fits_what_is_missing(names: list[str], counted: str, remedy: str) -> None:
    lacking = missing_columns(names, NEEDED)
    assert lacking is not None
    assert lacking[1].startswith(counted)
    assert remedy in lacking[2]


def test_nothing_is_said_where_all_are_there() -> None:
    assert missing_columns(["city", "extra", "amount", "order date"], NEEDED) is None


@pytest.mark.parametrize(
    ("rare", "code", "severity"),
    [(1.0, "NOT_KEPT", "info"), (0.99, "RARE_VALUES", "info"), (0.5, "RARE_VALUES", "warn")],
)
def test_rare_values_are_a_warning_only_where_they_are_more_than_in_training(
    rare: float, code: str, severity: str
) -> None:
    column = TrainedColumn(name="city", physical="text", kind="categorical", rare=rare)
    values = pd.Series([f"town {row}" for row in range(100)], dtype="str")
    (note,) = column_notes(values, column, [], ".")
    assert (note.code, note.severity) == (code, severity)
    assert ("as in training" in note.text) == (rare == 0.99)
