"""Amounts with marks of thousands as a column of the model: a click reads them, alike wherever it is used."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.checks.finding import Fix
from core.command.main import main
from core.data.read import read
from core.data.table import Table
from core.errors import FoldlineError
from core.export.bundle.published import made_up_rows
from core.export.bundle.schema import Schema, describe
from core.export.code.script import script
from core.export.schema_check import conform
from core.recipe.columns import as_chosen, check_kinds, columns_of
from core.recipe.difference import differences
from core.recipe.document import Recipe, parse
from core.recipe.fixes import apply_fix
from core.recipe.suggestion.first import suggested
from core.standalone.cells import as_number
from core.train.fit import fit_rows, predict_rows
from core.train.rows.target import as_learned
from core.train.rows.target_words import marks_note
from core.train.work import Resources
from tests.export_support import run
from tests.test_row_order import reader
from tests.test_spelling import ROWS, checked, reading

RNG = np.random.default_rng(8)
AMOUNT = RNG.lognormal(7, 1, ROWS).round(2)
LABEL = np.where(np.log(AMOUNT) + RNG.normal(0, 0.7, ROWS) > 7, "high", "low")
FORMS = {
    "1,616.97": (",", ",", "."),
    "1.616,97": (";", ".", ","),
    "1 616,97": (";", " ", ","),
    "1\u202f616,97": (";", "\u202f", ","),
    "1'616.97": (",", "'", "."),
}


def written(values: np.ndarray, thousands: str, decimal: str, sign: str = "") -> list[str]:
    table = str.maketrans({",": thousands, ".": decimal})
    return [sign + f"{value:,.2f}".translate(table) for value in values]


def case(folder: Path, form: str, sign: str = "") -> tuple[Table, pd.DataFrame, Recipe]:
    """A table with an amount and a label, and the recipe after a click on *Read it as numbers*."""
    sep, thousands, decimal = FORMS[form]
    taken = reading(folder, sep, decimal, amount=written(AMOUNT, thousands, decimal, sign), y=LABEL)
    table = taken.table("t.csv")
    assert table.column("amount").physical == "text", "nothing is read so without being asked"
    (finding,) = [one for one in checked(taken, "y", "binary", "amount") if one.code == "MIXED_TYPES"]
    assert finding.fix is not None and finding.fix.label == "Read it as numbers"
    recipe = suggested(table, taken.frame, "y")
    return table, taken.frame, apply_fix(recipe, Fix.model_validate(finding.fix.model_dump()))


@pytest.mark.parametrize("sign", ["", "$", "€ "])
@pytest.mark.parametrize("form", FORMS)
def test_a_click_reads_amounts_and_the_recipe_says_so(tmp_path: Path, form: str, sign: str) -> None:
    table, frame, recipe = case(tmp_path, form, sign)
    _, chosen = as_chosen(recipe, columns_of(recipe, table), frame)
    assert np.allclose(chosen["amount"], AMOUNT)
    assert np.allclose(as_learned(recipe, frame)["amount"], AMOUNT), "as Monitor reads it"
    check_kinds(recipe, frame)
    assert parse(json.loads(recipe.to_json())) == recipe
    (note,) = marks_note(recipe)
    assert note.column == "amount" and "marks thousands" in note.text
    assert any("marks thousands" in words for words in differences(suggested(table, frame, "y"), recipe))


@pytest.mark.parametrize("form", FORMS)
def test_the_model_is_that_of_plain_numbers_and_new_rows_are_read_alike(tmp_path: Path, form: str) -> None:
    table, frame, recipe = case(tmp_path, form)
    plain = frame.assign(amount=AMOUNT)
    simple = recipe.model_copy(
        update={"columns": tuple(c.model_copy(update={"marks": ""}) for c in recipe.columns)}
    )
    predicted = []
    for document, rows in ((recipe, frame), (simple, plain)):
        document = document.model_copy(update={"split": document.split.model_copy(update={"order": "file"})})
        work = Resources(reader(rows), None).work(document)  # type: ignore[arg-type]
        pipeline = fit_rows(work, work.split.train, document.candidates[1])
        predicted.append(predict_rows(work, pipeline, work.split.test))
    assert np.allclose(predicted[0].proba, predicted[1].proba)
    schema = Schema.model_validate_json(describe(recipe, table.columns, frame).model_dump_json())
    amount = next(column for column in schema.columns if column.name == "amount")
    assert (amount.low, amount.high) == (AMOUNT.min(), AMOUNT.max())
    made_up = made_up_rows(schema, 20)["amount"]
    assert as_number(made_up, ".", amount.marks).between(amount.low - 1, amount.high + 1).all()
    _, thousands, decimal = FORMS[form]
    texts = [*written(AMOUNT[:3], thousands, decimal), *written(np.array([9_999_999.0]), thousands, decimal)]
    issues = conform(pd.DataFrame({"x": ["0.5"] * 5, "amount": [*texts, "much"]}), schema).issues
    assert [issue.code for issue in issues] == ["TYPE", "RANGE"] and "'much'" in issues[0].text


def test_a_kind_by_hand_names_the_marks_that_would_read_the_column(tmp_path: Path) -> None:
    table, frame, recipe = case(tmp_path, "1.616,97")
    columns = tuple(c.model_copy(update={"marks": ""}) for c in recipe.columns)
    bare = recipe.model_copy(update={"columns": columns, "source": recipe.source})
    dollars = frame.assign(amount="$" + frame["amount"])
    with pytest.raises(FoldlineError, match="would become missing") as refused:
        check_kinds(bare, dollars)
    assert '"marks": ".,"' in refused.value.hint and table.rows == ROWS


@pytest.mark.gauntlet
@pytest.mark.parametrize("form", ["1,616.97", "1.616,97", "1 616,97"])
def test_run_bundle_and_script_give_the_predictions_of_plain_numbers(tmp_path: Path, form: str) -> None:
    table, frame, recipe = case(tmp_path, form)
    recipe = recipe.model_copy(update={"candidates": recipe.candidates[:2]})
    recipe_path, data, out = tmp_path / "r.json", tmp_path / "t.csv", tmp_path / "out"
    recipe_path.write_text(recipe.to_json())
    assert main(["run", str(recipe_path), "--data", str(data), "--out", str(out)]) == 0
    bundle = next(out.glob("*.zip"))
    assert main(["predict", str(bundle), str(data), "-o", str(tmp_path / "app.csv")]) == 0
    folder = tmp_path / "bundle"
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    done = run(str(folder / "predict.py"), str(data), "-o", str(tmp_path / "alone.csv"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    app, alone = pd.read_csv(tmp_path / "app.csv"), pd.read_csv(tmp_path / "alone.csv")
    pd.testing.assert_frame_equal(app, alone)
    with_chosen = recipe.model_copy(update={"chosen": recipe.candidates[1]})
    work = Resources(reader(frame), None).work(with_chosen)  # type: ignore[arg-type]
    code = script(with_chosen, fit_rows(work, work.split.train, recipe.candidates[1]), table)
    train = tmp_path / "train_alone.py"
    train.write_text(code)
    taken = read(data, data.name)
    arguments = [str(train), str(data), "--rows", "all", "--predict", str(data)]
    done = run(*arguments, "-o", str(tmp_path / "script.csv"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(pd.read_csv(tmp_path / "script.csv")) == taken.frame.shape[0]
    assert repr(recipe.column("amount").marks) in code
