"""What people made with 0.1.0 still opens, means the same and gives the same numbers, bit for bit."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

GOLDEN = Path(__file__).parent / "golden"
CASES = {"churn": ("churn.csv", "churn_new.csv"), "houses": ("houses.xlsx", "houses_new.csv")}
CASES["products"] = ("products.csv", "products_new.csv")
DIGITS = 1e-9
"""How far a stored number may be from the same number of another processor, as a share of it."""
MEASURED = ("seconds", "peak_mb", "created", "versions")


SEVERAL = """
import json, runpy, sys
for script, *arguments in json.loads(sys.argv[1]):
    sys.argv = [script, *arguments]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as stop:
        if stop.code:
            raise
"""
"""Runs scripts with their arguments, one after the other: the libraries are loaded once."""


@dataclass(frozen=True)
class Old:
    """The files of one case, and what today's code and both kinds of scripts made of them.

    Attributes:
        folder: of what 0.1.0 wrote.
        out: ``run`` of today's code from its recipe; ``then`` and ``now``, the bundles of 0.1.0 and of today
            unpacked, with what their scripts gave.
        drift: what ``drift --json`` printed.
    """

    folder: Path
    out: Path
    drift: str


def foldline(*commands: tuple[object, ...]) -> list[str]:
    """The lines that commands print, in a process of their own."""
    calls = [["core/__main__.py", *map(str, command)] for command in commands]
    return scripts(GOLDEN.parents[1], calls, {**os.environ, "PYTHONPATH": "."}).splitlines()


def scripts(folder: Path, calls: list[list[str]], environment: dict[str, str]) -> str:
    """What scripts print that run in a folder, in one fresh process."""
    command = [sys.executable, "-c", SEVERAL, json.dumps(calls)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def alone(bundle: Path, folder: Path, *calls: list[str]) -> None:
    """Unpack a bundle and run its scripts in a fresh process in which Foldline cannot be imported."""
    with zipfile.ZipFile(bundle) as archive:
        for member in archive.infolist():
            archive.extract(member, folder)  # our own file
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    scripts(folder, list(calls), environment)


@pytest.fixture(scope="module", params=list(CASES))
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Old:
    folder = GOLDEN / request.param
    data, new = (folder / name for name in CASES[request.param])
    out = tmp_path_factory.mktemp(request.param)
    then, now = folder / "bundle.zip", out / "run" / "bundle.zip"
    printed = foldline(
        ("run", folder / "recipe.json", "--data", data, "--out", out / "run"),
        ("predict", then, new, "-o", out / "then.csv"),
        ("predict", now, new, "-o", out / "now.csv"),
        ("drift", "--json", then, new),
    )
    predict = ["predict.py", str(new), "-o", "new_rows.csv"]
    train = ["train.py", str(data), "-o", "test_rows.csv"]
    whole = ["train.py", str(data), "--rows", "all", "--predict", str(new), "-o", "all.csv"]
    alone(then, out / "then", predict, train, whole)
    alone(now, out / "now", ["predict.py", "--check"], predict, train)
    return Old(folder, out, printed[-1])


def alike(found: Any, kept: Any, where: str = "") -> list[str]:
    """Where two JSON documents differ.

    Keys that only the new one has are fine; measured times are not compared.
    """
    if isinstance(kept, dict):
        wrong = [f"{where}.{key} is gone" for key in kept.keys() - found.keys()]
        for key in kept.keys() & found.keys() - set(MEASURED):
            wrong += alike(found[key], kept[key], f"{where}.{key}")
        return wrong
    if isinstance(kept, list):
        if len(found) != len(kept):
            return [f"{where}: {len(found)} instead of {len(kept)}"]
        pairs = enumerate(zip(found, kept, strict=True))
        return [line for i, (a, b) in pairs for line in alike(a, b, f"{where}[{i}]")]
    if isinstance(kept, float) and isinstance(found, float | int):
        same = math.isclose(found, kept, rel_tol=DIGITS, abs_tol=DIGITS)
    else:
        same = found == kept
    return [] if same else [f"{where}: {found!r} instead of {kept!r}"]


def lines(path: Path) -> list[str]:
    """The lines of a file of predictions: the app ends them for spreadsheets, a script as its system does."""
    return path.read_text(encoding="utf-8").splitlines()


def close(found: Path, kept: Path) -> bool:
    """Whether two files of predictions hold the same texts and, within rounding, the same numbers."""
    a, b = pd.read_csv(found), pd.read_csv(kept)
    pd.testing.assert_frame_equal(a, b, rtol=DIGITS, atol=DIGITS)
    return True


def test_the_old_bundle_predicts_as_its_own_script_does(old: Old) -> None:
    assert lines(old.out / "then.csv") == lines(old.out / "then" / "new_rows.csv")
    assert close(old.out / "then.csv", old.folder / "predictions.csv")


def test_the_old_recipe_gives_the_model_of_the_old_script(old: Old) -> None:
    assert lines(old.out / "now.csv") == lines(old.out / "then" / "all.csv")
    assert close(old.out / "now.csv", old.folder / "predictions.csv")


@pytest.mark.parametrize("name", ["test_rows.csv", "new_rows.csv"])
def test_todays_scripts_split_and_predict_as_the_old_ones(old: Old, name: str) -> None:
    assert lines(old.out / "now" / name) == lines(old.out / "then" / name)
    assert name == "new_rows.csv" or close(old.out / "now" / name, old.folder / name)


def test_the_old_report_says_the_same(old: Old) -> None:
    kept = json.loads((old.folder / "report.json").read_text())
    found = json.loads((old.out / "run" / "report.json").read_text())
    order = [note for note in found["notes"] if note["code"] == "ROW_ORDER"]
    assert len(order) == 1, "0.1.0 did not say that the order of its rows counts"
    found["notes"].remove(order[0])
    assert alike(found, kept) == []


def test_drift_from_the_old_bundle_says_the_same(old: Old) -> None:
    kept = json.loads((old.folder / "drift.json").read_text())
    kept.pop("result")  # an id of its own each time
    assert alike(json.loads(old.drift), kept) == []
