"""Values far outside are found or named, in tables and bundles, and tails that just are long are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.drift.profile.build import reference_profile
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.published import published
from core.watch.drift import drift

Law = Callable[[np.random.Generator, int], Any]
LAWS: dict[str, Law] = {
    "log-normal": lambda rng, rows: np.exp(6.2 + 1.1 * rng.normal(size=rows)),
    "t3": lambda rng, rows: rng.standard_t(3, rows),
    "Pareto": lambda rng, rows: 1 + rng.pareto(1.5, rows),
}
ODD = ("FAR_OUTSIDE", "LONG_TAIL")


def references(old: pd.DataFrame, kind: str) -> tuple[ReferenceProfile, ReferenceProfile]:
    """Of a table and of a bundle."""
    told = reference_profile(old, [SimpleNamespace(name=name, kind=kind) for name in old])
    return told, published(told, old)


def told_far(law: str, old_rows: int, rows: int, spike: float, draws: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        old, new = LAWS[law](rng, old_rows), LAWS[law](rng, rows)
        if spike:
            new[rng.choice(rows, max(1, round(spike * rows)), replace=False)] = 1e6
        for reference in references(pd.DataFrame({"x": old}), "numeric"):
            report = drift(reference, pd.DataFrame({"x": new}))
            issue = next((one for one in report.findings if one.code in ODD), None)
            found[f"{issue.code} {issue.severity}" if issue else "nothing"] += 1
            if spike:
                assert not report.verdict.action.startswith("Nothing to do") or "1e+06" in report.verdict.text
    return found


@pytest.mark.parametrize(("old", "new"), [(200, 200), (2_000, 500), (20_000, 2_000)])
def test_a_long_tail_is_seldom_taken_for_values_far_outside(old: int, new: int) -> None:
    """About half a percent of columns is named for its tail; a warning is rarer."""
    for law in LAWS:
        found = told_far(law, old, new, 0, 10 if old < 20_000 else 4)
        assert not found["FAR_OUTSIDE warn"], law
        assert found["FAR_OUTSIDE info"] <= 1, law


@pytest.mark.gauntlet
def test_long_tails_over_many_tables() -> None:
    for law in LAWS:
        for old, new in ((200, 200), (2_000, 500), (2_000, 2_000)):
            found = told_far(law, old, new, 0, 300)
            assert found["FAR_OUTSIDE warn"] <= 0.01 * 600
            assert found["FAR_OUTSIDE info"] <= 0.02 * 600


@pytest.mark.parametrize("law", ["log-normal", "t3"])
def test_half_a_percent_far_outside_is_found_or_named(law: str) -> None:
    assert set(told_far(law, 2_000, 500, 0.005, 4)) == {"FAR_OUTSIDE warn"}
    assert "nothing" not in told_far(law, 200, 200, 0.005, 4)


def levels(rows: int, rng: np.random.Generator, zeppelins: float = 0.0) -> pd.DataFrame:
    shares = 1 / np.arange(1, 41) ** 1.2
    drawn = rng.choice(40, rows, p=shares / shares.sum()).astype(str)
    drawn[: round(zeppelins * rows)] = "zeppelin"
    return pd.DataFrame({"c": pd.Series(drawn, dtype="str")})


def test_levels_that_are_rare_in_a_bundle_are_no_more_drift_than_in_a_table() -> None:
    states: Counter[tuple[str, str]] = Counter()
    for seed in range(15):
        rng = np.random.default_rng(seed)
        old, new = levels(2000, rng), levels(400, rng)
        table, bundle = (drift(one, new).columns[0].state for one in references(old, "categorical"))
        states[table, bundle] += 1
    assert states["stable", "stable"] >= 14, states


def test_a_table_finds_every_new_level_that_a_bundle_finds() -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        old, new = levels(2000, rng), levels(600, rng, 0.04)
        table, bundle = (drift(one, new).columns[0] for one in references(old, "categorical"))
        assert table.state == "drift"
        assert bundle.state in ("drift", "minor", "stable")
        assert (table.p or 0) <= (bundle.p or 1)
