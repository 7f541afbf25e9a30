"""Leaks by formulas, dates, numbers in texts and pulled means are named; honest columns like them are not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from benchmarks.decided.awkward_leaks import AWKWARD_LEAKS, severity_named
from benchmarks.decided.leak_tables import base
from benchmarks.decided.leaks import found_in
from core.checks.changed_copies import changed_copies
from core.checks.finding import Subject
from core.checks.pulled_means import pulled_to_the_mean
from core.data.kinds import classify
from core.drift.profile.design import Lots
from core.drift.profile.document import ColumnProfile
from core.drift.profile.side_by_side import side_by_side
from core.drift.profile.summary import summarise
from core.evaluate.intervals.median import median_ends
from core.evaluate.intervals.units import units_of

ROWS = 400


@pytest.mark.parametrize("kind", AWKWARD_LEAKS)
def test_a_leak_of_that_kind_is_named(kind: str) -> None:
    assert severity_named(kind, ROWS, 0) in ("error", "warn")


def _noisy_product(random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    price, units = random.lognormal(3, 0.7, ROWS).round(2), random.integers(1, 20, ROWS).astype("float64")
    paid = (price * units * random.lognormal(0, 0.4, ROWS)).round(2)
    return pd.DataFrame({"price": price, "units": units}), paid


def _other_numbers(random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    told, paid = random.lognormal(6, 1, (2, ROWS)).round(2)
    return pd.DataFrame({"note": [f"paid {one:.2f} in 2 parts on 03.04.2024" for one in told]}), paid


def _rough_mean(random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    parts = random.integers(1, 7, (ROWS, 3)).astype("float64")
    given = (parts.mean(axis=1) + 0.6 * random.normal(size=ROWS)).round()
    return pd.DataFrame(parts, columns=["a", "b", "c"]), given


@pytest.mark.parametrize("make", [_noisy_product, _other_numbers, _rough_mean])
def test_an_honest_relation_is_no_error(
    make: Callable[[np.random.Generator], tuple[pd.DataFrame, np.ndarray]],
) -> None:
    columns, target = make(np.random.default_rng(3))
    found = found_in(columns.assign(y=target), "regression")
    assert [one for one in found if one.severity == "error"] == []


def test_shares_of_other_rows_are_not_pulled_means() -> None:
    random = np.random.default_rng(4)
    shop = random.integers(0, 100, ROWS)
    other = random.random(ROWS) < 0.4
    rates = (np.bincount(shop, weights=other, minlength=100) + 2) / (np.bincount(shop, minlength=100) + 5)
    own = (random.random(ROWS) < rates[shop]).astype("float64")
    assert not pulled_to_the_mean(rates[shop].round(6), own, 1e-6)


@pytest.mark.parametrize("copied", [False, True])
def test_copies_with_another_category_are_seen_among_few_fine_columns(copied: bool) -> None:
    random = np.random.default_rng(5)
    frame = base(random, 4_000, True)[0].astype({"plan": "str", "region": "str"})
    if copied:
        again = frame.iloc[:1_200].copy()
        again["region"] = random.permutation(again["region"].to_numpy())
        frame = pd.concat([frame, again], ignore_index=True)
    found = changed_copies(Subject(frame, tuple(classify(frame, {})), "y", "regression"))
    assert (found.columns > 0) == copied
    if copied:
        assert 0.3 < found.share < 0.6


def _parts(random: np.random.Generator, of_one_order: bool) -> tuple[pd.Series, pd.Series]:
    """Two files whose rows come in lots of 100: halves of one file, dealt row by row, or other lots."""

    def lots(rows: int) -> np.ndarray:
        return np.repeat(random.normal(size=rows // 100), 100) + random.normal(size=rows)

    if of_one_order:
        whole = lots(4_000)
        return pd.Series(whole[::2]), pd.Series(whole[1::2])
    return pd.Series(lots(2_000)), pd.Series(lots(2_000))


@pytest.mark.parametrize("of_one_order", [False, True])
def test_what_both_parts_of_one_order_share_does_not_count_against_their_difference(
    of_one_order: bool,
) -> None:
    random = np.random.default_rng(6)
    for _ in range(5):
        old, new = _parts(random, of_one_order)
        pair = (_in_lots(old), _in_lots(new))
        lots = Lots(np.arange(len(new)) // 100, True)
        after = side_by_side(pair, old, new, False, lots)
        effects = [side.design or 0.0 for side in after]
        assert max(effects) < 3 if of_one_order else min(effects) > 15


def _in_lots(values: pd.Series) -> ColumnProfile:
    profile = summarise("x", "numeric", "number", values)
    return ColumnProfile(**{**vars(profile), "design": 50.0, "design_missing": 1.0})


def test_the_median_of_groups_turns_its_skewness_round() -> None:
    """Few large groups lie above: the true median may be farther up than down."""
    sizes = np.r_[np.full(36, 5), np.full(4, 60)]
    groups = np.repeat(np.arange(40), sizes)
    random = np.random.default_rng(7)
    losses = random.gamma(2, 1, len(groups)) + np.where(sizes[groups] > 5, 1.5, 0.0)
    low, high = median_ends(losses, units_of(len(losses), 1, groups=groups))
    middle = float(np.median(losses))
    assert low < middle < high
    share_below, share_above = ((losses < end).mean() for end in (low, high))
    assert abs((share_above - 0.5) - (0.5 - share_below)) > 0.02
