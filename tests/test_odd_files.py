"""Odd files end in a prediction that is the app's, or in a coded sentence; never in a traceback."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.formats.frame import table_file
from core.data.read import read
from core.data.reread import read_like
from core.errors import FoldlineError
from core.export.bundle.open import Bundle, open_bundle
from core.export.predict import predict_frame
from core.export.schema_check import conform
from core.standalone.files.records import UnreadableFileError, refusing
from core.standalone.predict_command import predict_main
from tests.export_support import fitted, raw_table, recipe_for, run, stored
from tests.odd_files import changed_files, odd_files
from tests.test_command import foldline

CODED = re.compile(r"[A-Z_]+: \S.*[.)](\s.*)?", re.S)
NEW = raw_table(30, seed=5).drop(columns=["flag", "band", "amount"])
ROUNDED = 1e-9


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle, and what lies in it, unpacked."""
    folder = tmp_path_factory.mktemp("odd")
    path, table, frame = stored(folder)
    bundle = fitted(path, table, frame, recipe_for(table, "binary", "logistic_regression")).bundle(
        folder / "bundle.zip"
    )
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder / "there")
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Bundle:
    return open_bundle(folder / "bundle.zip")


def of_bundle(folder: Path, model: Bundle, path: Path, monkeypatch: Any) -> pd.DataFrame | str:
    """What predict.py does: predictions, or its last sentence."""
    out = folder / "out.csv"
    monkeypatch.setattr(sys, "argv", ["predict.py", str(path), "-o", str(out)])
    try:
        predict_main(str(folder / "there"), table_file(model.recipe.source.read))
    except SystemExit as stop:
        return str(stop.code)
    return pd.read_csv(out)


def of_app(model: Bundle, path: Path) -> pd.DataFrame | str:
    """What the app does: predictions, or the code of its refusal."""
    try:
        frame = read_like(path, path.name, model.earlier).frame
        typed = conform(frame, model.schema).frame
    except FoldlineError as error:
        return error.code
    return predict_frame(model.pipeline, model.manifest, typed) if len(typed) else "NO_ROWS"


def judged(
    folder: Path, model: Bundle, files: Iterable[tuple[str, bytes]], monkeypatch: Any
) -> tuple[list[str], list[str]]:
    """The names of the files that were wrong, and of those that one of both refuses."""
    wrong, by_one = [], []
    for name, data in files:
        path = folder / name
        path.write_bytes(data)
        own, app = of_bundle(folder, model, path, monkeypatch), of_app(model, path)
        if isinstance(own, str) and not CODED.fullmatch(own):
            wrong.append(f"{name}: {own}")
        if isinstance(own, str) != isinstance(app, str):
            by_one.append(name)
        elif isinstance(own, pd.DataFrame) and isinstance(app, pd.DataFrame):
            numbers = (frame.iloc[:, -1].to_numpy() for frame in (own, app))
            if len(own) != len(app) or not np.allclose(*numbers, atol=ROUNDED, rtol=0):
                wrong.append(f"{name}: other numbers")
    return wrong, by_one


def test_odd_files_give_the_numbers_of_the_app_or_a_coded_sentence(
    folder: Path, model: Bundle, monkeypatch: Any
) -> None:
    wrong, by_one = judged(folder, model, odd_files(NEW).items(), monkeypatch)
    assert (wrong, by_one) == ([], [])


@pytest.mark.gauntlet
@pytest.mark.parametrize("seed", range(4))
def test_changed_bytes_end_in_a_coded_sentence(
    folder: Path, model: Bundle, monkeypatch: Any, seed: int
) -> None:
    """The bundle may read a workbook whose theme is damaged; the app checks every part of it."""
    wrong, by_one = judged(folder, model, changed_files(NEW, 250, seed), monkeypatch)
    assert wrong == [] and len(by_one) <= 15


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("there.csv",), "FILE"),
        ((".",), "FILE"),
        (("../data.csv", "-o", "nowhere/p.csv"), "FILE"),
        (("../data.csv", "-o", "../there/../data.csv"), "FILE"),
    ],
)
def test_wrong_arguments_end_in_a_coded_sentence(folder: Path, arguments: tuple[str, ...], code: str) -> None:
    done = run("predict.py", *arguments, cwd=folder / "there")
    assert done.returncode == 1 and f"\n{code}: " in f"\n{done.stderr}"


def test_a_script_without_a_column_ends_in_a_sentence(folder: Path) -> None:
    for name, data in (("lacking", NEW), ("whole", raw_table(240)), ("none", NEW.iloc[:0])):
        data.to_csv(folder / f"{name}.csv", index=False)
    NEW.drop(columns="age").to_csv(folder / "new.csv", index=False)
    command = ("train.py", "../lacking.csv"), ("train.py", "../whole.csv", "--predict", "../new.csv")
    for each, words in zip(command, ("'flag'", "'age'"), strict=True):
        done = run(*each, cwd=folder / "there")
        assert done.returncode == 1 and done.stderr.startswith("SCHEMA: ") and words in done.stderr
    done = run("train.py", "../whole.csv", "--predict", "../none.csv", cwd=folder / "there")
    assert done.returncode == 1 and done.stderr.startswith("NO_ROWS: ")


def test_a_text_that_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "new.parquet"
    pd.DataFrame({"a": ["2024-05-29x", "u"], "b": [1, 2]}).to_parquet(path, compression=None)
    path.write_bytes(path.read_bytes().replace(b"2024-05-29x", b"2024\xff05-29x"))
    with pytest.raises(FoldlineError) as refusal:
        read(path, path.name)
    assert refusal.value.code == "DAMAGED"


def test_a_lack_of_memory_is_no_damage() -> None:
    with pytest.raises(UnreadableFileError) as refused, refusing("rows.csv"):
        raise MemoryError
    assert refused.value.code == "MEMORY"


def test_nothing_that_is_read_is_written_over(tmp_path: Path) -> None:
    data = tmp_path / "rows.csv"
    NEW.to_csv(data, index=False)
    before = data.read_bytes()
    for done in (
        foldline("suggest", data, "--target", "flag", "-o", data),
        foldline("drift", data, data, "-o", data),
        foldline("predict", data, data, "-o", data),
    ):
        assert done.returncode == 1 and "FILE" in done.stderr
    assert data.read_bytes() == before
