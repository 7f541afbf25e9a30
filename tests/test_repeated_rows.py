"""Rows that are left out because they repeat an earlier one are counted wherever the split is told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.tables import work_on
from core.command.main import main
from core.export.code.script import script
from core.recipe import edits
from core.recipe.document import load
from tests.export_support import fitted, raw_table, recipe_for, run, stored


@pytest.mark.parametrize(
    ("once", "apart", "words"),
    [
        (False, 0.0, ""),
        (True, 0.0, "rows that repeat an earlier one."),
        (False, 1e-6, "rows that repeat or nearly repeat an earlier one."),
        (True, 1e-6, "rows that repeat or nearly repeat an earlier one."),
    ],
)
@pytest.mark.parametrize("copies", [0, 37])
def test_what_is_left_out_is_counted_in_the_words_of_the_split(
    once: bool, apart: float, words: str, copies: int, tmp_path: Path
) -> None:
    _, table, frame = stored(tmp_path)
    recipe = recipe_for(table, "regression", "ridge", drop_duplicates=once, apart=apart)
    again = pd.concat([frame, frame[frame["amount"].notna()].head(copies)], ignore_index=True)
    work = work_on(recipe, again, tmp_path)
    assert work.target.repeated == (copies if words else 0)
    assert (f"Left out: {copies} {words}" in work.split.words) == bool(words and copies)
    assert ("Left out" in work.split.words) == bool(words and copies)


def test_run_script_and_card_count_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = tmp_path / "d.csv", tmp_path / "o"
    rows = raw_table()[["age", "income", "flag"]]
    pd.concat([rows, rows.dropna().tail(40)]).to_csv(data, index=False)
    repeated = int(pd.read_csv(data).dropna(subset=["flag"]).duplicated().sum())
    assert repeated >= 40
    recipe = tmp_path / "r.json"
    assert main(["suggest", str(data), "--target", "flag", "-o", str(recipe)]) == 0
    few = edits.drop_duplicates(load(recipe))
    first = tuple(c for c in few.candidates if c.id in ("dummy_classifier", "logistic_regression"))
    recipe.write_text(few.model_copy(update={"candidates": first}).to_json())
    capsys.readouterr()
    assert main(["run", str(recipe), "--data", str(data), "--out", str(out)]) == 0
    words = f"Left out: {repeated} rows that repeat an earlier one."
    assert words in capsys.readouterr().out
    report = json.loads((out / "report.json").read_text())
    assert report["repeated"] == repeated and words in report["validation"]
    with zipfile.ZipFile(out / "bundle.zip") as bundle:
        assert words in bundle.read("MODEL_CARD.md").decode()
    assert report["rows"] + repeated + report["without_target"] == len(rows) + 40


def test_the_script_counts_them(tmp_path: Path) -> None:
    path, table, frame = stored(tmp_path)
    pd.read_csv(path, dtype="str", keep_default_na=False).pipe(
        lambda raw: pd.concat([raw, raw[raw["flag"] != ""].head(23)])
    ).to_csv(path, index=False)
    recipe = recipe_for(table, "binary", "logistic_regression", drop_duplicates=True)
    again = pd.concat([frame, frame[frame["flag"].notna()].head(23)], ignore_index=True)
    case = fitted(path, table, again, recipe)
    (tmp_path / "train.py").write_text(script(recipe, case.pipeline, table))
    done = run("train.py", str(path), cwd=tmp_path)
    assert "Rows left out because they repeat an earlier one, or nearly do: 23." in done.stdout, done.stderr
