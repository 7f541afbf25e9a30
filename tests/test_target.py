"""How the target is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.data.read import read
from core.data.table import MISSING_WORDS, ReadOptions, Table
from core.errors import FoldlineError
from core.evaluate.prediction import of_values
from core.export.code.inline import inline
from core.export.code.standalone import one_piece
from core.findings import findings
from core.recipe import edits
from core.recipe.columns import columns_of
from core.recipe.fixes import apply_fix
from core.recipe.suggestion.first import suggested
from core.recipe.suggestion.target_guess import guess_positive
from core.spec import Kind
from core.train.rows.target import as_learned, target_of
from core.train.rows.target_words import codes_note, others, target_note
from core.train.work import frame_of as training_frame
from core.watch.scored import scored
from tests.small_recipes import SOURCE, column, numbers, regression
from ui.data.target import tasks_for


def test_a_target_of_texts_is_read_with_the_decimal_mark_of_its_file() -> None:
    frame = numbers()
    texts = [f"{value:.3f}".replace(".", ",") for value in frame["y"]]
    frame["y"] = pd.Series(["odd", *texts[1:]], dtype="str")
    source = SOURCE.model_copy(update={"read": ReadOptions(decimal=",", delimiter=";")})
    found = target_of(regression(column("x"), source=source), frame)
    assert found.without == 1
    assert found.values[1] == float(texts[1].replace(",", "."))


def test_a_missing_word_of_a_target_of_numbers_means_the_number() -> None:
    frame = numbers()
    frame.loc[:49, "y"] = -999.0
    for word in ("-999", "-999.0"):
        recipe = regression(column("x"), column("y", role="target", missing=(word,)))
        assert target_of(recipe, frame).without == 50


def test_a_target_that_gets_another_role_is_no_target_any_more() -> None:
    recipe = edits.set_role(regression(column("x")), "y", "ignore")
    assert (recipe.target, [c.name for c in recipe.inputs]) == ("", ["x"])


def test_new_labels_that_mean_no_value_are_not_scored() -> None:
    recipe = regression(column("x"), column("y", role="target", missing=("-999",)))
    frame = numbers().head(60)
    said = of_values(frame["y"])
    frame = frame.assign(y=frame["y"].where(np.arange(60) >= 20, -999.0))
    found = scored(recipe, frame, said, ())
    assert found is not None
    assert (found.now.n, found.now.value) == (40, 0)


def frame_of(target: list[str], name: str = "y") -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame({"x": rng.normal(size=len(target)).round(3), name: target})


def read_for(tmp_path: Path, target: list[str], delimiter: str = ",") -> tuple[Table, pd.DataFrame]:
    """A file with that target, read to predict it, and the table it became."""
    path = tmp_path / "given.csv"
    frame_of(target).to_csv(path, index=False, sep=delimiter)
    reading = read(path, path.name, target_of=lambda columns: "y")
    return reading.table(path.name), reading.frame


AMOUNTS = np.random.default_rng(3).uniform(100, 9_000, 200).round(2)
WRITTEN = {
    "thousands": lambda v: f"{v:,.2f}",
    "dollars": lambda v: f"${v:,.2f}",
    "euros behind": lambda v: f"{v:,.2f} €",
    "points and commas": lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")),
    "blanks": lambda v: f"{v:,.2f}".replace(",", " "),
    "narrow blanks": lambda v: f"{v:,.2f}".replace(",", "\u202f"),
    "apostrophes": lambda v: f"CHF {v:,.2f}".replace(",", "'"),
    "percent": lambda v: f"{v:.2f} %",
    "minus behind": lambda v: f"{v:,.2f}-",
    "brackets": lambda v: f"({v:,.2f})",
}


@pytest.mark.parametrize("style", WRITTEN)
def test_numbers_written_with_marks_are_read_as_what_they_are(tmp_path: Path, style: str) -> None:
    table, frame = read_for(tmp_path, [WRITTEN[style](value) for value in AMOUNTS])
    recipe = suggested(table, frame, "y")
    target = target_of(recipe, frame)
    sign = -1 if style in ("minus behind", "brackets") else 1
    assert recipe.task == "regression" and target.without == 0
    np.testing.assert_array_equal(target.values, sign * AMOUNTS)
    assert [note.code for note in target_note(recipe, table, target.gaps)] == ["TARGET_MARKS"]


@pytest.mark.parametrize("signs", [("$", "€"), ("", "%")])
def test_amounts_in_two_units_are_no_numbers(tmp_path: Path, signs: tuple[str, str]) -> None:
    texts = [f"{value:,.2f}{signs[i % 2]}" for i, value in enumerate(AMOUNTS)]
    table, frame = read_for(tmp_path, texts)
    with pytest.raises(FoldlineError, match="'y'"):
        suggested(table, frame, "y", task="regression")


@pytest.mark.parametrize("words", [{"tbd": 3}, {"not measured": 20, "tbd": 3}, {"<4": 12, "pending": 8}])
def test_a_few_words_among_numbers_are_rows_without_a_target(tmp_path: Path, words: dict[str, int]) -> None:
    odd = [word for word, cells in words.items() for _ in range(cells)]
    table, frame = read_for(tmp_path, [*odd, *(str(value) for value in AMOUNTS[: 200 - len(odd)])])
    recipe = suggested(table, frame, "y")
    target = target_of(recipe, frame)
    assert (recipe.task, dict(target.gaps)) == ("regression", words)
    (note,) = target_note(recipe, table, target.gaps)
    assert f"{len(odd)} of 200 rows have no y" in note.text
    assert all(repr(word) in note.text for word in words)


NO_TARGETS = {
    "kg behind": ([f"{value} kg" for value in AMOUNTS], "'kg' behind its numbers"),
    "k behind": ([f"{value / 1000:.5f}k" for value in AMOUNTS], "'k' behind its numbers"),
    "dates": ([f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}" for i in range(200)], "holds dates"),
    "ids": ([f"{i % 26:x}-{i * 7919:05x}-q" for i in range(200)], "looks like an id"),
    "one class": (["yes", ""] * 100, "100 cells without a value"),
}


@pytest.mark.parametrize("kind", NO_TARGETS)
def test_what_cannot_be_a_target_is_called_what_it_is(tmp_path: Path, kind: str) -> None:
    cells, words = NO_TARGETS[kind]
    table, frame = read_for(tmp_path, cells)
    with pytest.raises(FoldlineError, match=words):
        suggested(table, frame, "y")


@pytest.mark.parametrize("cells", [[f"{v:,.2f}" for v in AMOUNTS], ["tbd", *(str(v) for v in AMOUNTS[1:])]])
def test_a_target_of_numbers_is_not_said_to_be_kept_as_text(tmp_path: Path, cells: list[str]) -> None:
    table, frame = read_for(tmp_path, cells)
    assert {"MONEY", "TYPE"} & {note.code for note in table.notes}
    assert not {"MONEY", "TYPE"} & {note.code for note in others(table.notes, suggested(table, frame, "y"))}


def test_a_target_of_numbers_that_mostly_are_none_is_refused_with_the_remedy() -> None:
    frame = numbers()
    frame["y"] = pd.Series(
        [f"{v:,.2f} or so" if i % 3 else str(v) for i, v in enumerate(frame["y"])], dtype="str"
    )
    with pytest.raises(FoldlineError, match="cannot be read as numbers, such as"):
        target_of(regression(column("x")), frame)


@pytest.mark.parametrize("word", [word for word in MISSING_WORDS if word])
def test_a_word_for_no_value_is_a_class_of_a_target_of_classes(tmp_path: Path, word: str) -> None:
    table, frame = read_for(tmp_path, ["Minor", word, "Severe", "Minor", ""] * 20)
    recipe = suggested(table, frame, "y")
    target = target_of(recipe, frame)
    assert (recipe.task, target.without) == ("multiclass", 20)
    assert set(target.classes) == {"Minor", "Severe", word}
    (finding,) = [
        one
        for one in findings(frame, columns_of(recipe, table), "y", recipe.task)
        if one.code == "DISGUISED_MISSING"
    ]
    cured = apply_fix(recipe, finding.fix)
    assert target_of(edits.set_target(cured, "y", "binary"), frame).without == 40


@pytest.mark.parametrize("word", ["NA", "null", "#N/A"])
def test_a_word_for_no_value_among_numbers_is_named_with_its_rows(tmp_path: Path, word: str) -> None:
    table, frame = read_for(tmp_path, [word if i % 10 == 0 else str(v) for i, v in enumerate(AMOUNTS)])
    recipe = suggested(table, frame, "y")
    (note,) = target_note(recipe, table, target_of(recipe, frame).gaps)
    assert f"20 of 200 rows have no y and are set aside: 20 {word!r}." == note.text


@pytest.mark.parametrize(
    ("levels", "positive"),
    [
        ({"1": 70, "2": 30}, "2"),
        ({"1": 30, "2": 70}, "1"),
        ({"0": 20, "1": 80}, "1"),
        ({"-1": 20, "1": 80}, "1"),
        ({"x": 20, "y": 80}, "x"),
        ({"n": 20, "y": 80}, "y"),
        ({"False": 20, "True": 80}, "True"),
        ({"good": 20, "bad": 80}, "bad"),
    ],
)
def test_the_positive_class_is_a_telling_word_or_the_rarer_one(levels: dict[str, int], positive: str) -> None:
    assert guess_positive(list(levels), list(levels.values())) == positive
    assert guess_positive(list(levels)[::-1], list(levels.values())[::-1]) == positive


@pytest.mark.parametrize(("kind", "values"), [("datetime", [20190502.0]), ("numeric", ["2019-05-02"])])
def test_a_kind_that_the_values_cannot_have_is_refused_in_any_recipe(
    kind: Kind, values: list[object]
) -> None:
    made = pd.Series(values * 40)
    made = made if kind == "datetime" else pd.to_datetime(made).astype("datetime64[us]")
    frame = frame_of(["1.5", "2.5"] * 20).assign(made=made)
    recipe = regression(column("x"), column("made", kind, format="%Y%m%d"))
    with pytest.raises(FoldlineError) as refusal:
        training_frame(recipe, lambda *_: frame)
    assert (refusal.value.code, refusal.value.where) == ("KIND", "made")


def test_a_script_reads_marks_as_the_app_does() -> None:
    own = inline(one_piece(), {"read_target", "TargetColumn"})
    script: dict[str, Any] = {}
    head = [
        "from __future__ import annotations",
        *sorted(own.imports),
        "import numpy as np",
        "import pandas as pd",
    ]
    exec(compile("\n".join([*head, own.code]), "train.py", "exec"), script)  # our own code
    texts = pd.Series(["$1,234.50", "(12.30)", "tbd"], dtype="str")
    target = script["TargetColumn"](name="y", number=True, marks=",.")
    np.testing.assert_array_equal(script["read_target"](texts, target), [1234.5, -12.3, np.nan])


def test_monitor_reads_labels_with_marks_as_training_did() -> None:
    recipe = regression(column("x"), column("y", "numeric", "target", marks=",."))
    frame = numbers()
    marked = frame.assign(y=pd.Series([f"{1000 * value:,.2f}" for value in frame["y"]], dtype="str"))
    plain = as_learned(recipe, marked)
    np.testing.assert_allclose(plain["y"], (1000 * frame["y"]).round(2))
    assert as_learned(regression(column("x")), frame) is frame


@pytest.mark.parametrize(("levels", "noted"), [(3, True), (20, True), (21, False), (2, False)])
def test_few_numbers_as_a_target_may_be_codes_of_classes(levels: int, noted: bool, tmp_path: Path) -> None:
    table, frame = read_for(tmp_path, [str(row % levels) for row in range(200)])
    recipe = suggested(table, frame, "y")
    notes = codes_note(recipe, table)
    assert bool(notes) == noted
    assert all("choose multiclass" in note.text for note in notes)


@pytest.mark.parametrize(("levels", "task"), [(33, "regression"), (21, "regression"), (5, "multiclass")])
def test_counts_with_a_few_words_among_them_are_numbers(levels: int, task: str, tmp_path: Path) -> None:
    days = [str(1 + row % levels) for row in range(900)]
    days[::300] = ["tbd"] * 3
    table, frame = read_for(tmp_path, days)
    recipe = suggested(table, frame, "y")
    assert recipe.task == task
    if task == "multiclass":
        asked = edits.set_kind(recipe, "y", "numeric")
        assert "regression" in tasks_for(
            table.column("y").model_copy(update={"kind": asked.column("y").kind})
        )
