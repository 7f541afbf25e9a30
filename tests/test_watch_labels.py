"""New rows with labels: the score leads the verdict, and labels that are late, absent or foreign are told."""

from __future__ import annotations

import json
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.reread import read_like
from core.drift.profile.build import reference_profile
from core.drift.profile.document import ReferenceProfile
from core.evaluate.prediction import of_proba
from core.export.bundle.open import Bundle, open_bundle
from core.export.bundle.prediction import prediction_of
from core.recipe.usage import Drift
from core.watch.comparison import against_profile
from core.watch.drift import drift, drift_frames
from core.watch.judge.late_labels import PENDING
from core.watch.performance import performance
from core.watch.report import html
from core.watch.result import DriftReport, DriftResult
from tests.conftest import shared

LABEL = "verdict"


@cache
def bundle() -> Bundle:
    return open_bundle(shared("failing/after/ev_bundle.zip"))


@cache
def rows(name: str) -> pd.DataFrame:
    return read_like(shared(f"failing/after/{name}.csv"), f"{name}.csv", bundle().earlier).frame


def judged(frame: pd.DataFrame) -> DriftReport:
    model = bundle()
    assert model.reference_profile is not None
    reference = ReferenceProfile.from_dict(model.reference_profile)
    return against_profile(model.recipe, reference, frame, prediction_of(model, frame), Drift())


@cache
def labelled() -> pd.DataFrame:
    """600 rows with a label that goes with what the model says, as the locked test rows had it."""
    frame = rows("pf_flipped")
    proba = prediction_of(bundle(), frame).proba[:, -1]
    drawn = np.random.default_rng(1).random(len(frame)) < proba
    return frame.assign(**{LABEL: np.where(drawn, "1", "-1")})


def codes(report: DriftReport) -> set[str]:
    return {finding.code for finding in report.findings}


def test_a_model_that_got_worse_is_the_headline_everywhere() -> None:
    report = judged(rows("pf_flipped"))
    assert report.verdict.state == "worse"
    assert report.verdict.action.startswith("The model got worse")
    assert report.verdict.text.startswith("The model got worse: ROC AUC is 0.475 (0.429 to 0.522) on 600")
    assert "0.828 (0.789 to 0.864)" in report.verdict.text
    stored = DriftResult(**dict(report)).facts()
    assert stored["verdict"]["state"] == "worse"
    assert stored["performance"]["now"]["value"] == pytest.approx(0.475, abs=5e-4)
    page = html(report)
    assert page.index("Worse") < page.index("No drift in") < page.index("Score on the new labels")
    assert "-0.35 [-0.41, -0.29]" in page


def test_worse_leads_drift_and_stands_beside_unsafe_data() -> None:
    frame = rows("pf_flipped")
    moved = judged(frame.assign(load=frame["load"] * 3))
    assert moved.verdict.state == "worse"
    assert "find out why 'load' changed" in moved.verdict.action
    assert "drifted" in moved.verdict.text
    unsafe = judged(frame.assign(station=pd.Series([None] * len(frame), dtype="str")))
    assert unsafe.verdict.state == "broken"
    assert unsafe.verdict.action.startswith("The model got worse on unsafe data.")


def test_a_score_that_did_not_change_says_how_much_worse_it_may_be() -> None:
    report = judged(labelled())
    assert report.verdict.state == "stable"
    assert "No difference beyond chance: ROC AUC is" in report.verdict.text
    assert "is not ruled out" in report.verdict.text


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.floats(0.02, 1.0), absent=st.sampled_from([None, "", *PENDING]))
def test_labels_that_come_late_are_told_and_nothing_else_is_said(
    seed: int, share: float, absent: str | None
) -> None:
    frame = labelled()
    late = np.random.default_rng(seed).random(len(frame)) >= share
    report = judged(frame.assign(**{LABEL: frame[LABEL].mask(late, absent)}))
    told = {"NO_LABELS"} if late.all() else {"LATE_LABELS"} if late.any() else set()
    assert told <= codes(report) <= told | {"TYPE_CAST", "OUT_OF_RANGE", "UNSEEN_LEVELS"}
    if report.performance is not None and report.performance.now is not None:
        assert report.performance.now.n == (~late).sum()


def test_labels_that_come_late_are_no_drift() -> None:
    frame, states = labelled(), []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        late = rng.random(len(frame)) >= rng.uniform(0.02, 0.98)
        states.append(judged(frame.assign(**{LABEL: frame[LABEL].mask(late)})).verdict.state)
    assert states.count("drift") + states.count("worse") <= 4  # 5 % of each by chance
    assert states.count("broken") == 0


@pytest.mark.parametrize("first", ["1", "-1"])
def test_labels_that_come_by_class_are_told_and_not_judged(first: str) -> None:
    frame = labelled()
    report = judged(frame.assign(**{LABEL: frame[LABEL].where(frame[LABEL] == first)}))
    assert report.verdict.state == "stable"
    assert report.target is not None
    assert report.target.state == "not_computed"
    assert "may differ from those that have none yet" in report.target.reason
    assert report.performance is not None
    assert "was not computed" in report.verdict.text


def test_a_fair_part_of_the_labels_still_shows_another_mix() -> None:
    frame = labelled()
    rng = np.random.default_rng(0)
    turned = frame[LABEL].mask(rng.random(len(frame)) < 0.6, "1").mask(rng.random(len(frame)) < 0.5)
    report = judged(frame.assign(**{LABEL: turned}))
    assert report.target is not None
    assert report.target.state == "drift"


def test_no_label_column_is_a_note_in_a_bundle_and_in_a_table() -> None:
    report = judged(rows("pf_flipped").drop(columns=LABEL))
    assert report.verdict.state == "stable"
    assert [f.severity for f in report.findings if f.code == "NO_LABELS"] == ["info"]
    columns = [SimpleNamespace(name=name, kind="categorical") for name in ("a", "late")]
    old = pd.DataFrame({"a": ["x", "y"] * 200, "late": ["no", "yes"] * 200}, dtype="str")
    for new in (old[["a"]], old.assign(late=""), old.assign(late="pending")):
        table = drift_frames(old, new, columns, target="late")
        assert table.verdict.state == "stable"
        assert table.target is None
        assert "NO_LABELS" in codes(table)


@settings(max_examples=25, deadline=None)
@given(strangers=st.integers(1, 5), word=st.sampled_from(["maybe", "2", "0", "refund", "yes"]))
def test_a_few_foreign_labels_do_not_stop_the_score(strangers: int, word: str) -> None:
    frame = labelled()
    label = frame[LABEL].where(np.arange(len(frame)) >= strangers, word)
    report = judged(frame.assign(**{LABEL: label}))
    assert report.performance is not None
    assert report.performance.now is not None
    assert report.performance.now.n == len(frame) - strangers
    assert report.performance.now.foreign == strangers
    assert word in next(f.reason for f in report.findings if f.code == "FOREIGN_LABELS")
    assert "left out" in report.verdict.text


def test_a_new_class_of_many_rows_is_drift() -> None:
    frame = labelled()
    report = judged(frame.assign(**{LABEL: frame[LABEL].where(np.arange(len(frame)) >= 100, "refund")}))
    assert report.target is not None
    assert report.target.state == "drift"
    assert "FOREIGN_LABELS" in codes(report)


@pytest.mark.parametrize("task", ["binary", "multiclass"])
@pytest.mark.parametrize("metric", ["roc_auc", "accuracy", "balanced_accuracy", "log_loss"])
def test_a_foreign_class_is_left_out_of_every_score(task: str, metric: str) -> None:
    rng = np.random.default_rng(0)
    classes = ["a", "b"] if task == "binary" else ["a", "b", "c"]
    proba = rng.dirichlet(np.ones(len(classes)), 300)
    truth = np.array([rng.choice(classes, p=row) for row in proba], dtype=object)
    said = of_proba(task, classes, proba)
    metric = "roc_auc_ovr" if (task, metric) == ("multiclass", "roc_auc") else metric
    strange = np.concatenate([truth, ["zzz"] * 3])
    one = performance(metric, strange, of_proba(task, classes, np.vstack([proba, proba[:3]])))
    other = performance(metric, truth, said)
    assert one.now is not None
    assert other.now is not None
    assert one.now.value == other.now.value
    assert "3 more have a label that the model does not know" in one.text


def test_labels_of_numbers_that_come_late_are_no_drift() -> None:
    rng = np.random.default_rng(0)
    old = pd.DataFrame({"x": rng.normal(size=800), "y": rng.normal(size=800)})
    new = pd.DataFrame({"x": rng.normal(size=400), "y": rng.normal(size=400)})
    columns = [SimpleNamespace(name=name, kind="numeric") for name in ("x", "y")]
    profile = reference_profile(
        old, columns, target="y", predictions={"task": "regression", "scores": old["x"]}
    )
    for late in (0.3, 0.9, 1.0):
        part = new.assign(y=new["y"].mask(rng.random(400) < late))
        report = drift(profile, part, predictions={"task": "regression", "scores": new["x"]})
        assert report.verdict.state == "stable"
        assert json.dumps(DriftResult(**dict(report)).facts())


def test_a_target_that_drifted_is_named_as_the_target() -> None:
    rng = np.random.default_rng(0)

    def failing(share: float) -> pd.DataFrame:
        labels = np.where(rng.random(800) < share, "yes", "no")
        return pd.DataFrame({"x": rng.normal(size=800), "failed": labels})

    columns = [
        SimpleNamespace(name=name, kind=kind) for name, kind in (("x", "numeric"), ("failed", "boolean"))
    ]
    told = drift_frames(failing(0.1), failing(0.5), columns, target="failed")
    assert "target 'failed' drifted" in told.verdict.text
