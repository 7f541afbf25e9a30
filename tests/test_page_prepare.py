"""The Prepare and Features pages: the split in words, steps, settings, and what they do to real rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.catalog.features import FEATURES
from core.catalog.models import MODELS
from core.catalog.selectors import SELECTORS
from core.data.formats.parquet import read_table
from core.engine import jobs
from core.recipe.document import ColumnChoice, Recipe, Source
from core.recipe.edits import add_feature, choose, drop_duplicates, set_role, set_split, set_step
from core.recipe.split import FILE_ORDER, folds_asked
from core.train.rows.split import split_rows
from core.train.rows.target import target_of
from tests.page_support import ROOT, Loaded, loaded, module_home, opened, texts
from tests.small_recipes import column, regression
from ui.prepare.preview import short_names
from ui.prepare.split import automatic, with_role
from ui.prepare.steps import as_others
from ui.widgets.params import stops
from ui.widgets.text import label

home = module_home


@pytest.fixture(scope="module")
def houses(home: Path) -> Loaded:
    return loaded(home, ROOT / "sample_data" / "house_prices.csv")


def _numbers(words: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) rows", words)]


@pytest.mark.parametrize("page", ["prepare", "features"])
def test_without_a_table_the_page_says_where_to_get_one(home: Path, page: str) -> None:
    app = opened(page)
    assert not app.exception and not app.error
    assert "No table yet" in texts(app)


@pytest.mark.parametrize("scheme", ["auto", "kfold", "repeated", "holdout"])
@pytest.mark.parametrize("role", ["", "time", "group"])
def test_the_split_is_described_as_it_is_done(houses: Loaded, scheme: str, role: str) -> None:
    recipe = set_split(houses.recipe, scheme=scheme)
    if role:
        kind = "datetime" if role == "time" else "categorical"
        recipe = set_role(recipe, next(c.name for c in recipe.columns if c.kind == kind), role)  # type: ignore[arg-type]
    frame = read_table(houses.workspace.table_path(houses.project, recipe.source.table))
    target = target_of(recipe, frame)
    split = split_rows(recipe, frame, target)
    mine = houses.again()
    mine.workspace.edit(mine.project, lambda _: recipe, "split")
    assert label(split.words, 800) in texts(opened("prepare", mine.project))
    models = texts(opened("models", mine.project))
    assert f"{len(split.test):,} test rows stay locked" in models and "About" not in models
    assert f" of {len(split.train):,} training rows." in models
    asked, _, repeats = folds_asked(recipe, len(split.train))
    if asked == "repeated" and not role:
        assert f"{len(split.folds) // repeats} folds, drawn {repeats} times," in models
    elif len(split.folds) > 1:
        assert f"{len(split.folds)} {'steps' if role == 'time' else 'folds'}" in models


def test_rows_that_cannot_be_split_are_told_before_anything_is_trained(houses: Loaded) -> None:
    mine = houses.again()
    name = next(c.name for c in mine.recipe.columns if c.kind == "boolean")
    mine.workspace.edit(mine.project, lambda old: set_role(old, name, "group"), "group")
    app = opened("prepare", mine.project)
    assert not app.exception
    assert "cannot be split so" in app.error[0].value and "validation needs two" in app.error[0].value


@pytest.mark.parametrize("page", ["models", "tune", "evaluate", "export"])
def test_rows_that_cannot_be_split_are_told_alike_wherever_they_would_be_fitted(
    houses: Loaded, page: str
) -> None:
    mine = houses.again()
    name = next(c.name for c in mine.recipe.columns if c.kind == "boolean")
    mine.workspace.edit(mine.project, lambda old: set_role(old, name, "group"), "group")
    mine.workspace.edit(mine.project, lambda old: choose(old, "tree_regressor"), "model")
    problem = opened("prepare", mine.project).error[0].value
    app = opened(page, mine.project)
    assert not app.exception and [one.value for one in app.error] == [problem]
    assert "test rows stay locked" not in texts(app) and "The test set is locked" not in texts(app)
    starts = [one for one in app.button if one.key in ("models.start", "tune.start", "evaluate.open")]
    assert all(one.disabled for one in starts) and len(starts) == (page in ("models", "tune"))


@pytest.mark.parametrize("page", ["prepare", "features"])
def test_a_page_with_a_table_shows_real_rows_without_starting_work(houses: Loaded, page: str) -> None:
    app = opened(page, houses.project)
    assert not app.exception and not app.error
    assert len(app.dataframe) >= 1
    assert len(_jobs(houses, "preview")) == 1


def _jobs(one: Loaded, kind: str) -> list[object]:
    return list(jobs.jobs(one.workspace, one.project, kind))


def test_what_automatic_means_follows_the_model(houses: Loaded) -> None:
    app = opened("prepare", houses.project)
    scale = app.selectbox(key="prepare.step.numeric.scale")
    assert scale.value == "auto"
    assert scale.options[0] == "Automatic: Standard"
    trees = "lightgbm_regressor"
    mine = houses.again()
    mine.preview(trees)
    app = opened("prepare", mine.project, **{"prepare.model": trees})
    assert app.selectbox(key="prepare.step.numeric.scale").options[0] == "Automatic: no change"


def test_a_step_and_its_setting_are_edits(houses: Loaded) -> None:
    mine = houses.again()
    app = opened("prepare", mine.project)
    app.selectbox(key="prepare.step.numeric.outliers").set_value("clip_iqr").run()
    assert not app.exception
    assert mine.now().prepare.defaults["numeric"]["outliers"].spec == "clip_iqr"
    app.slider(key="prepare.step.numeric.outliers.clip_iqr.reach").set_value(2.0).run()
    assert mine.now().prepare.defaults["numeric"]["outliers"].params == {"reach": 2.0}
    app.selectbox(key="prepare.step.numeric.outliers").set_value("auto").run()
    assert mine.now().prepare.defaults == {}
    assert len(mine.labels()) == 4


def test_a_single_column_can_differ_and_return(houses: Loaded) -> None:
    name = next(c.name for c in houses.recipe.inputs if c.kind == "numeric")
    mine = houses.again()
    app = opened("prepare", mine.project, **{"prepare.single": name})
    app.selectbox(key=f"prepare.step.{name}.scale").set_value("robust").run()
    assert mine.now().prepare.columns[name]["scale"].spec == "robust"
    app.button(key=f"prepare.own.{name}").click().run()
    assert not app.exception and mine.now().prepare.columns == {}


def test_the_split_is_edited(houses: Loaded) -> None:
    mine = houses.again()
    app = opened("prepare", mine.project)
    app.slider(key="prepare.test_size").set_value(30).run()
    app.toggle(key="prepare.once").set_value(True).run()
    assert mine.now().split.test_size == 0.3 and mine.now().drop_duplicates
    assert "30\\%" in texts(app)
    assert mine.now() == drop_duplicates(set_split(houses.recipe, test_size=0.3))


def test_the_order_of_rows_is_a_switch_that_can_be_undone(houses: Loaded) -> None:
    mine = houses.again()
    assert mine.now().split.order == "content"
    app = opened("prepare", mine.project)
    assert FILE_ORDER not in texts(app)
    app.toggle(key="prepare.order").set_value(False).run()
    assert not app.exception and mine.now().split.order == "file"
    assert mine.labels()[0] == "order of rows"
    assert FILE_ORDER in texts(app)
    mine.workspace.undo(mine.project)
    assert mine.now().split.order == "content"


def test_a_stale_preview_says_what_changed(houses: Loaded) -> None:
    mine = houses.again()
    app = opened("prepare", mine.project)
    app.selectbox(key="prepare.step.numeric.missing").set_value("mean").run()
    assert not app.exception
    assert "What you see is from before" in texts(app) or not _jobs(mine, "preview")


def test_roles_come_and_go() -> None:
    columns = (ColumnChoice(name="k", kind="id", role="ignore"), ColumnChoice(name="x", kind="numeric"))
    recipe = Recipe(source=Source(table="t", rows=50), columns=columns)
    grouped = with_role(recipe, "group", "k")
    assert grouped.column("k").role == "group"
    assert with_role(grouped, "group", None) == recipe
    assert with_role(with_role(recipe, "group", "x"), "group", None) == recipe


def test_as_others_forgets_only_that_column(houses: Loaded) -> None:
    one, two = [c.name for c in houses.recipe.inputs if c.kind == "numeric"][:2]
    recipe = set_step(houses.recipe, "numeric", "scale", "robust", one)
    both = set_step(recipe, "numeric", "scale", "min_max", two)
    assert as_others(both, two) == recipe


def test_features_are_added_set_and_removed(houses: Loaded) -> None:
    one, two = [c.name for c in houses.recipe.inputs if c.kind == "numeric"][:2]
    mine = houses.again()
    mine.workspace.edit(mine.project, lambda old: add_feature(old, "arithmetic", (one, two)), "added")
    shown = mine.preview()
    assert tuple(shown.features) == (f"{one} - {two}",) == shown.made["arithmetic_1"]
    app = opened("features", mine.project)
    assert not app.exception and not app.error
    app.selectbox(key="feature.arithmetic_1.operation").set_value(2).run()
    assert mine.now().features[0].params == {"operation": "product"}
    app.button(key="feature.remove.arithmetic_1").click().run()
    assert mine.now().features == ()


def test_a_feature_is_added_from_the_page(houses: Loaded) -> None:
    one, two = [c.name for c in houses.recipe.inputs if c.kind == "numeric"][:2]
    mine = houses.again()
    app = opened("features", mine.project, **{"features.what": "ratio"})
    assert app.button(key="features.add.go").disabled
    app.selectbox(key="features.column.ratio.0").set_value(one).run()
    app.selectbox(key="features.column.ratio.1").set_value(two).run()
    app.button(key="features.add.go").click().run()
    assert not app.exception
    assert [(s.spec, s.columns) for s in mine.now().features] == [("ratio", (one, two))]
    assert app.selectbox(key="features.column.ratio.0").value is None


def test_the_operation_is_chosen_before_a_feature_is_added(houses: Loaded) -> None:
    one, two = [c.name for c in houses.recipe.inputs if c.kind == "numeric"][:2]
    mine = houses.again()
    app = opened("features", mine.project, **{"features.what": "arithmetic"})
    app.selectbox(key="features.param.arithmetic.operation").set_value("product").run()
    app.selectbox(key="features.column.arithmetic.0").set_value(one).run()
    app.selectbox(key="features.column.arithmetic.1").set_value(two).run()
    app.button(key="features.add.go").click().run()
    assert not app.exception
    assert [(s.spec, s.params) for s in mine.now().features] == [("arithmetic", {"operation": "product"})]


def test_selection_is_a_switch_with_settings(houses: Loaded) -> None:
    mine = houses.again()
    app = opened("features", mine.project)
    app.toggle(key="selection.correlation").set_value(True).run()
    app.slider(key="selection.correlation.limit").set_value(0.8).run()
    assert mine.now().selection[0].params == {"limit": 0.8}
    dropped = mine.preview().dropped
    assert dropped and {one.by for one in dropped} == {SELECTORS["correlation"].label}
    app.toggle(key="selection.correlation").set_value(False).run()
    assert not app.exception and mine.now().selection == ()


def test_every_logarithmic_setting_has_its_value_among_the_stops() -> None:
    for model in MODELS:
        for param in model.params:
            if param.log and isinstance(param.default, int | float):
                places = stops(param, param.default)
                assert param.default in places and places == sorted(places)
                assert (places[0], places[-1]) == (param.low, param.high)
                odd = stops(param, param.low * 1.37 if isinstance(param.default, float) else 11)  # type: ignore[operator]
                assert len(odd) in (len(places), len(places) + 1)


def test_prepared_names_are_short_where_that_is_clear() -> None:
    assert short_names(["numeric__a", "numeric_2__b", "x"]) == ["a", "b", "x"]
    assert short_names(["numeric__a", "categorical__a"]) == ["numeric__a", "categorical__a"]
    assert short_names(["numeric__a", "numeric__missingindicator_a"]) == ["a", "a is missing"]


def test_a_group_returns_to_automatic_and_single_columns_keep_their_own(houses: Loaded) -> None:
    name = next(c.name for c in houses.recipe.inputs if c.kind == "numeric")
    mine = houses.again()
    single = set_step(mine.recipe, "numeric", "scale", "robust", name)
    both = set_step(set_step(single, "numeric", "missing", "mean"), "numeric", "scale", "min_max")
    mine.workspace.edit(mine.project, lambda _: both, "two choices")
    app = opened("prepare", mine.project)
    app.button(key="prepare.auto.numeric").click().run()
    assert not app.exception
    assert mine.now() == single


def test_each_prepared_column_says_where_it_comes_from_and_what_changed_it(houses: Loaded) -> None:
    one, two = [c.name for c in houses.recipe.inputs if c.kind == "numeric"][:2]
    mine = houses.again()
    recipe = add_feature(add_feature(mine.recipe, "arithmetic", (one, two)), "ratio", (one, two))
    mine.workspace.edit(mine.project, lambda _: recipe, "two features of the same columns")
    columns = mine.preview("lightgbm_regressor").columns
    made = {
        column.name.partition("__")[2]: column.source
        for column in columns
        if " - " in column.name or " / " in column.name
    }
    assert made == {
        f"{one} - {two}": f"{FEATURES['arithmetic'].label} of {one}, {two}",
        f"{one} / {two}": f"{FEATURES['ratio'].label} of {one}, {two}",
    }
    numbers = [column.steps for column in columns if column.source == one]
    assert numbers == [()], "trees take numbers as they are; what changes nothing is not told as done"


def test_one_column_can_be_seen_before_and_after(houses: Loaded) -> None:
    name = next(c.name for c in houses.recipe.inputs if c.kind == "categorical")
    app = opened("prepare", houses.project, **{"prepare.look": name})
    assert not app.exception
    shown = list(app.dataframe[0].value.columns)
    assert shown[0] == name and len(shown) > 2 and all(each.startswith("→ ") for each in shown[1:])


@pytest.mark.parametrize(
    ("role", "words"), [("", "5 folds × 2"), ("group", "5 folds"), ("time", "5 steps in time")]
)
def test_automatic_validation_is_named_as_it_is_done(role: str, words: str) -> None:
    recipe = regression(column("x"), column("t", role=role or "feature"))
    assert automatic(recipe, 500) == words
