"""Every field of a recipe changes what is done, is refused, or is said not to be used."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from core.errors import FoldlineError
from core.plan import plan
from core.recipe.consistency import consistent
from core.recipe.document import Choice, ColumnChoice, Recipe, Split, Tuning
from core.recipe.edits import set_kind, set_role
from core.recipe.split import folds_asked, hold_out, target_column
from core.recipe.unused import unused, unused_search
from core.recipe.usage import Clocks, Costs, Drift, Export
from core.spec import Task

COLUMNS = (
    ColumnChoice(name="a", kind="numeric"),
    ColumnChoice(name="c", kind="categorical", levels=3),
    ColumnChoice(name="g", kind="categorical", levels=40),
    ColumnChoice(name="spare", kind="numeric", role="ignore"),
)


def recipe(task: Task = "binary", scheme: str = "auto", roles: Any = (), **changes: Any) -> Recipe:
    goal = ColumnChoice(name="y", kind="numeric" if task == "regression" else "boolean", role="target")
    columns = tuple(c.model_copy(update={"role": dict(roles).get(c.name, c.role)}) for c in COLUMNS)
    facts = {"task": task, "target": "y", "columns": (*columns, goal), "split": Split(scheme=scheme)}  # type: ignore[arg-type]
    metric = "rmse" if task == "regression" else "log_loss"
    return Recipe.model_validate({**facts, "metric": metric, **changes})


def done_with(document: Recipe) -> Any:
    """What the recipe asks of splitting and preparing, for tables of any size."""
    candidate = next(iter(document.candidates), None)
    matrices = plan(document, candidate) if candidate else None
    asked = [folds_asked(document, rows) for rows in (500, 5_000, 50_000, 500_000)]
    return (
        [
            (s, folds if s != "holdout" else 1, repeats if s == "repeated" else 1)
            for s, folds, repeats in asked
        ],
        hold_out(document),
        target_column(document),
        matrices,
    )


SHAPES: list[dict[str, Any]] = [
    {"task": task, "scheme": scheme, "roles": roles}
    for task in ("binary", "multiclass", "regression")
    for scheme in ("auto", "kfold", "repeated", "holdout")
    for roles in ((), (("g", "group"),), (("a", "time"),))
]
CHANGES = {
    "folds": lambda r: {"split": {**dict(r.split), "folds": 7}},
    "repeats": lambda r: {"split": {**dict(r.split), "repeats": 4}},
    "test_size": lambda r: {"split": {**dict(r.split), "test_size": 0.3}},
    "order": lambda r: {"split": {**dict(r.split), "order": "content"}},
    "positive": lambda r: {"positive": "yes"},
    "threshold": lambda r: {"threshold": 0.3},
    "costs": lambda r: {"costs": Costs(miss=9.0)},
    "seed": lambda r: {"seed": 3},
}
OBEYED = {"positive": {"binary"}, "threshold": {"binary"}, "costs": {"binary"}}
"""Tasks in which a field is read by the scores and not by the split."""


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: f"{s['task']}-{s['scheme']}-{s['roles']}")
def test_a_field_is_obeyed_or_refused_or_told(shape: dict[str, Any], field: str) -> None:
    before = recipe(**shape)
    after = Recipe.model_validate({**dict(before), **CHANGES[field](before)})
    try:
        consistent(after)
    except FoldlineError as error:
        assert error.hint
        return
    told = set(unused(after)) - set(unused(before))
    obeyed = done_with(after) != done_with(before) or before.task in OBEYED.get(field, ())
    assert obeyed != bool(told), (field, told)
    assert all(f'"{field}"' in sentence for sentence in told)


@pytest.mark.parametrize("role", ["group", "time"])
def test_a_scheme_that_rows_in_order_do_not_have_is_told(role: str) -> None:
    for scheme in ("repeated", "holdout"):
        assert any('"scheme"' in s for s in unused(recipe(scheme=scheme, roles=(("g", role),))))
    assert unused(recipe(scheme="kfold", roles=(("g", role),))) == ()


def with_column(document: Recipe, name: str, **changes: Any) -> Recipe:
    columns = tuple(c.model_copy(update=changes) if c.name == name else c for c in document.columns)
    return document.model_copy(update={"columns": columns})


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (with_column(recipe(), "spare", missing=("-9",)), "'spare'"),
        (with_column(recipe(), "c", marks=",."), '"marks"'),
        (with_column(recipe(), "y", marks=",."), '"marks"'),
        (recipe(prepare={"columns": {"spare": {"scale": Choice(spec="robust")}}}), "'spare'"),
        (recipe(prepare={"columns": {"a": {"encode": Choice(spec="onehot")}}}), '"encode"'),
        (recipe(prepare={"defaults": {"text": {"text": Choice(spec="drop")}}}), '"text" columns'),
    ],
)
def test_what_columns_and_preparation_say_in_vain_is_told(document: Recipe, words: str) -> None:
    (sentence,) = unused(document)
    assert words in sentence and "not used" in sentence


def test_levels_are_joined_of_categories_alone() -> None:
    for name in ("a",):
        with pytest.raises(FoldlineError):
            consistent(with_column(recipe(), name, joined={"x": "y"}))
    joined = with_column(recipe(), "c", joined={"x": "y"})
    assert consistent(joined)
    for edited in (set_kind(joined, "c", "numeric"), set_role(joined, "c", "time")):
        assert consistent(edited).column("c").joined == {}
    grouped = set_kind(set_role(joined, "c", "group"), "c", "id")
    assert consistent(grouped).column("c").joined == {"x": "y"}, "groups are joined, whatever their kind"
    for other in (set_role(grouped, "a", "group"), set_role(grouped, "c", "ignore")):
        assert consistent(other).column("c").joined == {}


def test_the_settings_of_a_search_that_is_not_planned_are_told() -> None:
    assert "planned" in unused_search(Tuning(trials=99)) and '"trials"' in unused_search(Tuning(trials=99))
    assert unused_search(Tuning(planned=True, trials=99)) == unused_search(Tuning()) == ""


def test_every_field_of_a_recipe_is_walked_over() -> None:
    """A field that is added must be put on one of these lists by whoever says what reads it."""
    walked = {"split", "positive", "threshold", "costs", "seed", "columns", "prepare", "tuning"}
    always = {
        "version", "source", "related", "task", "target", "features", "selection", "candidates", "chosen",
        "metric", "drop_duplicates", "apart", "checks", "accepted", "export", "drift", "clocks", "margin",
        "margins_aside",
    }  # fmt: skip
    assert set(Recipe.model_fields) == walked | always
    assert set(Split.model_fields) == {"test_size", "scheme", "folds", "repeats", "order"}
    assert set(ColumnChoice.model_fields) == {
        "name", "kind", "role", "format", "missing", "levels", "marks", "joined",
    }  # fmt: skip
    parts: tuple[type[BaseModel], ...] = (Costs, Export, Drift, Clocks)
    assert [len(part.model_fields) for part in parts] == [2, 4, 2, 2]


def test_the_reason_is_what_decides() -> None:
    in_groups = {"roles": (("g", "group"),)}
    for scheme, field in (("repeated", "repeats"), ("holdout", "folds")):
        plain = recipe(scheme=scheme, **in_groups)
        changed = plain.model_copy(update={"split": plain.split.model_copy(update={field: 7})})
        (sentence,) = [one for one in unused(changed) if one.startswith(f'"{field}"')]
        assert "rows go by g" in sentence and "the scheme is" not in sentence
