"""A very good score that one column carries is questioned; an honest one of several columns is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.decided.gain import Silent
from benchmarks.decided.real_tables import from_file
from benchmarks.tables import work_on
from core.command.run_steps import conclusion
from core.data.kinds import classify
from core.engine.processes.units import ForkRunner
from core.engine.resources import resources_of
from core.export.card import card
from core.export.model_report import model_report
from core.recipe import edits, usage_edits
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.fingerprint import fingerprint
from core.results.carrier import Carrier
from core.results.compare import CompareResult
from core.train.compare import compare
from core.train.judging.carrier import carrier_of
from core.train.rows.opened import Looks
from core.train.work import Work
from tests.conftest import shared
from tests.page_support import loaded, module_home, opened, texts

home = module_home
QUESTION = "Most of a very good score comes from closed"
MODEL = {"regression": "hist_gradient_boosting_regressor", "binary": "hist_gradient_boosting_classifier"}


def booked(seed: int, rows: int, task: str, leaky: bool) -> pd.DataFrame:
    """When it was opened and closed; the time between them tells the target where it leaks."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, 3))
    risk = x[:, 0] + x[:, 1] + 1.5 * random.normal(size=rows)
    start = random.integers(0, 10, rows)
    days = start + np.where(leaky, 12 * np.argsort(np.argsort(risk)) / rows + 0.1 * random.random(rows), 5)
    closed = (pd.Timestamp("2024-01-01") + pd.to_timedelta(days, "D")).astype("datetime64[us]")
    frame = pd.DataFrame(x.round(3), columns=["a", "b", "c"]).assign(start=start * 1.0, closed=closed)
    y = risk.round(3) if task == "regression" else np.where(risk > 0.5, "yes", "no")
    return frame.assign(y=pd.Series(y, dtype="str" if task == "binary" else "float64"))


def compared(frame: pd.DataFrame, task: str, folder: Path) -> tuple[Work, CompareResult, Carrier | None]:
    chosen = tuple(ColumnChoice(name=c.name, kind=c.kind, role=c.role) for c in classify(frame, {}))
    positive = "yes" if task == "binary" else ""
    recipe = edits.set_target(Recipe(columns=chosen), "y", task, positive)  # type: ignore[arg-type]
    work = work_on(edits.set_candidates(recipe, [MODEL[task]]), frame, folder)
    result, tried = compare(work, Silent(), ForkRunner(work.resources, 1))
    carrier = carrier_of(work, tried, result.best or "", Silent())
    return work, result.model_copy(update={"carrier": carrier}), carrier


def test_a_date_that_tells_the_outcome_is_questioned_in_a_part_of_a_real_table(tmp_path: Path) -> None:
    """The date of the last status, known after the stay: two to four times as much is open without it."""
    shared("data/hotel_bookings.csv")
    frame, target, _ = from_file("hotel_bookings")
    frame = frame.sample(3000, random_state=1).reset_index(drop=True).drop(columns="reservation_status")
    frame["y"] = pd.Series(np.where(frame.pop(target) == 1, "yes", "no"), dtype="str")
    _, _, carrier = compared(frame, "binary", tmp_path)
    assert carrier is not None
    assert carrier.column == "reservation_status_date"
    assert 1 - carrier.without < 4 * (1 - carrier.score)


@pytest.mark.parametrize("task", MODEL)
def test_the_column_that_carries_a_very_good_score_is_asked_about(task: str, tmp_path: Path) -> None:
    work, result, carrier = compared(booked(1, 800, task, True), task, tmp_path)
    assert carrier is not None and carrier.column == "closed"
    assert conclusion(result).startswith(QUESTION)
    recipe = usage_edits.accept(work.recipe, "CARRIED", "closed", "known at the call")
    assert "Let stand, because: known at the call" in conclusion(result, recipe.accepted)
    for now, words in ((work.recipe, "prediction?"), (recipe, "prediction? Let stand, because")):
        report = model_report(now, work, result, None, None, Looks((), 0, 0), 6)
        assert words in card(now, report) and "One column carries it" in card(now, report)


@pytest.mark.parametrize("task", MODEL)
def test_a_score_that_several_columns_carry_is_not(task: str, tmp_path: Path) -> None:
    frame = booked(2, 800, task, False)
    assert compared(frame, task, tmp_path / "weak")[2] is None
    total = frame["a"] + frame["b"] + 0.8 * frame["c"]
    frame["y"] = total if task == "regression" else np.where(total > 0, "yes", "no")
    frame = frame.astype({"y": "float64" if task == "regression" else "str"})
    assert compared(frame, task, tmp_path / "strong")[2] is None


def test_the_day_on_which_a_booking_got_its_status_is_asked_about(tmp_path: Path) -> None:
    frame = pd.read_csv(shared("data/hotel_bookings.csv")).sample(3_000, random_state=0)
    frame = frame[["lead_time", "arrival_date_year", "arrival_date_month", "arrival_date_day_of_month",
                   "adr", "deposit_type", "reservation_status_date", "is_canceled"]]  # fmt: skip
    day = pd.to_datetime(frame["reservation_status_date"]).astype("datetime64[us]")
    frame = frame.assign(reservation_status_date=day, y=frame["is_canceled"].map({0: "no", 1: "yes"}))
    frame = frame.drop(columns="is_canceled").reset_index(drop=True)
    numbers = dict.fromkeys(frame.select_dtypes("number").columns, "float64")
    frame = frame.astype(numbers | {"arrival_date_month": "str", "deposit_type": "str", "y": "str"})
    carrier = compared(frame, "binary", tmp_path)[2]
    assert carrier is not None and carrier.column == "reservation_status_date"


def test_it_is_asked_on_the_pages_and_can_be_let_stand(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("booked") / "booked.csv"
    booked(1, 400, "binary", True).to_csv(path, index=False)
    project = loaded(home, path)
    take = edits.set_candidates(
        edits.set_target(project.now(), "y", "binary", "yes"), ["logistic_regression"]
    )
    take = edits.choose(take, "logistic_regression")
    project.workspace.edit(project.project, lambda _: take, "target")
    project.look()
    recipe = project.now()
    work = resources_of(project.workspace, project.project).work(recipe)
    result, _ = compare(work, Silent(), ForkRunner(work.resources, 1))
    carrier = Carrier(
        column="closed", metric="roc_auc", score=0.991, without=0.918, worth=0.22, following=0.04
    )
    asked = result.model_copy(update={"carrier": carrier})
    project.workspace.put_result(project.project, asked.KIND, fingerprint(recipe, "compare"), asked)
    for page in ("tune", "evaluate", "export"):
        app: AppTest = opened(page, project.project)
        assert not app.exception and any(QUESTION in one.value for one in app.warning), page
    next(field for field in app.text_input if field.label == "Reason").input("known at the call").run()
    next(button for button in app.button if button.label == "Let it stand").click().run()
    assert not app.exception
    assert project.now().accepted[0].key == ("CARRIED", "closed")
    app = opened("evaluate", project.project)
    assert "Let stand: known at the call" in texts(app)
    assert not any(QUESTION in one.value for one in app.warning)
