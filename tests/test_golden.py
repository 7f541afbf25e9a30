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


@dataclass(frozen=True)
class Old:
    """The files of one case, and a run of today's code from its recipe."""

    folder: Path
    data: Path
    new: Path
    out: Path

    def unpacked(self, bundle: Path, name: str) -> Path:
        target = self.out / name
        with zipfile.ZipFile(bundle) as archive:
            for member in archive.infolist():
                archive.extract(member, target)  # our own file
        return target


def foldline(*arguments: object) -> str:
    """What a command prints, run as people run it: in a process of its own."""
    command = [sys.executable, "-m", "core", *map(str, arguments)]
    done = subprocess.run(command, cwd=GOLDEN.parents[1], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def alone(folder: Path, *arguments: str) -> None:
    """A Python script in a fresh process in which Foldline cannot be imported."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", params=list(CASES))
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Old:
    folder = GOLDEN / request.param
    data, new = (folder / name for name in CASES[request.param])
    out = tmp_path_factory.mktemp(request.param)
    foldline("run", folder / "recipe.json", "--data", data, "--out", out / "run")
    return Old(folder, data, new, out)


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
    bundle = old.folder / "bundle.zip"
    foldline("predict", bundle, old.new, "-o", old.out / "app.csv")
    alone(old.unpacked(bundle, "old"), "predict.py", str(old.new), "-o", str(old.out / "own.csv"))
    assert lines(old.out / "app.csv") == lines(old.out / "own.csv")
    assert close(old.out / "app.csv", old.folder / "predictions.csv")


def test_the_old_recipe_gives_the_model_of_the_old_script(old: Old) -> None:
    bundle = old.out / "run" / "bundle.zip"
    foldline("predict", bundle, old.new, "-o", old.out / "now.csv")
    folder = old.unpacked(old.folder / "bundle.zip", "old_script")
    alone(folder, "train.py", str(old.data), "--rows", "all", "--predict", str(old.new), "-o", "all.csv")
    assert lines(old.out / "now.csv") == lines(folder / "all.csv")
    assert close(old.out / "now.csv", old.folder / "predictions.csv")


def test_todays_script_divides_and_predicts_as_the_old_one(old: Old) -> None:
    now = old.unpacked(old.out / "run" / "bundle.zip", "new_script")
    then = old.unpacked(old.folder / "bundle.zip", "then")
    alone(now, "predict.py", "--check")
    for folder in (now, then):
        alone(folder, "train.py", str(old.data), "-o", "test_rows.csv")
        alone(folder, "predict.py", str(old.new), "-o", "new_rows.csv")
    for name in ("test_rows.csv", "new_rows.csv"):
        assert lines(now / name) == lines(then / name)
    assert close(now / "test_rows.csv", old.folder / "test_rows.csv")


def test_the_old_report_says_the_same(old: Old) -> None:
    kept = json.loads((old.folder / "report.json").read_text())
    assert alike(json.loads((old.out / "run" / "report.json").read_text()), kept) == []


def test_drift_from_the_old_bundle_says_the_same(old: Old) -> None:
    found = json.loads(foldline("drift", "--json", old.folder / "bundle.zip", old.new))
    kept = json.loads((old.folder / "drift.json").read_text())
    kept.pop("result")  # an id of its own each time
    assert alike(found, kept) == []
