"""Every kind of leak is found, and clean tables of awkward shapes raise no alarm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.decided.clean_tables import CLEAN
from benchmarks.decided.gain import Silent
from benchmarks.decided.leak_tables import LEAKS, task_of
from benchmarks.decided.leaks import alarms, found_in, share_found
from benchmarks.tables import work_on
from core.checks.finding import Finding, Subject
from core.checks.made_from_target import means_of_target
from core.checks.sorted_by_target import sorted_by_target
from core.checks.strength import evidence_of
from core.command.run_steps import conclusion
from core.data.kinds import classify
from core.engine.processes.units import ForkRunner
from core.export.card import card
from core.findings import findings
from core.recipe import edits
from core.recipe.difference import differences
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.fixes import apply_fix
from core.results.bundle import ModelReport
from core.train.compare import compare
from core.train.judging.too_good import doubt_of
from core.train.rows.target import target_of

ROWS = 600
COPIES = "near-duplicates"


def leaks_in(kind: str, numbers: bool, draw: int = 1) -> tuple[pd.DataFrame, list[Finding], set[str]]:
    frame, wanted = LEAKS[kind](np.random.default_rng([draw, ROWS, numbers]), ROWS, numbers)
    task = task_of(kind, numbers)
    found = [one for one in found_in(frame, task) if one.column in wanted and one.code != "GROUPED"]
    return frame, found, wanted


@pytest.mark.parametrize("numbers", [False, True])
@pytest.mark.parametrize("kind", [kind for kind in LEAKS if kind != COPIES])
def test_each_kind_of_leak_is_found_named_and_has_a_remedy(kind: str, numbers: bool) -> None:
    frame, found, wanted = leaks_in(kind, numbers)
    assert found, wanted
    kinds = classify(frame.head(1), {})
    columns = tuple(ColumnChoice(name=c.name, kind=c.kind, role=c.role) for c in kinds)
    for one in found:
        assert one.severity in ("error", "warn") and one.column in one.reason and one.reason.endswith(".")
        assert one.fix is not None
        mended = apply_fix(Recipe(target="y", columns=columns), one.fix)
        assert mended.column(one.column).role in ("ignore", "group")


def test_the_worst_of_two_findings_on_a_column_is_told() -> None:
    rng = np.random.default_rng(2)
    y = rng.random(ROWS) < 0.4
    # Either column tells the target well; which of the two is missing tells it exactly.
    first = y ^ (rng.random(ROWS) < 0.02)
    frame = pd.DataFrame({"x": rng.normal(size=ROWS), "a": np.where(first, np.nan, rng.normal(size=ROWS))})
    frame["b"] = np.where(first ^ y, np.nan, rng.normal(size=ROWS))
    frame["y"] = np.where(y, "yes", "no")
    leaks = [one for one in found_in(frame, "binary") if one.code == "LEAKAGE"]
    assert "error" in {one.severity for one in leaks}, [one.reason for one in leaks]


@pytest.mark.parametrize("numbers", [False, True])
def test_near_duplicates_are_counted_and_the_fix_leaves_one_of_each(numbers: bool) -> None:
    frame, found, _ = leaks_in(COPIES, numbers)
    assert found[0].severity == "error" and found[0].fix is not None
    kinds = classify(frame.astype({"plan": "str", "region": "str"}), {})
    columns = tuple(ColumnChoice(name=c.name, kind=c.kind, role=c.role) for c in kinds)
    recipe = edits.set_target(Recipe(columns=columns), "y", "regression" if numbers else "binary")
    mended = apply_fix(recipe, found[0].fix)
    target = target_of(mended, frame.astype({"plan": "str", "region": "str"}))
    assert abs(len(target.rows) - ROWS) <= 0.02 * ROWS
    assert target.repeated == len(frame) - len(target.rows)
    assert differences(recipe, mended)[0].startswith("drop near-duplicates within: 0")
    assert not [one for one in found_in(frame.iloc[target.rows], mended.task) if one.code == found[0].code]


@pytest.mark.parametrize("kind", CLEAN)
def test_a_clean_table_has_no_leak(kind: str) -> None:
    frame, task = CLEAN[kind](np.random.default_rng([3, ROWS]), ROWS)
    assert [one for one in found_in(frame, task) if one.severity == "error"] == []


@pytest.mark.gauntlet
@pytest.mark.parametrize("kind", CLEAN)
def test_at_most_one_clean_table_in_a_hundred_is_called_leaky(kind: str) -> None:
    assert np.mean([alarms(kind, rows, 40)[0] for rows in (200, 600)]) <= 0.0125


@pytest.mark.gauntlet
@pytest.mark.parametrize("kind", LEAKS)
def test_nine_of_ten_leaks_are_found(kind: str) -> None:
    assert np.mean([share_found(kind, 600, numbers, 20) for numbers in (False, True)]) >= 0.9


@pytest.mark.parametrize("ahead", [1, 3, 7, 45])
@pytest.mark.parametrize("patients", [1, 8])
def test_means_of_later_targets_are_found_and_those_of_earlier_ones_are_not(
    ahead: int, patients: int
) -> None:
    rows = 150 if patients > 1 else 900
    y = pd.DataFrame(np.random.default_rng(ahead).normal(size=(rows, patients))).ewm(alpha=0.2).mean()
    made = {"y": y, "later": y[::-1].shift(1).rolling(ahead).mean()[::-1]}
    made["before"] = y.shift(1).rolling(ahead).mean()
    frame = pd.DataFrame({name: table.to_numpy().ravel() for name, table in made.items()})
    days = pd.date_range("2024-01-01", periods=rows, freq="D").repeat(patients)
    frame["when"] = days.astype("datetime64[us]")
    frame["patient"] = pd.Series([f"P{i}" for i in range(patients)] * rows, dtype="str")
    frame = frame.sample(frac=1, random_state=0).reset_index(drop=True)
    found = findings(frame, classify(frame, {}), "y", "regression")
    assert [one.column for one in found if one.code == "LEAKAGE"] == ["later"]


TOLD = [("approved", "declined"), ("paid in full", "not paid in full"), ("\u597d\u8bc4", "\u5dee\u8bc4")]


@pytest.mark.parametrize("words", TOLD)
def test_any_words_that_hold_the_label_are_found(words: tuple[str, str]) -> None:
    random = np.random.default_rng(5)
    y = random.random(400) < 0.3
    note = [f"case {i} was {words[int(one)]} on day {i % 28}" for i, one in enumerate(y)]
    frame = pd.DataFrame({"age": random.normal(size=400), "note": note, "y": np.where(y, "b", "g")})
    frame = frame.astype({"note": "str", "y": "str"})
    found = findings(frame, classify(frame, {}), "y", "binary")
    assert [one.column for one in found if one.code == "LEAKAGE"] == ["note"]


@pytest.mark.parametrize("leaky", [True, False])
def test_a_score_that_is_nearly_perfect_is_questioned_with_the_column_that_carries_it(
    leaky: bool, tmp_path: Path
) -> None:
    frame, _ = LEAKS["target on another scale"](np.random.default_rng(4), 300, False)
    typed = frame.astype({"plan": "str", "region": "str", "y": "str"})
    columns = classify(typed, {})
    chosen = tuple(ColumnChoice(name=c.name, kind=c.kind, role=c.role) for c in columns)
    recipe = edits.set_target(Recipe(columns=chosen), "y", "binary", "yes")
    recipe = edits.set_candidates(recipe, ["logistic_regression"])
    if not leaky:
        recipe = edits.set_role(recipe, "code", "ignore")
    work = work_on(recipe, typed, tmp_path)
    result, tried = compare(work, Silent(), ForkRunner(work.resources, 1))
    words = doubt_of(work, tried, result.best or "", columns)
    assert ("code carries it" in words) == leaky == bool(words)
    doubted = result.model_copy(update={"doubt": words})
    assert conclusion(doubted).startswith(words)
    report = ModelReport(task="binary", metric="roc_auc", rows=1, columns=1, doubt=words)
    assert ("Too good?" in card(recipe, report)) == leaky


def test_a_score_that_is_nearly_perfect_is_questioned_where_no_column_carries_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    net, freight = rng.uniform(10, 900, 300).round(2), rng.uniform(1, 60, 300).round(2)
    frame = pd.DataFrame({"net": net, "freight": freight, "y": (1.19 * (net + freight)).round(2)})
    columns = classify(frame, {})
    chosen = tuple(ColumnChoice(name=c.name, kind=c.kind, role=c.role) for c in columns)
    recipe = edits.set_target(Recipe(columns=chosen), "y", "regression")
    work = work_on(edits.set_candidates(recipe, ["ridge"]), frame, tmp_path)
    result, tried = compare(work, Silent(), ForkRunner(work.resources, 1))
    assert doubt_of(work, tried, result.best or "", columns).startswith(
        "The best model is nearly always right"
    )


@pytest.mark.parametrize("timed", [False, True])
def test_without_a_time_a_file_that_begins_with_the_newest_row_is_warned_of_only(timed: bool) -> None:
    y = pd.Series(np.random.default_rng(3).normal(size=400)).ewm(alpha=0.2).mean()
    frame = pd.DataFrame({"y": y, "lag": y.shift(1).rolling(3).mean()})
    frame["when"] = pd.date_range("2024-01-01", periods=400, freq="D").astype("datetime64[us]")
    newest_first = frame[::-1].reset_index(drop=True)
    leaks = found_in(newest_first if timed else newest_first.drop(columns="when"), "regression")
    found = [(one.severity, one.column) for one in leaks if one.code == "LEAKAGE"]
    assert found == ([] if timed else [("warn", "lag")])


@pytest.mark.parametrize("seed", [0, 13, 14, 16])
def test_a_strong_marker_that_agrees_by_rounding_is_no_leak_for_sure(seed: int) -> None:
    """An honest column of AUC 0.985: few rows share a value, and those that do lie on the same side."""
    rng = np.random.default_rng(seed)
    y = rng.random(200) < 0.4
    frame = pd.DataFrame(
        {"marker": (rng.normal(size=200) + 3.07 * y).round(2), "noise": rng.normal(size=200)}
    )
    frame["y"] = np.where(y, "yes", "no")
    found = findings(frame, classify(frame, {}), "y", "binary")
    assert not [one for one in found if one.severity == "error"]


HONEST = {"line": lambda x: 2 * x, "square": lambda x: x**2, "exponential": np.exp}


@pytest.mark.parametrize("per", [5, 20, 60])
@pytest.mark.parametrize("rows", [200, 600])
@pytest.mark.parametrize("curve", HONEST)
def test_an_honest_column_of_groups_is_no_leak(curve: str, rows: int, per: int) -> None:
    """Its values are alike in a shop, and it tells the target nearly without a mistake."""
    rng = np.random.default_rng([rows, per])
    shop, own = rng.integers(0, max(8, rows // per), rows), rng.normal(size=max(8, rows // per))
    x = own[shop] + 0.3 * rng.normal(size=rows)
    frame = pd.DataFrame({"x": x.round(3), "z": rng.normal(size=rows)})
    frame["shop"] = pd.Series([f"shop {one}" for one in shop], dtype="str")
    y = HONEST[curve](x) + 0.1 * rng.normal(size=rows)
    subject_of = frame.assign(y=y.round(4))
    evidence = evidence_of(Subject(subject_of, classify(subject_of, {}), "y", "regression"))
    assert evidence is not None
    assert means_of_target(evidence) + sorted_by_target(evidence) == []
