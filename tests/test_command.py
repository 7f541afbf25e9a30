"""The command line end to end: one process a command, the contracts of --json, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.command.folder import sweep_folders
from core.command.reader_gone import outliving
from core.digits import number
from core.recipe.document import Candidate, load
from core.recipe.usage import Export
from core.recipe.usage_edits import set_check
from tests.conftest import shared
from tests.fresh import command
from tests.tables import everything

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_data"


def foldline(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return command(*arguments)


def answer(*arguments: object, code: int = 0) -> dict[str, Any]:
    done = foldline(*arguments, "--json")
    assert done.returncode == code, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def telco(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on telco_churn with two quick models; the folder holds recipe.json and run/."""
    folder = tmp_path_factory.mktemp("telco")
    data = shared("data/telco_churn.csv")
    suggested = answer("suggest", data, "--target", "Churn", "-o", folder / "recipe.json")
    assert suggested["task"] == "binary"
    assert suggested["positive"] == "Yes"
    recipe = load(folder / "recipe.json")
    quick = tuple(c for c in recipe.candidates if c.id in ("dummy_classifier", "logistic_regression"))
    tree = Candidate(id="tree_classifier", model="tree_classifier")
    (folder / "recipe.json").write_text(recipe.model_copy(update={"candidates": (*quick, tree)}).to_json())
    report = answer("run", folder / "recipe.json", "--data", data, "--out", folder / "run")
    assert report == json.loads((folder / "run" / "report.json").read_text())
    return folder


def test_run_reports_what_it_promises(telco: Path) -> None:
    report = json.loads((telco / "run" / "report.json").read_text())
    keys = (
        "task metric leaderboard chosen cv_score test test_opened rows columns seconds peak_mb seed versions"
    )
    assert set(keys.split()) <= set(report)
    assert report["rows"] == 7043
    assert report["test_opened"] == 1
    board = {row["id"]: row for row in report["leaderboard"]}
    assert set(board) == {"dummy_classifier", "logistic_regression", "tree_classifier"}
    assert all(row["status"] == "done" and row["seconds"] > 0 for row in board.values())
    assert board["dummy_classifier"]["mean"] == 0.5
    assert 0.82 < board["logistic_regression"]["mean"] < 0.86
    low, high = board["logistic_regression"]["ci"]
    assert low < board["logistic_regression"]["mean"] < high
    test = report["test"]["roc_auc"]
    assert test["low"] < test["value"] < test["high"]
    assert report["chosen"] == "logistic_regression"


def test_bundle_predicts_elsewhere_and_here_alike(telco: Path, tmp_path: Path) -> None:
    data = shared("data/telco_churn.csv")
    here = answer("predict", telco / "run" / "bundle.zip", data, "-o", tmp_path / "here.csv")
    assert here["rows"] == 7043
    with zipfile.ZipFile(telco / "run" / "bundle.zip") as archive:
        archive.extractall(tmp_path)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    for script, arguments in (
        ("predict.py", [data, "-o", "there.csv"]),
        ("train.py", [data, "--rows", "all", "--predict", data, "-o", "again.csv"]),
        ("predict.py", ["--check"]),
    ):
        line = [sys.executable, script, *map(str, arguments)]
        subprocess.run(line, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=120)
    mine = pd.read_csv(tmp_path / "here.csv", float_precision="round_trip")
    for name in ("there.csv", "again.csv"):
        other = pd.read_csv(tmp_path / name, float_precision="round_trip")
        assert (other["prediction"] == mine["prediction"]).all()
        np.testing.assert_array_equal(other["probability_Yes"], mine["probability_Yes"])


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_predict_writes_each_format(telco: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"p.{form}"
    answer("predict", telco / "run" / "bundle.zip", shared("data/telco_churn.csv"), "-o", out)
    read = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet}[form]
    options = {"engine": "calamine"} if form == "xlsx" else {}
    assert list(read(out, **options).columns) == ["prediction", "probability_No", "probability_Yes"]


def test_a_missing_column_is_named_with_the_nearest_name(telco: Path, tmp_path: Path) -> None:
    data = pd.read_csv(shared("data/telco_churn.csv"), dtype=str).rename(columns={"tenure": "Tenure_"})
    data.head(50).to_csv(tmp_path / "other.csv", index=False)
    refused = answer(
        "predict", telco / "run" / "bundle.zip", tmp_path / "other.csv", "-o", tmp_path / "p.csv", code=1
    )
    assert refused["error"]["code"] == "SCHEMA"
    assert "tenure" in refused["error"]["problem"]
    assert "Tenure_" in refused["error"]["hint"]
    assert not (tmp_path / "p.csv").exists()


def test_drift_of_a_bundle_against_its_own_data_is_quiet(telco: Path, tmp_path: Path) -> None:
    report = answer(
        "drift", telco / "run" / "bundle.zip", shared("data/telco_churn.csv"), "-o", tmp_path / "d.json"
    )
    assert json.loads((tmp_path / "d.json").read_text())["verdict"] == report["verdict"]
    assert {"n_reference", "n_current", "columns", "joint", "findings", "verdict"} <= set(report)
    assert [c["name"] for c in report["columns"] if c["state"] == "drift"] == []
    assert all({"name", "kind", "state", "q", "effect", "reason"} <= set(c) for c in report["columns"])


def test_the_drifted_quarter_is_found_column_by_column(tmp_path: Path) -> None:
    truth = json.loads((SAMPLES / "wafer_truth.json").read_text())
    old, new = SAMPLES / "wafer_yield.csv", SAMPLES / "wafer_yield_next_quarter.csv"
    report = answer("drift", old, new, "-o", tmp_path / "report.html")
    states = {c["name"]: c["state"] for c in report["columns"]}
    for name in truth["drifted"]:
        assert states[name] in (("drift",) if name != truth["target"] else ("drift", "minor")), name
    assert [name for name in truth["undrifted"] if states.get(name) == "drift"] == []
    assert report["verdict"]["state"] == "drift"
    assert len((tmp_path / "report.html").read_bytes()) < 500_000


def test_profile_tells_what_it_promises() -> None:
    facts = answer("profile", SAMPLES / "churn.csv", "--target", "churned")
    assert {"rows", "columns", "findings", "notes"} <= set(facts)
    assert all({"name", "kind", "role", "missing", "unique"} <= set(c) for c in facts["columns"])
    assert all({"code", "severity", "column", "reason"} <= set(f) for f in facts["findings"])
    leaks = [f["column"] for f in facts["findings"] if f["code"] == "LEAKAGE"]
    assert leaks == ["exit_survey"]


def test_profile_obeys_the_limits_of_a_recipe(tmp_path: Path) -> None:
    answer("suggest", SAMPLES / "churn.csv", "--target", "churned", "-o", tmp_path / "r.json")
    own = set_check(load(tmp_path / "r.json"), "imbalance", share=0.6)
    (tmp_path / "r.json").write_text(own.to_json())
    facts = answer("profile", SAMPLES / "churn.csv", "--recipe", tmp_path / "r.json")
    assert "IMBALANCE" in {finding["code"] for finding in facts["findings"]}


def test_tuning_that_is_planned_is_done(tmp_path: Path) -> None:
    everything(200).drop(columns=["plan", "spend"]).to_csv(tmp_path / "t.csv", index=False)
    answer("suggest", tmp_path / "t.csv", "--target", "left", "-o", tmp_path / "r.json")
    recipe = load(tmp_path / "r.json")
    few = tuple(c for c in recipe.candidates if c.id in ("dummy_classifier", "logistic_regression"))
    planned = recipe.tuning.model_copy(update={"planned": True, "trials": 4})
    (tmp_path / "r.json").write_text(
        recipe.model_copy(
            update={"candidates": few, "tuning": planned, "export": Export(joblib=True)}
        ).to_json()
    )
    report = answer("run", tmp_path / "r.json", "--data", tmp_path / "t.csv", "--out", tmp_path / "out")
    assert report["tuning"]["search"] == "tpe"
    assert "model.joblib" in zipfile.ZipFile(tmp_path / "out" / "bundle.zip").namelist()
    assert report["chosen"] == "tuned"
    assert {"mean", "low", "high", "fresh_folds"} <= set(report["tuning"]["gain"])
    fresh = np.mean(report["tuning"]["gain"]["tuned"])
    assert report["cv_score"]["mean"] == pytest.approx(fresh), "on folds that the search never used"
    card = zipfile.ZipFile(tmp_path / "out" / "bundle.zip").read("MODEL_CARD.md").decode()
    assert f"In validation, on fresh folds: ROC AUC {number(fresh, *report['cv_score']['ci'])}" in card
    again = answer("run", tmp_path / "r.json", "--data", tmp_path / "t.csv", "--out", tmp_path / "again")
    assert again["test"] == report["test"]
    assert again["tuning"]["best"]["params"] == report["tuning"]["best"]["params"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["profile", "no_such_file.csv"], "FILE"),
        (["suggest", SAMPLES / "churn.csv", "--target", "nobody"], "COLUMN"),
        (["run", SAMPLES / "churn.csv", "--data", SAMPLES / "churn.csv", "--out", "never"], "RECIPE"),
        (["predict", SAMPLES / "churn.csv", SAMPLES / "churn.csv", "-o", "never.csv"], "MODEL"),
    ],
)
def test_refusals_are_coded(arguments: list[object], code: str) -> None:
    refused = answer(*arguments, code=1)
    assert refused["error"]["code"] == code
    assert set(refused["error"]) == {"code", "problem", "hint", "where"}


@pytest.mark.parametrize("arguments", [[], ["suggest"], ["profile"], ["fly", "x"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert foldline(*arguments).returncode == 2


def test_a_hostile_model_file_is_refused_and_nothing_runs(tmp_path: Path) -> None:
    data = SAMPLES / "churn.csv"
    for name in ("evil.joblib", "pickle_renamed.skops"):
        model = shared(f"badinputs/models/{name}")
        refused = answer("predict", model, data, "-o", tmp_path / "p.csv", code=1)
        assert refused["error"]["code"] == "MODEL"
    assert not list(ROOT.glob("**/PWNED_MARKER"))


WAITING = """
import sys, time
from core.command.session import session
with session() as s:
    print(s.workspace.root, flush=True)
    time.sleep(99)
"""


def waiting(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    """A command in the middle of its work, and its temporary folder."""
    line = [sys.executable, "-c", WAITING]
    environment = {**os.environ, "TMPDIR": str(folder)}
    process = subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_command_that_is_ended_leaves_nothing_behind(tmp_path: Path, sign: signal.Signals) -> None:
    process, folder = waiting(tmp_path)
    assert folder.is_dir() and folder.parent == tmp_path
    process.send_signal(sign)
    process.wait(20)
    assert not list(tmp_path.iterdir())


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    """As under nohup: closing the terminal must not end the command."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process, folder = waiting(tmp_path)
    finally:
        signal.signal(signal.SIGHUP, before)
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    assert folder.is_dir()
    process.terminate()
    process.wait(20)
    assert not list(tmp_path.iterdir())


def test_what_a_killed_command_left_is_removed_by_the_next(tmp_path: Path) -> None:
    process, left = waiting(tmp_path)
    process.kill()
    process.wait(20)
    (tmp_path / "work").mkdir()
    link = tmp_path / f"foldline-{process.pid}-abcd1234"
    link.symlink_to(tmp_path / "work")
    (tmp_path / "work" / "precious").touch()
    other, alive = waiting(tmp_path)
    assert not left.exists()
    assert link.is_symlink() and (tmp_path / "work" / "precious").exists()
    assert not sweep_folders(tmp_path) and alive.is_dir()
    other.terminate()
    other.wait(20)


def test_a_folder_that_is_held_out_of_sight_is_kept(tmp_path: Path) -> None:
    """Its owner has a number that no process has here, as in another container."""
    process, folder = waiting(tmp_path)
    elsewhere = folder.rename(tmp_path / "foldline-4194305-abcd1234")
    assert not sweep_folders(tmp_path)
    process.kill()
    process.wait(20)
    assert sweep_folders(tmp_path) == [elsewhere]


@pytest.mark.parametrize("buffering", [True, False])
def test_words_that_nobody_reads_any_more_are_dropped(buffering: bool) -> None:
    """As after ``| head -3``: whatever is written, in one piece or many, the process goes on."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        gone.reconfigure(line_buffering=buffering)
        stream = outliving(gone)
        for size in (1, 10, 200_000):
            stream.write("x" * size + "\n")
        stream.flush()


@pytest.mark.parametrize("lines", [0, 1])
def test_a_command_whose_reader_has_enough_ends_as_ever(lines: int, tmp_path: Path) -> None:
    """Progress and answer go into a pipe that is closed after so many lines."""
    new = tmp_path / "new.csv"
    new.write_bytes((SAMPLES / "churn.csv").read_bytes())
    log = tmp_path / "log.txt"
    command = f'{{ "{sys.executable}" -m core profile "{new}" 2>&1; echo $? > "{log}"; }} | head -{lines}'
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (log.read_text().strip(), done.stderr) == ("0", "")
    assert len(done.stdout.splitlines()) == lines
