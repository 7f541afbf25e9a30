"""Classes come back as the training file has them: days, times, long numbers; what is changed is told."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.data.read import read
from core.engine.run_here import run_here
from core.errors import FoldlineError
from core.explain.one_row import OneRow
from core.export.bundle.open import Bundle, open_bundle
from core.export.predict import predict_frame
from core.export.prediction_views import write_files
from core.recipe import edits
from core.recipe.suggestion.target_guess import guess_task
from core.standalone.serving.served_model import ServedModel
from core.store.workspace import Workspace
from tests.fresh import script

ROWS = 90
PLACES = np.arange(ROWS) % 3
DAYS = [dt.date(2024, month, 1) for month in (1, 2, 3)]
TARGETS: dict[str, tuple[Any, list[Any]]] = {
    "days.csv": (["2024-01-01", "2024-02-01", "2024-03-01"], ["2024-01-01", "2024-02-01", "2024-03-01"]),
    "german.csv": (["21.01.2024", "21.02.2024", "21.03.2024"], ["21.01.2024", "21.02.2024", "21.03.2024"]),
    "days.parquet": (pa.array(DAYS, pa.date32()), DAYS),
    "times.parquet": (
        pa.array([f"2024-01-01 08:00:00.{n}" for n in (1, 2, 3)]).cast(pa.timestamp("us")),
        [pd.Timestamp(f"2024-01-01 08:00:00.{n}") for n in (1, 2, 3)],
    ),
    "long.parquet": (pa.array([2**60 + n for n in range(3)], pa.int64()), [2**60 + n for n in range(3)]),
}


def written(path: Path, target: Any) -> Path:
    """A table whose first column tells the class."""
    x = PLACES * 10.0 + np.linspace(0, 1, ROWS)
    if path.suffix == ".csv":
        pd.DataFrame({"x": x, "y": np.array(target)[PLACES]}).to_csv(path, index=False)
    else:
        pq.write_table(pa.table({"x": x, "y": target.take(pa.array(PLACES))}), path)
    return path


@pytest.fixture(scope="module", params=list(TARGETS))
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Bundle, Path]:
    """The name of a table, and a bundle of a tree that learned its classes, opened and as a file."""
    home = tmp_path_factory.mktemp("labels")
    path = written(home / request.param, TARGETS[request.param][0])
    ws = Workspace(home / "ws")
    project = ws.create_project(ws.new_space(), "Labels")
    run_here(ws, project, "read", {"path": str(path), "name": path.name, "keep": True})

    def planned(recipe: Any) -> Any:
        recipe = edits.set_target(recipe, "y", "multiclass")
        return edits.choose(edits.set_candidates(recipe, ["tree_classifier"]), "tree_classifier")

    ws.edit(project, planned, "plan")
    recipe = ws.recipe(project)
    assert recipe is not None
    result = run_here(ws, project, "export", {"recipe": recipe.model_dump(mode="json")})
    bundle = ws.result_file(project, result["result"], "bundle.zip")
    return request.param, open_bundle(bundle), Path(bundle)


def test_files_of_predictions_hold_the_classes_of_the_training_file(
    made: tuple[str, Bundle, Path], tmp_path: Path
) -> None:
    name, bundle, _ = made
    given = TARGETS[name][1]
    frame = pd.DataFrame({"x": [0.5, 10.5, 20.5]})
    predicted = predict_frame(bundle.pipeline, bundle.manifest, frame)
    files, left, _ = write_files(predicted, None, tmp_path, ("csv", "xlsx", "parquet"), False, bundle)
    assert not left and len(files) == 3
    texts = [one.isoformat() if isinstance(one, dt.date) else str(one) for one in given]
    csv = pd.read_csv(tmp_path / "predictions.csv", dtype="str")
    assert csv["prediction"].tolist() == texts
    assert list(csv.columns[1:]) == [f"probability_{text}" for text in texts]
    assert pd.read_parquet(tmp_path / "predictions.parquet")["prediction"].tolist() == given
    sheet = pd.read_excel(tmp_path / "predictions.xlsx", engine="calamine", dtype="object")["prediction"]
    in_sheet = [str(one) if isinstance(one, int) else one for one in given]  # a sheet cuts long numbers
    assert [pd.Timestamp(one) if isinstance(one, dt.date) else one for one in in_sheet] == sheet.tolist()


def test_the_scripts_of_a_bundle_and_the_service_give_the_same_classes(
    made: tuple[str, Bundle, Path], tmp_path: Path
) -> None:
    name, bundle, path = made
    given = [one.isoformat() if isinstance(one, dt.date) else str(one) for one in TARGETS[name][1]]
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    pd.DataFrame({"x": [0.5, 10.5, 20.5]}).to_csv(tmp_path / "new.csv", index=False)
    done = script("predict.py", "new.csv", cwd=tmp_path)
    if name.endswith(".csv"):
        assert done.returncode == 0, done.stderr
        assert pd.read_csv(tmp_path / "predictions.csv", dtype="str")["prediction"].tolist() == given
    documents = [
        json.loads((tmp_path / f"{each}.json").read_text()) for each in ("manifest", "schema", "sample")
    ]
    model = ServedModel(bundle.pipeline, *documents)
    answer, _ = model.answer({"x": [0.5, 10.5, 20.5]})
    assert answer["prediction"].tolist() == given
    assert tuple(answer.columns) == model.outputs


def test_one_row_names_the_same_classes_and_takes_them_as_a_goal(made: tuple[str, Bundle, Path]) -> None:
    name, bundle, _ = made
    given = [one.isoformat() if isinstance(one, dt.date) else str(one) for one in TARGETS[name][1]]
    one = OneRow(bundle)
    assert [one.answer({"x": x}).prediction for x in (0.5, 10.5, 20.5)] == given
    answer = one.answer({"x": 0.5})
    assert set(answer.shares) == set(one.form().classes) == set(given)
    found = one.nearest({"x": 0.5}, ["x"], given[1])
    assert found.found and found.answer is not None and found.answer.prediction == given[1]
    assert one.curves({"x": 0.5}, ["x"], given[2])[0].of == given[2] and one.why({"x": 0.5}, given[2]).adds_up


def test_times_that_are_cut_to_microseconds_are_told(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    moments = pa.array([1_000, 2_001, 3_999], pa.timestamp("ns"))
    pq.write_table(pa.table({"t": moments, "x": [1, 2, 3]}), path)
    (note,) = [note for note in read(path, path.name).notes if note.code == "NANOSECONDS"]
    assert note.column == "t" and "2 times" in note.text


@pytest.mark.parametrize(
    ("texts", "task", "words"),
    [
        ([f"{n}.5%" if n % 2 else f"{n}.5" for n in range(60)], "regression", "with '%' behind"),
        ([f"{n}.5%" if n % 2 else f"{n}.5" for n in range(60)], None, "with '%' behind"),
        ([f"{n} days 00:00:07" for n in range(120)], None, "clock times or durations"),
        ([str(2**60 + n * 10**15) for n in range(120)], None, "more than 15 digits"),
    ],
)
def test_a_target_that_is_refused_is_called_what_it_is(
    tmp_path: Path, texts: list[str], task: Any, words: str
) -> None:
    path = tmp_path / "t.csv"
    pd.DataFrame({"x": np.arange(len(texts)), "y": texts}).to_csv(path, index=False)
    reading = read(path, path.name)
    column = next(column for column in reading.columns if column.name == "y")
    with pytest.raises(FoldlineError, match=words) as refusal:
        guess_task(column, len(texts), lambda: reading.frame["y"], ".", task)
    assert "id" not in refusal.value.problem.split() and refusal.value.hint
