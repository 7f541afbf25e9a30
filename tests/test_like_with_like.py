"""Monitor compares rows with those of their kind: with a target or without, of all times, of known groups."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.tables import work_on
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.published import published
from core.drift.profile.whole_file import told_alike, whole_file
from core.engine.work.inputs import unlabelled_rows, watched_rows
from core.engine.work.reference_predictions import said_of_all, unlabelled_of
from core.engine.work.watch import learned_groups, training_of
from core.evaluate.prediction import Prediction
from core.recipe import edits
from core.recipe.document import Candidate, ColumnChoice, Recipe
from core.recipe.usage import USUAL_DRIFT
from core.train.fit import fit, predict_rows
from core.train.folds.unit import predict
from core.train.work import Work
from core.watch.comparison import Training, against_profile, against_rows, against_training
from core.watch.recipe_profile import Unlabelled, profile_of
from core.watch.reference_rows import REFERENCE_ROWS
from core.watch.result import DriftReport

RIDGE = Candidate(id="ridge", model="ridge", params={})


def flights(rows: int, seed: int, cancelled: float = 0.08) -> pd.DataFrame:
    """Flights of which some never left: these have neither a delay nor a time in the air."""
    rng = np.random.default_rng(seed)
    distance = rng.gamma(3, 300, rows).round()
    air = (distance / 7 + rng.normal(20, 5, rows)).round(1)
    left = rng.random(rows) >= cancelled
    delay = (0.1 * air + rng.normal(0, 10, rows)).round(1)
    carrier = np.where(left, rng.choice(["UA", "AA", "DL"], rows), rng.choice(["EV", "MQ"], rows))
    return pd.DataFrame(
        {
            "distance": distance,
            "air": np.where(left, air, np.nan),
            "carrier": pd.Series(carrier, dtype="str"),
            "delay": np.where(left, delay, np.nan),
        }
    )


def flight_recipe() -> Recipe:
    names = {"distance": "numeric", "air": "numeric", "carrier": "categorical", "delay": "numeric"}
    choices = tuple(ColumnChoice.model_validate({"name": name, "kind": kind}) for name, kind in names.items())
    recipe = edits.set_target(Recipe(columns=choices), "delay", "regression")
    return recipe.model_copy(update={"chosen": RIDGE})


def bundled(work: Work, part: str = "train") -> tuple[ReferenceProfile, object]:
    """The profile as a bundle stores it, and the pipeline."""
    learned = "train" if part == "train" else "all"
    pipeline = fit(work, learned)
    said = said_of_all(work, pipeline, learned, predict_rows(work, pipeline, work.split.test))
    rows = watched_rows(work, work.target.rows)
    made = profile_of(work.recipe, rows, said.prediction, None, unlabelled=unlabelled_of(work, pipeline))
    told = published(made, rows)
    if made.unlabelled is not None:
        rest = published(made.unlabelled, watched_rows(work, unlabelled_rows(work)))
        told = replace(told, unlabelled=told_alike(rest, told))
    told = replace(told, crossed=said.crossed, refitted=said.crossed or learned == "all")
    return ReferenceProfile.from_dict(told.to_dict()), pipeline


def beside_training(work: Work, new: pd.DataFrame) -> tuple[Training, Prediction]:
    """The training rows as a reference, and what their model says of new rows."""
    pipeline = fit(work, "train")
    training = training_of(work, pipeline, predict_rows(work, pipeline, work.split.test))
    return training, predict(pipeline, new, work.recipe.task, work.target)


def compared(work: Work, new: pd.DataFrame) -> dict[str, DriftReport]:
    reference, pipeline = bundled(work)
    said = predict(pipeline, new, work.recipe.task, work.target)
    training, told = beside_training(work, new)
    return {
        "bundle": against_profile(work.recipe, reference, new, said, USUAL_DRIFT),
        "training": against_training(work.recipe, training, new, told, USUAL_DRIFT),
    }


def about_rows(report: DriftReport) -> str:
    return next((one.reason for one in report.findings if one.code == REFERENCE_ROWS), "")


@pytest.fixture(scope="module")
def of_flights(tmp_path_factory: pytest.TempPathFactory) -> Work:
    return work_on(flight_recipe(), flights(2400, 0), tmp_path_factory.mktemp("flights"))


@pytest.mark.parametrize("by", ["as they come", "without the target", "with a target only"])
def test_rows_that_never_get_a_target_are_no_change(of_flights: Work, by: str) -> None:
    new = flights(1200, 1)
    if by == "without the target":
        new = new.drop(columns="delay")
    if by == "with a target only":
        new = new[new.delay.notna()].reset_index(drop=True)
    for name, report in compared(of_flights, new).items():
        assert report.verdict.state == "stable", (name, report.verdict)
        assert not report.joint.drifted
        whole = by != "with a target only"
        assert report.n_reference == (2400 if whole else len(of_flights.target.rows))
        assert ("is all 2,400 rows" if whole else "no part of it") in about_rows(report), name


def test_more_rows_without_a_target_are_a_change(of_flights: Work) -> None:
    for report in compared(of_flights, flights(1200, 2, 0.2)).values():
        air = next(column for column in report.columns if column.name == "air")
        assert air.state == "drift"
        assert "from 8." in air.reason


def test_both_parts_together_are_the_file() -> None:
    frame, recipe = flights(900, 3), flight_recipe()
    has = frame.delay.notna()
    parts = profile_of(recipe, frame[has], None, None, unlabelled=Unlabelled(frame[~has]))
    made, straight = whole_file(parts), profile_of(recipe, frame, None, None)
    assert (made.n, made.rows, made.labelled) == (straight.n, straight.rows, straight.labelled)
    for one, other in zip(made.columns, straight.columns, strict=True):
        assert (one.n, one.missing, one.low, one.high) == (other.n, other.missing, other.low, other.high)
        assert dict(one.levels) == dict(other.levels)
        assert one.values.tolist() == other.values.tolist()
        assert one.weights.sum() == other.weights.sum()


def test_an_earlier_bundle_says_that_it_forgot_such_rows(of_flights: Work) -> None:
    reference, _ = bundled(of_flights)
    source = of_flights.recipe.source.model_copy(update={"rows": 2400})
    recipe = of_flights.recipe.model_copy(update={"source": source})
    report = against_profile(recipe, replace(reference, unlabelled=None), flights(800, 4), None, USUAL_DRIFT)
    assert "does not remember what they looked like" in about_rows(report)


def test_two_tables_are_compared_by_their_rows_with_a_target() -> None:
    old, new = flights(2000, 5), flights(1500, 6)
    only = new[new.delay.notna()].reset_index(drop=True)
    assert against_rows(old, only, USUAL_DRIFT, target="delay").verdict.state == "stable"
    assert "no part of it" in about_rows(against_rows(old, only, USUAL_DRIFT, target="delay"))
    every = against_rows(old, new, USUAL_DRIFT, target="delay")
    assert every.verdict.state == "stable"
    assert not about_rows(every)


def season(rows: int, seed: int, first: float = 0.0, shift: float = 0.0) -> pd.DataFrame:
    """A year in which a column goes up and down and another one rises."""
    rng = np.random.default_rng(seed)
    at = np.sort(rng.uniform(first, 1, rows))
    x = rng.normal(0, 1, rows) + np.sin(2 * np.pi * at) + shift
    z = rng.normal(0, 1, rows) + 0.5 * at
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta((at * 365 * 86_400).astype(int), unit="s")
    return pd.DataFrame({"day": day, "x": x, "z": z, "y": x + 0.7 * z + rng.normal(0, 0.6, rows)})


def in_time(seed: int, folder: Path) -> Work:
    choices = (
        ColumnChoice(name="day", kind="datetime", role="time"),
        *(ColumnChoice(name=name, kind="numeric") for name in "xzy"),
    )
    recipe = edits.set_target(Recipe(columns=choices), "y", "regression")
    return work_on(recipe.model_copy(update={"chosen": RIDGE}), season(1500, seed), folder)


@pytest.mark.parametrize("part", ["train", "all"])
def test_a_test_set_of_the_latest_rows_does_not_move_the_predictions(part: str, tmp_path: Path) -> None:
    for seed in range(2):
        work = in_time(seed, tmp_path / str(seed))
        reference, pipeline = bundled(work, part)
        assert reference.crossed
        states = {}
        for name, new in {
            "year": season(500, 100 + seed),
            "latest": season(500, 200 + seed, 0.8),
            "moved": season(500, 300 + seed, 0.0, 0.6),
        }.items():
            new = new.drop(columns="y")
            report = against_profile(
                work.recipe, reference, new, predict(pipeline, new, "regression", work.target), USUAL_DRIFT
            )
            states[name] = report.predictions[0].state
            assert "although no column did" not in report.verdict.action
            assert f"{len(work.target.rows):,} rows of the reference" in report.basis
        assert states["year"] == "stable"
        assert states["moved"] == "drift"


def test_predictions_of_the_latest_rows_alone_are_not_judged(tmp_path: Path) -> None:
    """What bundles of earlier versions remember."""
    work = in_time(0, tmp_path)
    pipeline = fit(work, "train")
    held = predict_rows(work, pipeline, work.split.test)
    reference = profile_of(work.recipe, watched_rows(work, work.target.rows), held, None)
    new = season(500, 100).drop(columns="y")
    said = predict(pipeline, new, "regression", work.target)
    report = against_profile(work.recipe, reference, new, said, USUAL_DRIFT)
    assert report.predictions[0].state == "not_computed"
    assert "latest rows" in report.predictions[0].reason
    assert report.verdict.state != "drift"


def test_rows_of_groups_that_the_model_learned_from_are_counted(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    names = pd.Series(np.repeat([f"p{n}" for n in range(40)], 20), dtype="str")
    frame = pd.DataFrame({"x": rng.normal(size=800), "patient": names, "y": rng.normal(size=800)})
    choices = (
        ColumnChoice(name="x", kind="numeric"),
        ColumnChoice(name="patient", kind="categorical", role="group"),
        ColumnChoice(name="y", kind="numeric"),
    )
    recipe = edits.set_target(Recipe(columns=choices), "y", "regression")
    work = work_on(recipe.model_copy(update={"chosen": RIDGE}), frame, tmp_path)
    learned = learned_groups(work)
    assert learned is not None
    known = frame[frame.patient.isin(list(learned))].assign(x=lambda f: f.x + 0.01).reset_index(drop=True)
    training, said = beside_training(work, known)
    report = against_training(work.recipe, training, known, said, USUAL_DRIFT)
    told = next(one.reason for one in report.findings if one.code == "KNOWN_GROUPS")
    assert f"{len(known):,} of {len(known):,} new rows are of groups in 'patient' that the model" in told
    other = frame[~frame.patient.isin(list(learned))].assign(x=lambda f: f.x + 0.01).reset_index(drop=True)
    training, said = beside_training(work, other)
    report = against_training(work.recipe, training, other, said, USUAL_DRIFT)
    assert "KNOWN_GROUPS" not in {one.code for one in report.findings}
