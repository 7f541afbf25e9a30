"""The classifier two-sample test: quiet when nothing changed, and it sees what no single column shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.drift.profile.document import ColumnProfile
from core.drift.tests.lots import auc_of_lots, blocks
from core.drift.tests.matrix import drawn, ranked, row_order
from core.watch.drift import drift_frames
from core.watch.judge.joint import joint_drift

COLUMNS = [ColumnProfile(name, "numeric", "number", "", 0, 0) for name in "abc"]


def pairs(rng: np.random.Generator, rows: int, correlation: float) -> dict[str, pd.Series]:
    values = rng.normal(size=(rows, 3))
    values[:, 1] = correlation * values[:, 0] + np.sqrt(1 - correlation**2) * values[:, 1]
    return {column.name: pd.Series(values[:, i]) for i, column in enumerate(COLUMNS)}


@pytest.mark.parametrize("seed", range(3))
def test_two_samples_of_one_distribution_are_not_told_apart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = joint_drift(pairs(rng, 2000, 0.5), pairs(rng, 2000, 0.5), COLUMNS, seed)
    assert not found.drifted
    assert found.share is not None
    assert found.share < 0.1


@pytest.mark.parametrize(("before", "after", "sizes"), [(0, 0.5, (10_000, 2000)), (0.7, -0.7, (2000, 2000))])
def test_a_changed_correlation_is_found_and_named(
    before: float, after: float, sizes: tuple[int, int]
) -> None:
    rng = np.random.default_rng(0)
    found = joint_drift(pairs(rng, sizes[0], before), pairs(rng, sizes[1], after), COLUMNS)
    assert found.relations.state == "drift"
    assert found.relations.drivers[0].column == "a with b"
    assert found.drifted


def test_a_shift_of_one_column_is_drift_of_rows_but_not_of_relations() -> None:
    rng = np.random.default_rng(0)
    new = pairs(rng, 2000, 0.5)
    new["c"] += 1.5
    found = joint_drift(pairs(rng, 2000, 0.5), new, COLUMNS)
    assert (found.state, found.relations.state) == ("drift", "stable")
    assert [driver.column for driver in found.drivers] == ["c"]


def test_other_shares_of_a_level_alone_do_not_change_relations() -> None:
    rng = np.random.default_rng(0)
    columns = [ColumnProfile(name, "categorical", "text", "", 0, 0) for name in "ab"]
    old, new = (
        {name: pd.Series(np.where(rng.random(3000) < share, "yes", "no"), dtype="str") for name in "ab"}
        for share in (0.2, 0.6)
    )
    found = joint_drift(old, new, columns)
    assert (found.state, found.relations.state) == ("drift", "stable")


def test_few_rows_and_no_columns_are_answers_of_their_own() -> None:
    rng = np.random.default_rng(0)
    assert joint_drift(pairs(rng, 500, 0), pairs(rng, 50, 0), COLUMNS).state == "too_few_rows"
    assert joint_drift({}, pairs(rng, 500, 0), COLUMNS).state == "not_computed"


def test_rows_are_drawn_by_content_and_ranks_are_uniform() -> None:
    rng = np.random.default_rng(0)
    matrix = np.column_stack([rng.integers(0, 3, 500).astype(float), rng.normal(size=500)])
    matrix[::7, 1] = np.nan
    shuffled = matrix[rng.permutation(500)]
    first, second = (drawn(side, 100, np.random.default_rng(1)) for side in (matrix, shuffled))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(matrix[row_order(matrix)], shuffled[row_order(shuffled)])
    ranks = ranked(matrix, rng)
    np.testing.assert_allclose(np.sort(ranks, axis=0)[:, 0], (np.arange(500) + 0.5) / 500)
    assert ranks[matrix[:, 0] == 0, 0].max() < ranks[matrix[:, 0] == 2, 0].min()


def in_lots(seed: int, lots: int, size: int, shift: float = 0.0) -> tuple[dict[str, pd.Series], np.ndarray]:
    """Rows half of whose variance lies between lots, in the order of these, and the lot of each."""
    rng = np.random.default_rng(seed)
    values = np.repeat(rng.normal(size=(lots, 3)), size, axis=0) + rng.normal(size=(lots * size, 3)) + shift
    return {column.name: pd.Series(values[:, i]) for i, column in enumerate(COLUMNS)}, np.repeat(
        np.arange(lots), size
    )


@pytest.mark.parametrize("by", ["file order", "group"])
def test_rows_in_lots_raise_no_alarm_and_a_change_is_found(by: str) -> None:
    order = np.random.default_rng(0).permutation(1200)

    def compared(seed: int, shift: float) -> bool:
        sides = [in_lots(seed, 60, 20), in_lots(1000 + seed, 60, 20, shift)]
        if by == "file order":
            return joint_drift(sides[0][0], sides[1][0], COLUMNS, seed).drifted
        mixed = [
            {name: one.iloc[order].reset_index(drop=True) for name, one in side.items()} for side, _ in sides
        ]
        lots = (sides[0][1][order], sides[1][1][order])
        return joint_drift(mixed[0], mixed[1], COLUMNS, seed, groups=lots).drifted

    assert not any(compared(seed, 0.0) for seed in range(4))
    assert compared(0, 1.5)


def test_only_rows_that_are_alike_are_put_into_blocks() -> None:
    rng = np.random.default_rng(0)
    free = rng.normal(size=(2000, 3))
    assert blocks(free) is None
    assert blocks(np.sort(free, axis=0)) is None, "a sorted file"
    assert (
        blocks(np.column_stack([np.repeat([0.0, 1.0], 1000), free + np.repeat([[0.0], [1.0]], 1000, 0)]))
        is None
    )
    lots = np.column_stack([one.to_numpy() for one in in_lots(0, 100, 20)[0].values()])
    found = blocks(lots)
    assert found is not None
    assert len(np.unique(found)) >= 10


@pytest.mark.parametrize("lots", [6, 20])
def test_the_p_of_lots_holds(lots: int) -> None:
    ps = []
    for seed in range(400):
        rng = np.random.default_rng([seed, lots])
        codes = np.repeat(np.arange(lots), 25)
        sides = [np.repeat(rng.normal(size=lots), 25) + rng.normal(size=25 * lots) for _ in range(2)]
        ps.append(auc_of_lots(sides[0], sides[1], codes, codes)[1])
    assert np.mean(np.array(ps) <= 0.05) <= 0.08
    assert np.mean(np.array(ps) <= 0.01) <= 0.025


def test_too_few_groups_are_told() -> None:
    old, lots = in_lots(0, 5, 100)
    found = joint_drift(old, in_lots(1, 40, 20)[0], COLUMNS, groups=(lots, None))
    assert found.state == "too_few_rows"
    assert "come in 5 lots" in found.reason


@pytest.mark.parametrize("by", ["lots", "rows"])
def test_drift_of_columns_says_when_rows_come_in_lots(by: str) -> None:
    old, new = (pd.DataFrame(in_lots(seed, 40, 50, shift)[0]) for seed, shift in ((3, 0.0), (4, 1.5)))
    if by == "rows":
        rng = np.random.default_rng(0)
        old, new = (side.iloc[rng.permutation(len(side))].reset_index(drop=True) for side in (old, new))
    report = drift_frames(old, new, COLUMNS)
    assert any(column.state == "drift" for column in report.columns)
    assert ("LOTS" in {issue.code for issue in report.findings}) == (by == "lots")
