"""Our own transformers on values that are easily got wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.standalone.cells import as_text
from core.standalone.transformers import Bins, Frequency, GroupStatistic, MissingFlag, ReadColumns


def test_whole_numbers_keep_all_their_digits_as_text() -> None:
    assert as_text(pd.Series([2**53 + 1, 2**53])).tolist() == ["9007199254740993", "9007199254740992"]


def test_a_date_can_mean_no_value() -> None:
    days = pd.to_datetime(pd.Series(["1900-01-01", "2020-01-01"])).astype("datetime64[us]")
    for word in ("1900-01-01", "01.01.1900"):
        made = ReadColumns(dates=[("d", "%d.%m.%Y")], also_missing=[("d", [word])])
        assert made.fit_transform(pd.DataFrame({"d": days}))["d"].isna().tolist() == [True, False]


def test_a_feature_does_not_take_the_place_of_a_column() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan], "a missing": [7.0, 8.0]})
    with pytest.raises(ValueError, match="makes a column 'a missing'"):
        MissingFlag(["a"]).fit(frame)
    again = MissingFlag(["a"]).fit_transform(frame[["a"]])
    assert MissingFlag(["a"]).fit_transform(again).equals(again), "the same column twice does no harm"


def test_a_frequency_is_the_share_among_rows_with_a_value() -> None:
    levels = pd.DataFrame({"a": pd.Series(["u", "u", "v", None, None], dtype="str")})
    step = Frequency(["a"]).fit(levels)
    new = pd.DataFrame({"a": pd.Series(["u", "v", "w", None], dtype="str")})
    assert step.transform(new)["a share"].tolist() == pytest.approx([2 / 3, 1 / 3, 0, 0])


def test_ranges_of_large_numbers_stay_apart() -> None:
    frame = pd.DataFrame({"a": np.arange(1e7, 1e7 + 10)})
    assert Bins(["a"]).fit_transform(frame)["a bin"].nunique() == 5


def test_a_statistic_by_a_number_is_that_of_its_rows() -> None:
    frame = pd.DataFrame({"a": [1.0, 1, 2.5, 2.5], "b": [1.0, 2, 3, 4]})
    assert GroupStatistic(["a", "b"]).fit_transform(frame).iloc[:, -1].tolist() == [1.5, 1.5, 3.5, 3.5]
