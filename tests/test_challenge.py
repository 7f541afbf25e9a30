"""A new model against the current one: no better is not promoted, better is, and no learned row counts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.decided import challenges
from core.catalog.metrics import METRICS
from core.challenge.betting import bet, confidence_sequence
from core.challenge.contest import contest
from core.challenge.guardrails import Rows
from core.challenge.one_look import gap, mid_p
from core.challenge.verdict import Bars, decide, rows_needed
from core.command.retrain import known_rows
from core.command.run import fitted
from core.command.session import session
from core.data.formats.parquet import read_table
from core.data.stacked import stacked
from core.data.table import Column, Table
from core.drift.profile.learned_rows import LearnedRows
from core.drift.profile.row_digest import row_keys
from core.engine.resources import resources_of
from core.errors import FoldlineError
from core.evaluate.intervals.ranking import area_interval
from core.evaluate.prediction import of_proba
from core.recipe.columns import columns_of
from core.recipe.suggestion.first import suggested
from core.train.rows.target import target_of
from tests.test_command import answer


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (1, 0), (3, 3), (12, 4), (4, 12), (60, 41)])
def test_the_test_of_labels_is_the_mid_p_of_mcnemar(gained: int, lost: int) -> None:
    both = gained + lost
    binom = stats.binom(both, 0.5)
    assert mid_p(gained, lost) == pytest.approx(binom.sf(gained) + binom.pmf(gained) / 2, abs=1e-10)


def test_the_interval_of_roc_auc_is_that_of_delong() -> None:
    """Against placements computed here, and against a bootstrap of the rows."""
    draw = np.random.default_rng(1)
    rows, models = challenges.scores(draw, 1500, 0.03)
    one = gap(METRICS["roc_auc"], rows.truth, models)
    is_yes = rows.truth == "yes"
    placements = []
    for model in models:
        yes, no = model.proba[is_yes, 1], model.proba[~is_yes, 1]  # type: ignore[index]
        above = (yes[:, None] > no[None, :]) + 0.5 * (yes[:, None] == no[None, :])
        placements.append((above.mean(axis=1), above.mean(axis=0)))
    by_yes, by_no = (placements[1][i] - placements[0][i] for i in range(2))
    delong = np.sqrt(by_yes.var(ddof=1) / len(by_yes) + by_no.var(ddof=1) / len(by_no))
    assert one.value == pytest.approx(by_yes.mean(), abs=1e-10)
    assert one.error == pytest.approx(delong, rel=0.12)
    assert area_interval(models[0].proba[is_yes, 1], models[0].proba[~is_yes, 1])[0] < 0.8  # type: ignore[index]


def test_an_equal_model_is_seldom_promoted_however_often_it_is_looked_at() -> None:
    promoted = [challenges._bet(0.0, seed) is not None for seed in range(200)]
    better = [challenges._bet(0.02, seed) is not None for seed in range(100)]
    assert np.mean(promoted) <= 0.05
    assert np.mean(better) >= 0.9


@pytest.mark.parametrize("draw", [challenges.labels, challenges.scores, challenges.numbers])
def test_one_look_says_better_of_an_equal_model_as_seldom_as_it_claims(draw: Any) -> None:
    metric = {"labels": "accuracy", "scores": "roc_auc", "numbers": "mae"}[draw.__name__]
    gaps = [challenges._one(metric, draw, 300, 0.0, seed) for seed in range(150)]
    assert np.mean([one.low > 0 or one.high < 0 for one in gaps if one.is_judged]) <= 0.1


@given(st.lists(st.sampled_from([-1.0, -0.25, 0.0, 0.5, 1.0]), min_size=1, max_size=200))
def test_a_confidence_sequence_holds_what_it_has_seen_and_never_widens(values: list[float]) -> None:
    seen = confidence_sequence(np.array(values), looks=20)
    there = np.isfinite(seen.low)
    assert (seen.low[there] <= seen.mean[there] + 1e-9).all() or len(values) > 30
    width = seen.high[there] - seen.low[there]
    assert (np.diff(width) <= 1e-9).all()
    assert (bet(np.array(values)).evidence >= 0).all()


def test_the_verdict_follows_the_bars() -> None:
    bars = Bars(0.0, 0.01)
    better = gap(METRICS["accuracy"], *_labels(400, 60, 10))
    same = gap(METRICS["accuracy"], *_labels(9000, 30, 30))
    unsure = gap(METRICS["accuracy"], *_labels(200, 12, 8))
    assert decide(better, bars) == "promote"
    assert decide(better, bars, ["probabilities"]) == "keep"
    assert decide(better, Bars(0.3, 0.01)) == "keep"
    assert decide(same, bars) == "equivalent"
    assert decide(unsure, bars) == "continue"
    needed = rows_needed(unsure, bars, 200)
    assert needed is not None
    assert needed > 200


def test_models_that_say_the_same_are_not_judged() -> None:
    rows, models = challenges.labels(np.random.default_rng(0), 100, 0.0)
    one = gap(METRICS["accuracy"], rows.truth, [models[0], models[0]])
    assert not one.is_judged
    assert "the same" in one.why
    assert contest(METRICS["accuracy"], rows, [models[0], models[0]]).decision == "continue"


@pytest.mark.parametrize(
    ("draw", "metric", "gain", "decision", "words"),
    [
        (
            challenges.labels,
            "accuracy",
            0.1,
            "promote",
            "That it is better is proven, whenever it is looked at.",
        ),
        (challenges.labels, "accuracy", 0.0, "continue", "Nothing is proven yet; look again"),
        (challenges.scores, "average_precision", 0.1, "promote", "looked at, judged by the Brier score."),
        (
            challenges.numbers,
            "rmse",
            0.5,
            "promote",
            "judged by the mean absolute error with errors cut",
        ),
    ],
)
def test_the_words_under_many_looks_are_those_of_the_bet(
    draw: Any, metric: str, gain: float, decision: str, words: str
) -> None:
    rows, models = draw(np.random.default_rng(2), 2500, gain)
    done = contest(METRICS[metric], rows, models, peek=True)
    assert done.decision == decision
    assert words in done.text
    assert "[" not in done.text.split("better by")[1], "an interval of one look is none of many"
    assert (done.shown.low, done.shown.p, done.needed) == (None, None, None)


@pytest.mark.parametrize("first_gain", [0.08, -0.08])
def test_a_difference_that_moves_while_rows_come_is_no_proof(first_gain: float) -> None:
    draw, parts = np.random.default_rng(4), []
    for gain in (first_gain, -first_gain):
        rows, (first, second) = challenges.labels(draw, 3000, abs(gain))
        parts.append((rows.truth, *((first, second) if gain > 0 else (second, first))))
    truth = np.concatenate([part[0] for part in parts])
    shares = [np.concatenate([part[place].proba for part in parts]) for place in (1, 2)]
    models = [of_proba("binary", parts[0][1].classes, share) for share in shares]
    done = contest(METRICS["accuracy"], Rows(truth), models, peek=True)
    assert done.decision == "continue" and "Nothing is claimed" in done.text


def test_a_gain_that_cannot_be_bet_on_is_refused_and_not_ignored() -> None:
    rows, models = challenges.numbers(np.random.default_rng(2), 300, 0.2)
    with pytest.raises(FoldlineError) as refused:
        contest(METRICS["rmse"], rows, models, least=0.5, peek=True)
    assert refused.value.code == "METRIC"


@given(st.integers(2, 60), st.integers(0, 60), st.randoms(use_true_random=False))
def test_learned_rows_are_found_whatever_their_order(learned: int, fresh: int, order: Any) -> None:
    values = np.arange(learned + fresh, dtype=np.float64) * 1.7
    keys = row_keys([pd.Series(values)], len(values))
    rows = LearnedRows.from_bytes(LearnedRows.of(keys[:learned]).to_bytes())
    places = list(range(len(values)))
    order.shuffle(places)
    assert rows.holds(keys[places]).tolist() == [place < learned for place in places]


def test_rows_that_repeat_by_chance_are_no_overlap() -> None:
    draw = np.random.default_rng(3)
    old, new = (row_keys([pd.Series(draw.integers(0, 40, size).astype(float))], size) for size in (300, 80))
    assert not LearnedRows.of(old).overlap(new).any()
    numbers = pd.Series(draw.normal(size=380))
    keys = row_keys([numbers], 380)
    assert LearnedRows.of(keys[:300]).overlap(keys[250:]).sum() == 50


def _labels(rows: int, gained: int, lost: int) -> tuple[Any, Any]:
    truth = np.array(["yes"] * rows, dtype=object)
    shares = [np.full(rows, 0.9), np.full(rows, 0.9)]
    shares[0][:gained] = 0.1
    shares[1][gained : gained + lost] = 0.1
    return truth, [challenges._binary(share) for share in shares]


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bundles, of a table and of one with a column more that matters, and later rows of both."""
    folder = tmp_path_factory.mktemp("challenge")
    draw = np.random.default_rng(5)
    frame = pd.DataFrame(draw.normal(size=(3000, 3)), columns=["a", "b", "c"]).round(4)
    share = 1 / (1 + np.exp(-(frame.a + 2 * frame.b)))
    frame["bought"] = np.where(draw.random(3000) < share, "yes", "no")
    frame[:1200].to_csv(folder / "old.csv", index=False)
    frame[600:].to_csv(folder / "later.csv", index=False)
    for name, left_out in (("weak", "b"), ("strong", "")):
        answer("suggest", folder / "old.csv", "--target", "bought", "-o", folder / f"{name}.json")
        _only(folder / f"{name}.json", left_out)
        answer("run", folder / f"{name}.json", "--data", folder / "old.csv", "--out", folder / name)
    return folder


def _only(path: Path, left_out: str) -> None:
    from core.recipe.document import load

    recipe = load(path)
    quick = tuple(c for c in recipe.candidates if c.id == "logistic_regression")
    columns = tuple(
        column.model_copy(update={"role": "ignore"}) if column.name == left_out else column
        for column in recipe.columns
    )
    path.write_text(recipe.model_copy(update={"candidates": quick, "columns": columns}).to_json())


def test_a_better_model_is_promoted_and_known_rows_are_left_out(bundles: Path) -> None:
    weak, strong, later = (bundles / "weak/bundle.zip", bundles / "strong/bundle.zip", bundles / "later.csv")
    done = answer("challenge", weak, strong, later, "--metric", "roc_auc", "--peek")
    assert done["decision"] == "promote"
    assert done["left_out"] == 600  # rows 600 to 1,199 were trained on
    assert done["rows"] == 1800
    assert done["peeking"]["proven"] < 1800
    back = answer("challenge", strong, weak, later)
    assert back["decision"] == "keep"
    assert back["difference"]["high"] < 0
    same = answer("challenge", strong, strong, later)
    assert same["decision"] == "continue"
    assert "the same of all rows" in same["text"]


def test_monitor_leaves_out_the_rows_that_the_model_learned_from(bundles: Path, tmp_path: Path) -> None:
    bundle, later = bundles / "weak/bundle.zip", bundles / "later.csv"
    done = answer("drift", bundle, later, "-o", tmp_path / "mixed.json")
    notice = next(one for one in done["findings"] if one["code"] == "LEARNED_ROWS")
    assert notice["reason"].startswith(
        "600 of the 2,400 rows have the inputs of a row that the model learned from"
    )
    pd.read_csv(later)[600:].to_csv(tmp_path / "fresh.csv", index=False)
    alone = answer("drift", bundle, tmp_path / "fresh.csv", "-o", tmp_path / "fresh.json")
    assert [one for one in done["findings"] if one != notice] == alone["findings"]
    assert done["performance"] == alone["performance"]


def test_copies_and_corrected_labels_are_no_new_evidence(bundles: Path, tmp_path: Path) -> None:
    """Rows sent twelve times count once, and a corrected label makes no new row of a learned one."""
    later, old = pd.read_csv(bundles / "later.csv")[600:850], pd.read_csv(bundles / "old.csv")
    corrected = old[:60].assign(bought=np.where(old.bought[:60] == "yes", "no", "yes"))
    many = pd.concat([later] * 12).sample(frac=1, random_state=0)
    later.to_csv(tmp_path / "once.csv", index=False)
    pd.concat([many, corrected]).to_csv(tmp_path / "often.csv", index=False)
    models = [bundles / name / "bundle.zip" for name in ("weak", "strong")]
    once, often = (answer("challenge", *models, tmp_path / f"{name}.csv") for name in ("once", "often"))
    assert (once["rows"], often["rows"], often["left_out"]) == (250, 250, 60)
    assert often["difference"] == pytest.approx(once["difference"])
    assert [note["code"] for note in often["notes"]] == ["REPEATS"]


def test_what_cannot_be_compared_is_refused(bundles: Path, tmp_path: Path) -> None:
    weak, later = bundles / "weak/bundle.zip", pd.read_csv(bundles / "later.csv")
    later.drop(columns="bought").to_csv(tmp_path / "bare.csv", index=False)
    refused = answer("challenge", weak, weak, tmp_path / "bare.csv", code=1)
    assert refused["error"]["code"] == "LABELS"
    pd.read_csv(bundles / "old.csv").to_csv(tmp_path / "old.csv", index=False)
    refused = answer("challenge", weak, weak, tmp_path / "old.csv", code=1)
    assert refused["error"]["code"] == "LEARNED_ROWS"


def test_old_and_new_rows_are_trained_on_together(bundles: Path, tmp_path: Path) -> None:
    fresh = pd.read_csv(bundles / "later.csv")[600:1400]
    later = pd.concat([fresh, pd.read_csv(bundles / "old.csv")[:100]])  # with copies of old rows
    later.assign(seen="x").to_csv(tmp_path / "new.csv", index=False, sep=";", decimal=",")
    old, new = bundles / "old.csv", tmp_path / "new.csv"
    done = answer("retrain", bundles / "weak/bundle.zip", new, "--with", old, "--out", tmp_path / "out")
    assert done == json.loads((tmp_path / "out/report.json").read_text())
    assert [note["code"] for note in done["joined"]] == ["JOINED", "NOT_AS_BEFORE", "ONLY_IN_ONE"]
    assert len(pd.read_parquet(tmp_path / "out/training_rows.parquet")) == 1200 + 900
    assert done["challenge"]["rows"] + done["challenge"]["left_out"] == 420
    assert 220 < done["challenge"]["left_out"] < 300  # old rows and their copies, learned by the old model
    (told,) = [note["text"] for note in done["notes"] if note["code"] == "COPIES"]
    assert re.match(r"Of 420 test rows \d+ repeat a row that is learned from", told), "the report's own score"
    assert [note["code"] for note in done["challenge"]["notes"]] == ["SAME_DAYS"]
    script = [sys.executable, "train.py", "../training_rows.parquet", "--predict", "../training_rows.parquet"]
    folder = tmp_path / "out/bundle"
    zipfile.ZipFile(tmp_path / "out/bundle.zip").extractall(folder)
    subprocess.run([*script, "-o", "again.csv"], cwd=folder, check=True, capture_output=True)
    assert len(pd.read_csv(folder / "again.csv")) == 2100


AMOUNTS = [round(1234.5 + 37.25 * row, 2) for row in range(60)]
WRITTEN = {
    "other separator": (";", [f"{amount:,.2f}" for amount in AMOUNTS]),
    "tabs": ("\t", [f"{amount:,.2f}" for amount in AMOUNTS]),
    "other marks": (";", [f"{amount:,.2f}".translate({44: ".", 46: ","}) for amount in AMOUNTS]),
    "no marks": (",", [f"{amount:.2f}" for amount in AMOUNTS]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_rows_to_learn_again_from_may_be_written_otherwise(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"price": [f"{a:,.2f}" for a in AMOUNTS], "size": [f"{a / 8}" for a in AMOUNTS]})
    frame["kind"] = ["x", "y", "z"] * 20
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    frame.to_csv(old, index=False)
    separator, prices = WRITTEN[name]
    other = frame.assign(price=prices)
    if name == "other marks":
        other["size"] = other["size"].str.replace(".", ",")
    other[["kind", "size", "price"]].to_csv(new, index=False, sep=separator)
    with session() as s:
        before = s.load(old, target="price")
        recipe = suggested(before, read_table(s.workspace.table_path(s.project, before.id)), "price")
        assert recipe.column("price").marks == ",."
        moved, table = fitted(recipe, s, new, before)
        rows = read_table(s.workspace.table_path(s.project, table.id))
    assert target_of(moved, rows).values.tolist() == AMOUNTS
    assert rows["size"].tolist() == frame["size"].astype(float).tolist()
    told = {note.code for note in table.notes}
    assert ("NOT_AS_BEFORE" in told) == (separator != ",")
    assert ("OTHER_DECIMAL" in told) == (name == "other marks")


def _table(name: str, **values: list[Any]) -> tuple[Table, pd.DataFrame]:
    frame = pd.DataFrame(values)
    columns = [
        Column(name=c, physical=_physical(frame[c]), kind="text", missing=int(frame[c].isna().sum()))
        for c in frame
    ]
    return Table(id="0" * 64, name=name, rows=len(frame), columns=tuple(columns)), frame


def _physical(values: pd.Series) -> Any:
    return "number" if pd.api.types.is_numeric_dtype(values.dtype) else "text"


def test_files_that_do_not_go_together_are_refused() -> None:
    old = _table("old.csv", a=[1.0, 2.0], b=["x", "y"])
    with pytest.raises(FoldlineError) as refused:
        stacked(old, _table("new.csv", a=["1", "two"], b=["x", "z"]))
    assert refused.value.code == "SCHEMA"
    assert "'a' was read as number in old.csv and as text in new.csv" in refused.value.problem


def test_an_empty_column_goes_with_any_type() -> None:
    old = _table("old.csv", b=["x", "y"], a=[1.0, 2.0], gone=["p", "q"])
    rows, notes = stacked(old, _table("new.csv", a=[None, None], b=["x", None], more=[1.0, 2.0]))
    assert rows.a.dtype == np.float64
    assert rows.columns.tolist() == ["a", "b"]
    assert rows.b[:3].tolist() == ["x", "y", "x"]
    assert [note.text.split(":")[1].split(".")[0].strip() for note in notes] == ["'gone'", "'more'"]


@pytest.mark.parametrize("digits", [4, 0])
def test_copies_are_known_rows_and_chance_is_not(tmp_path: Path, digits: int) -> None:
    """Copies of rows learned from are left out; rows of few values that are equal by chance are not."""
    draw = np.random.default_rng(2)
    frame = pd.DataFrame(draw.normal(size=(600, 2)).round(digits), columns=["a", "b"])
    frame["y"] = np.where(draw.random(600) < 0.5, "yes", "no")
    if digits:
        frame = pd.concat([frame, frame[:200]], ignore_index=True)
    frame.to_csv(tmp_path / "t.csv", index=False)
    with session() as s:
        table = s.load(tmp_path / "t.csv", target="y")
        recipe = suggested(table, frame, "y")
        work = resources_of(s.workspace, s.project).work(recipe)
    keys = frame[["a", "b"]].apply(tuple, axis=1)
    again = keys.iloc[work.split.test].isin(set(keys.iloc[work.split.train])).to_numpy()
    assert again.any()
    known = known_rows(work, columns_of(recipe, table), 0)
    assert known.tolist() == (again.tolist() if digits else [False] * len(again))
    old = known_rows(work, columns_of(recipe, table), 100)
    assert old[work.split.test < 100].all()
