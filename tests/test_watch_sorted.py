"""A sorted reference: its neighbours are alike by the sorting, which hides no change and makes no lots."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.drift.profile.build import reference_profile
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.published import published
from core.watch.drift import drift, drift_frames
from core.watch.result import DriftReport

KINDS = {
    "a": "numeric",
    "b": "numeric",
    "bent": "numeric",
    "level": "categorical",
    "day": "datetime",
    "y": "numeric",
}
QUIET = ("stable", "too_few_rows")


def table(seed: int, rows: int, shift: float = 0.0) -> pd.DataFrame:
    """Independent rows of columns that go together closely; b is moved by so many standard deviations."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=rows)

    def near() -> np.ndarray:
        return 0.95 * common + np.sqrt(1 - 0.95**2) * rng.normal(size=rows)

    levels = np.array(list("DBAEC"))[np.digitize(near(), [-1, -0.3, 0.4, 1.2])]
    return pd.DataFrame(
        {
            "a": common,
            "b": near() + shift,
            "bent": near() ** 2,
            "level": pd.Series(levels, dtype="str"),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.round(near() * 30 + 150), unit="D"),
            "y": near(),
        }
    )


def watched(frame: pd.DataFrame) -> list[Any]:
    return [SimpleNamespace(name=name, kind=KINDS[name], format="") for name in frame]


def compared(old: pd.DataFrame, new: pd.DataFrame, by: str, labels: bool = True) -> DriftReport:
    """By both tables, or by a profile as a bundle carries it."""
    new = new if labels else new.drop(columns="y")
    if by == "tables":
        return drift_frames(old, new, watched(old), target="y")
    made = published(reference_profile(old, watched(old), target="y"))
    return drift(ReferenceProfile.from_dict(made.to_dict()), new)


@pytest.mark.parametrize("by", ["tables", "bundle"])
@pytest.mark.parametrize("key", list(KINDS))
def test_a_shift_is_found_against_a_sorted_reference(key: str, by: str) -> None:
    for seed, ascending in enumerate([True, False] if by == "bundle" else [True]):
        old = table(seed, 2000).sort_values(key, ascending=ascending).reset_index(drop=True)
        for shift, states in ((0.5, ("drift",)), (0.0, ("stable", "look"))):
            report = compared(old, table(seed + 100, 500, shift), by, labels=key == "y" or seed == 0)
            assert report.verdict.state in states, (seed, shift, report.verdict.text)
            assert not shift or "b" in {one.name for one in report.columns if one.state == "drift"}


def test_what_sorting_explains_is_told() -> None:
    old = table(1, 2000).sort_values("a").reset_index(drop=True)
    report = compared(old, table(2, 500), "bundle")
    found = {issue.code: issue.reason for issue in report.findings}
    assert "sorted by 'a'" in found["SORTED"]
    assert "LOTS" not in found


def in_lots(seed: int, lots: int, size: int, key: str) -> pd.DataFrame:
    """Rows in lots, half of whose variance lies between these, with a key that a file could be sorted by."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(lots), size)
    frame = pd.DataFrame(
        {f"x{i}": rng.normal(size=lots)[codes] + rng.normal(size=len(codes)) for i in range(5)}
    )
    level = np.sort(rng.normal(size=lots))
    keys = {
        "counter": np.arange(len(codes), dtype=np.float64),
        "of lot": level[codes],
        "nearly of lot": level[codes] + 0.001 * rng.normal(size=len(codes)),
        "at random": rng.normal(size=len(codes)),
    }
    return frame.assign(key=keys[key])


@pytest.mark.parametrize("key", ["counter", "of lot", "nearly of lot", "at random"])
@pytest.mark.parametrize(("lots", "size"), [(10, 40), (1, 40), (40, 10)])
def test_lots_stay_lots_beside_a_column_in_order(key: str, lots: int, size: int) -> None:
    """The reference comes in the order of its key; the new lots in that of their own, or in any."""
    states = []
    for seed in range(2):
        old, new = in_lots(seed, 60, 40, key), in_lots(seed + 100, lots, size, key)
        order = np.random.default_rng(seed).permutation(lots)
        mixed = pd.concat([new.iloc[lot * size : (lot + 1) * size] for lot in order], ignore_index=True)
        columns = [SimpleNamespace(name=name, kind="numeric", format="") for name in old if name != "key"]
        columns.append(SimpleNamespace(name="key", kind="numeric", format=""))
        for rows in (new, mixed):
            report = drift_frames(old, rows, columns)
            moved = [one.name for one in report.columns if one.state in ("drift", "minor")]
            states.append("moved" if [name for name in moved if name != "key"] else "quiet")
    assert states.count("moved") == 0, states


@pytest.mark.parametrize("by", ["tables", "bundle"])
def test_a_key_that_is_gone_leaves_the_shift_named(by: str) -> None:
    """Nothing tells such a file from one in lots: the words say what moved, and why it may be no drift."""
    old = table(3, 2000).sort_values("a").drop(columns="a").reset_index(drop=True)
    verdict = compared(old, table(103, 500, 0.5).drop(columns="a"), by).verdict
    assert verdict.state in ("drift", "too_few_rows")
    assert "Other lots alone may make the difference that is seen in" in verdict.text
    assert "'b'" in verdict.text
    assert "relations" not in verdict.text


def test_missing_cells_of_lots_are_named_too() -> None:
    old, new = in_lots(5, 60, 40, "at random"), in_lots(6, 8, 40, "at random")
    rng = np.random.default_rng(5)
    for side, lots, share in ((old, 60, 0.1), (new, 8, 0.4)):
        gone = np.zeros(lots, dtype=bool)
        gone[rng.permutation(lots)[: round(share * lots)]] = True
        side.loc[np.repeat(gone, 40), "x0"] = np.nan
    columns = [SimpleNamespace(name=name, kind="numeric", format="") for name in old]
    report = drift_frames(old, new, columns)
    assert report.verdict.state == "too_few_rows"
    assert "'x0'" in report.verdict.text.partition("Other lots alone")[2]
