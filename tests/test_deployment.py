"""Rounds of a deployment: what is kept, compared, labelled late and checked, and who is at work."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.metrics import METRICS
from core.command.main import main
from core.deployment.batch_entries import Planned
from core.deployment.checks import Examined, checks_of, outcome_of
from core.deployment.conditions import Condition, condition_of_words
from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.kept_rows import kept_prediction
from core.deployment.model_entries import Evidence
from core.deployment.report import BatchReport
from core.deployment.result import RoundResult
from core.deployment.succession import join_challenger, note_contest, promote, roll_back, take_out
from core.engine.context import Context
from core.errors import FoldlineError
from core.export.bundle.open import open_bundle
from core.export.bundle.prediction import prediction_of
from tests.deployment_support import customers, job_context, run_round
from tests.test_command import answer

LABELS = ["bought", "spent"]


@pytest.fixture
def bundles(customer_bundles: Path) -> Path:
    return customer_bundles


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return job_context(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def root(bundles: Path, tmp_path: Path) -> Path:
    return create_deployment(tmp_path / "d", "Buyers", bundles / "bought.zip", "first", "ann").root


def rows_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=LABELS)


def code_of(what: Callable[[], object]) -> str:
    with pytest.raises(FoldlineError) as caught:
        what()
    assert caught.value.hint
    return caught.value.code


def only(done: RoundResult) -> str:
    (one,) = done.batches
    return one.batch


def test_a_batch_is_kept_with_what_the_model_said(ctx: Context, root: Path) -> None:
    frame = customers(300, 1).assign(age=np.linspace(20, 60, 300), income=np.linspace(1, 5, 300))
    odd = rows_of(frame).assign(region=["moon"] * 5 + list(frame.region[5:]))
    odd.loc[3:9, "age"] = 4000.0
    (one,) = run_round(ctx, root, odd).batches
    assert (one.rows, one.predicted, one.flags) == (300, 300, {"unseen": 5, "outside": 7})
    folder = DeploymentFolder(root)
    scored = folder.state().batches[one.batch].scored
    kept = folder.batch(one.batch, scored.file)
    assert kept["foldline:unseen"].sum() == 5 and list(np.flatnonzero(kept["foldline:outside"])) == [
        *range(3, 10)
    ]
    pd.testing.assert_series_equal(kept["id"].astype(object), odd["id"].astype(object), check_names=False)
    bundle = open_bundle(folder.model(scored.model))
    said, again = prediction_of(bundle, kept), kept_prediction(kept, "binary")
    assert said is not None and again is not None
    assert (again.classes, list(again.labels)) == (said.classes, list(said.labels))
    np.testing.assert_array_equal(again.proba, said.proba)
    report = BatchReport.model_validate(folder.report(one.report))
    assert report.verdict == one.verdict == scored.verdict
    assert report.measured.unseen == {"region": 5} and report.measured.outside["age"] == 7


def test_labels_come_late_in_parts_and_are_corrected(ctx: Context, root: Path) -> None:
    """Half of them by key, the others in the order of the rows; the score is always that of all at once."""
    frame = customers(400, 2, turn=1.0)
    first = run_round(ctx, root, rows_of(frame))
    batch = only(first)
    assert first.batches[0].score is None and first.state == "stable"
    half = frame[["id", "bought"]].iloc[::-2]
    by_key = run_round(
        ctx, root, labels=pd.concat([half, pd.DataFrame({"id": ["who"], "bought": ["no"]})]), key="id"
    )
    assert [note.code for note in by_key.notes] == ["UNKNOWN_KEYS"]
    told = by_key.batches[0].labels
    assert told is not None and (told.given, told.new, told.changed, told.total) == (200, 200, 0, 200)
    assert by_key.state == "drift" and by_key.batches[0].verdict.state == "worse"
    by_order = run_round(ctx, root, labels=frame[["bought"]], batch=batch).batches[0]
    assert by_order.labels is not None and by_order.labels.new == 200
    whole = run_round(ctx, root, frame.drop(columns="spent")).batches[0]
    assert whole.known and whole.labels is not None and whole.labels.new == whole.labels.changed == 0
    assert by_order.score == whole.score
    other = run_round(ctx, root, labels=frame[["bought"]].assign(bought="no"), batch=batch).batches[0]
    assert other.labels is not None and other.labels.changed == int((frame.bought == "yes").sum())
    now = DeploymentFolder(root).state().batches[batch]
    assert (len(now.labelled), now.labels) == (3, 400)
    assert now.verdict == other.verdict and now.score == other.score


def test_labels_in_another_order_than_the_rows_are_refused_where_a_column_tells(
    ctx: Context, root: Path
) -> None:
    frame = customers(60, 4)
    batch = only(run_round(ctx, root, rows_of(frame)))
    turned = frame[["id", "bought"]].iloc[::-1]
    with pytest.raises(FoldlineError, match="another 'id'") as refused:
        run_round(ctx, root, labels=turned, batch=batch)
    assert refused.value.code == "ORDER" and "'id' as the key" in refused.value.hint
    in_order = run_round(ctx, root, labels=turned.iloc[::-1].reset_index(drop=True), batch=batch)
    assert not in_order.notes and in_order.batches[0].labels is not None
    doubtful = run_round(ctx, root, labels=frame[["age", "bought"]].assign(age=1.0), batch=batch)
    assert [note.code for note in doubtful.notes] == ["ORDER"]


def test_rows_that_came_in_another_batch_count_once(ctx: Context, root: Path) -> None:
    frame = customers(400, 5, turn=1.0)
    first = run_round(ctx, root, frame)
    alerts = DeploymentFolder(root).state().alerts.open
    assert alerts and first.batches[0].labels is not None
    for again in (frame.iloc[::-1].reset_index(drop=True), frame.iloc[:390]):
        told = run_round(ctx, root, again)
        assert [note.code for note in told.notes if note.code == "SEEN_ROWS"]
        assert "raises no alert and ends none" in told.notes[-1].text
    mixed = pd.concat([frame.iloc[:100], customers(300, 6, turn=1.0).assign(id=lambda d: "n" + d["id"])])
    half = run_round(ctx, root, rows_of(mixed))
    assert any("100 of 400 rows came before" in note.text for note in half.notes)
    state = DeploymentFolder(root).state()
    windows = [one.window for one in state.batches.values() if one.window]
    assert [one.labelled for one in windows] == [400, 0, 0, 0]
    assert set(state.alerts.open) >= set(alerts)
    labelled = run_round(ctx, root, labels=mixed[["id", "bought"]], key="id")
    assert not [note for note in labelled.notes if note.code == "SHARED_KEYS"]
    assert {one.batch: one.labels.new for one in labelled.batches if one.labels}[only(half)] == 300


def test_a_score_with_late_labels_is_that_of_labels_beside_the_rows(
    ctx: Context, bundles: Path, tmp_path: Path
) -> None:
    frame = customers(400, 3, turn=0.4)
    found = []
    for name, target in (("late", "spent"), ("beside", "spent"), ("late2", "bought"), ("beside2", "bought")):
        root = create_deployment(tmp_path / name, "n", bundles / f"{target}.zip", "first", "ann").root
        if name.startswith("beside"):
            done = run_round(ctx, root, frame.drop(columns=[one for one in LABELS if one != target]))
        else:
            run_round(ctx, root, rows_of(frame))
            done = run_round(ctx, root, labels=frame[["id", target]].sample(frac=1, random_state=0), key="id")
        report = BatchReport.model_validate(DeploymentFolder(root).report(done.batches[0].report))
        found.append((report.score, report.drift.target, report.verdict))
    assert found[0] == found[1] and found[2] == found[3]
    states = [score.state for score, _, _ in found if score is not None]
    assert states == ["same", "same", "worse", "worse"]


def test_unreadable_labels_take_no_others_place_and_are_told(
    ctx: Context, bundles: Path, tmp_path: Path
) -> None:
    root = create_deployment(tmp_path / "d", "n", bundles / "spent.zip", "first", "ann").root
    frame = customers(200, 4)
    run_round(ctx, root, frame)
    odd = frame[["id", "spent"]].astype({"spent": object})
    odd.loc[:120, "spent"] = "n.k."
    again = run_round(ctx, root, labels=odd, key="id").batches[0]
    assert again.labels is not None and (again.labels.new, again.labels.changed) == (0, 0)
    fresh = customers(200, 5)
    late = run_round(ctx, root, fresh.assign(spent=odd["spent"])).batches[0]
    assert late.score is not None and late.score.state == "not_computed"
    assert "UNREAD_LABELS" in {issue.code for issue in late.findings}


@pytest.mark.parametrize("name", ["absent", "renamed", "missing", "one", "header", "empty", "other", "text"])
def test_a_bad_batch_gives_a_report(ctx: Context, root: Path, tmp_path: Path, name: str) -> None:
    frame = rows_of(customers(200, 6))
    bad = {
        "absent": frame.drop(columns="income"),
        "renamed": frame.rename(columns={"income": "incomes"}),
        "missing": frame.assign(income=np.nan),
        "one": frame[:1],
        "header": frame[:0],
        "other": pd.DataFrame({"x": [1, 2]}),
        "text": frame.assign(income="much"),
        "empty": pd.DataFrame(),
    }[name]
    bad.to_csv(tmp_path / "bad.csv", index=False)
    if name == "empty":
        (tmp_path / "bad.csv").write_bytes(b"")
    done = run_round(ctx, root, tmp_path / "bad.csv")
    (one,) = done.batches
    assert one.verdict.state == ("too_few_rows" if name == "one" else "broken")
    assert done.state == ("stable" if name == "one" else "drift")
    assert one.verdict.action and one.verdict.text
    assert one.predicted == (len(bad) if name in ("missing", "one") else 0)
    state = DeploymentFolder(root).state()
    assert list(state.batches) == [one.batch] and not state.faults
    if name in ("empty", "header"):
        assert one.problem and one.problem in {issue.code for issue in one.findings}
        assert run_round(ctx, root, tmp_path / "bad.csv").batches[0].batch != one.batch


def test_two_that_label_at_once_lose_nothing(ctx: Context, root: Path, tmp_path: Path) -> None:
    frame = customers(120, 7)
    batch = only(run_round(ctx, root, rows_of(frame)))
    parts = [frame[["id", "bought"]].iloc[place::3] for place in range(3)]
    ctxs = [job_context(tmp_path / f"t{place}") for place in range(3)]
    failed: list[BaseException] = []

    def label(place: int) -> None:
        try:
            run_round(ctxs[place], root, labels=parts[place], key="id")
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=label, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    now = DeploymentFolder(root).state().batches[batch]
    assert [one.total for one in now.labelled] == [40, 80, 120]
    whole = run_round(ctx, root, frame.drop(columns="spent")).batches[0]
    assert whole.known and whole.score == now.score


def test_labels_that_cannot_be_joined_are_refused(ctx: Context, root: Path) -> None:
    frame = customers(60, 8)
    batch = only(run_round(ctx, root, rows_of(frame)))
    labels = frame[["id", "bought"]]
    before = DeploymentFolder(root).log.read_bytes()
    for code, call in (
        ("LABELS", lambda: run_round(ctx, root, labels=frame[["id", "age"]], key="id")),
        ("LABELS", lambda: run_round(ctx, root, labels=labels[:-1], batch=batch)),
        ("KEY", lambda: run_round(ctx, root, labels=labels, key="nobody")),
        ("KEY", lambda: run_round(ctx, root, labels=labels.rename(columns={"id": "who"}), key="who")),
        ("BATCH", lambda: run_round(ctx, root, labels=labels, batch="0" * 16)),
        ("BATCH", lambda: run_round(ctx, root, labels=labels)),
    ):
        assert code_of(call) == code
    assert DeploymentFolder(root).log.read_bytes() == before


WRITTEN = [
    "missing rate of age <= 5 %", "no unseen levels in region", "unseen levels in region <= 2.5 %",
    "values out of range in age <= 0 %", "age not in drift", "predicted score not in drift",
    "rows as wholes not in drift", "no MISSING_COLUMN in income", "no LEARNED_ROWS", "score >= 0.8",
    "roc_auc >= 0.75", "mae <= 1000000", "labels >= 1", "rows >= 300", "rows <= 10",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_a_condition_is_read_as_it_is_written(text: str) -> None:
    again = condition_of_words(condition_of_words(text).words)
    assert again == condition_of_words(text)


@given(st.floats(0, 1), st.sampled_from(["missing", "unseen", "outside"]), st.text(min_size=1).map(str.strip))
def test_any_column_and_share_can_be_written(most: float, what: str, column: str) -> None:
    if column:
        condition = Condition(what=what, column=column, most=round(most, 6))  # type: ignore[arg-type]
        assert condition_of_words(condition.words) == condition


@pytest.mark.parametrize(
    "text", ["", "age", "missing rate of age <= much", "rows > 3", "no lower in x", "foo >= 1"]
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    assert code_of(lambda: condition_of_words(text)) == "CHECK"


def test_the_plan_is_run_on_every_batch(ctx: Context, root: Path) -> None:
    checks = tuple(condition_of_words(text) for text in WRITTEN)
    folder = DeploymentFolder(root)
    folder.append("ann", Planned(checks=checks))
    frame = customers(300, 9)
    odd = frame.assign(
        region=frame.region.mask(frame.index % 50 == 7, "moon"), age=frame.age.where(frame.index % 5 > 1)
    )
    states = {}
    for name, rows in (("odd", odd), ("unlabelled", rows_of(customers(200, 10)))):
        (one,) = run_round(ctx, root, rows).batches
        states[name] = {o.condition.words: o.state for o in one.checks}
        assert folder.state().batches[one.batch].outcomes == one.checks
    failed = {text for text, state in states["odd"].items() if state == "failed"}
    assert failed == {
        "missing rate of age <= 5 %",
        "no unseen levels in region",
        "age not in drift",
        "rows <= 10",
    }
    assert states["odd"]["mae <= 1000000"] == "unknown" and states["odd"]["roc_auc >= 0.75"] == "passed"
    assert states["odd"]["unseen levels in region <= 2.5 %"] == "passed"
    unknown = {text for text, state in states["unlabelled"].items() if state == "unknown"}
    assert {"score >= 0.8", "roc_auc >= 0.75"} <= unknown
    assert states["unlabelled"]["labels >= 1"] == states["unlabelled"]["rows >= 300"] == "failed"
    odd_text = next(
        o.text for o in run_round(ctx, root, odd).batches[0].checks if o.condition.what == "unseen"
    )
    assert "6 rows (2.0%)" in odd_text


def test_what_a_report_found_becomes_a_check_that_finds_it_again(ctx: Context, root: Path) -> None:
    frame = customers(500, 11, turn=1.0)
    worse = frame.assign(age=frame.age + 20, region="moon", more=1).drop(columns="income")
    shifted = frame.assign(age=frame.age + 20, region="moon")
    for rows in (worse, shifted):
        (one,) = run_round(ctx, root, rows).batches
        report = BatchReport.model_validate(DeploymentFolder(root).report(one.report))
        suggested = checks_of(report.drift, report.measured)
        assert suggested
        examined = Examined(report.measured, report.drift, report.score, report.labels)
        found = [outcome_of(condition, examined) for condition in suggested]
        assert {o.state for o in found if o.condition.what != "drift"} == {"failed"}
        drifted = {c.name for c in one.columns if c.state == "drift"}
        assert {
            o.condition.column for o in found if o.condition.what == "drift" and o.state == "failed"
        } == drifted
        quiet = BatchReport.model_validate(
            DeploymentFolder(root).report(run_round(ctx, root, customers(500, 12)).batches[0].report)
        )
        calm = Examined(quiet.measured, quiet.drift, quiet.score, quiet.labels)
        assert {outcome_of(condition, calm).state for condition in suggested} <= {"passed", "unknown"}
    assert any(condition.what == "score" and condition.code in METRICS for condition in suggested)


def evidence(verdict: str = "promote") -> Evidence:
    return Evidence(verdict=verdict, test="one look", value=0.01, n=400, seed=3, data="d" * 64)


def test_a_challenger_is_promoted_and_rolled_back(ctx: Context, root: Path, bundles: Path) -> None:
    folder = DeploymentFolder(root)
    first = folder.state().champion
    second = join_challenger(folder, bundles / "boughtincome.zip", "second", "ann")
    assert join_challenger(folder, bundles / "boughtincome.zip", "second", "bob") == second
    assert folder.state().challengers == (second,)
    note_contest(folder, second, evidence(), "ann")
    with pytest.raises(FoldlineError, match="tested again meanwhile"):
        promote(folder, second, "ann", champion=first, seen=0)
    now = promote(folder, second, "ann", champion=first, reason="It is better.", seen=1)
    assert (now.champion, now.previous, now.challengers) == (second, (first,), ())
    record = now.moves[-1]
    assert record.kind == "promoted" and record.evidence == evidence()
    assert (record.by, bool(record.at)) == ("ann", True)
    frame = customers(100, 13)
    assert run_round(ctx, root, frame).batches[0].model == second
    with pytest.raises(FoldlineError, match="Another model is at work"):
        promote(folder, second, "bob", champion=first)
    before = folder.log.read_bytes()
    for call in (
        lambda: promote(folder, first, "bob", champion=second),
        lambda: join_challenger(folder, bundles / "boughtincome.zip", "again", "bob"),
        lambda: take_out(folder, first, "bob"),
        lambda: note_contest(folder, first, evidence(), "bob"),
        lambda: roll_back(folder, "bob", champion=first),
    ):
        assert code_of(call) == "DEPLOYMENT"
    assert folder.log.read_bytes() == before
    back = roll_back(folder, "bob", champion=second, reason="It was not.")
    assert (back.champion, back.previous, back.challengers) == (first, (), (second,))
    assert code_of(lambda: roll_back(folder, "bob", champion=first)) == "DEPLOYMENT"
    take_out(folder, second, "bob")
    assert folder.state().challengers == ()
    # labels of a batch of the other model are held against what that one said
    late = run_round(ctx, root, labels=frame[["id", "bought"]].assign(bought="no"), key="id").batches[0]
    assert late.model == second and late.labels is not None and late.labels.total == 100


def test_two_who_promote_at_once_do_it_once(root: Path, bundles: Path) -> None:
    folder = DeploymentFolder(root)
    first = folder.state().champion
    second = join_challenger(folder, bundles / "boughtincome.zip", "second", "ann")
    codes: list[str] = []

    def press() -> None:
        try:
            promote(folder, second, "t", champion=first)
            codes.append("")
        except FoldlineError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["", *["DEPLOYMENT"] * 5]
    assert folder.state().previous == (first,)


def test_a_model_whose_file_was_changed_is_not_put_to_work(root: Path, bundles: Path) -> None:
    folder = DeploymentFolder(root)
    first = folder.state().champion
    second = join_challenger(folder, bundles / "boughtincome.zip", "second", "ann")
    path = root / "models" / f"{second}.zip"
    path.write_bytes(path.read_bytes() + b" ")
    assert code_of(lambda: promote(folder, second, "ann", champion=first)) == "DAMAGED"
    assert folder.state().champion == first


def test_the_command_makes_a_deployment_beside_a_bundle_and_goes_on(bundles: Path, tmp_path: Path) -> None:
    bundle, frame = tmp_path / "m.zip", customers(400, 14)
    shutil.copyfile(bundles / "bought.zip", bundle)
    rows_of(frame).to_csv(tmp_path / "a.csv", index=False)
    frame[["id", "bought"]].to_csv(tmp_path / "labels.csv", index=False)
    first = answer("monitor", bundle, tmp_path / "a.csv", "--exit-code")
    root = tmp_path / "m.deployment"
    assert (first["deployment"], first["folder"], first["state"]) == ("m", str(root), "stable")
    second = answer(
        "monitor", root, "--labels", tmp_path / "labels.csv", "--key", "id", "--check", "score >= 0.999"
    )
    assert second["batches"][0]["labels"]["total"] == 400 and second["state"] == "drift"
    assert second["batches"][0]["checks"][0]["state"] == "failed"
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["m.deployment"]
    assert DeploymentFolder(root).read().entries[0].by != "app"
    for name, other in (("m.zip", bundles / "boughtincome.zip"), ("junk.zip", tmp_path / "labels.csv")):
        shutil.copyfile(other, tmp_path / name)
        refused = answer("monitor", tmp_path / name, tmp_path / "a.csv", code=1)["error"]
        assert refused["code"] == ("DEPLOYMENT" if name == "m.zip" else "MODEL") and refused["hint"]
    assert not (tmp_path / "junk.deployment").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["."], "NO_ROWS"),
        ([".", "README.md"], "DEPLOYMENT"),
        ([".", "README.md", "--check", "x"], "CHECK"),
        (["absent.zip", "README.md"], "FILE"),
        ([".", "absent.csv"], "FILE"),
    ],
)
def test_wrong_orders_are_refused(
    arguments: list[str], code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    assert main(["monitor", *arguments, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code
    assert main(["monitor"]) == 2
