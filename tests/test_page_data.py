"""The Data page: reading, kinds and roles, the target, the findings and their cures."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from core.checks.finding import Finding, Fix
from core.data.table import ReadOptions
from core.engine import jobs
from core.engine.run_here import run_here
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.edits import set_kind
from core.recipe.fixes import apply_fix
from core.results.base import parsed_or_none
from core.results.inspect import ProfileResult
from core.store.workspace import Workspace
from tests.conftest import shared
from tests.page_support import ROOT, Loaded, loaded, module_home, opened, texts
from ui.data import column_grid, reading
from ui.data.column_grid import kind_edit, role_edit
from ui.data.findings import grouped

home = module_home


@pytest.fixture(scope="module")
def churn(home: Path) -> Loaded:
    return loaded(home, ROOT / "sample_data" / "churn.csv")


@pytest.fixture(scope="module")
def hostile(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    names = json.loads(shared("badinputs/blns/blns.json").read_text(encoding="utf-8"))
    header = [*(name.replace("\x00", "") for name in names if name.strip())][:60]
    path = tmp_path_factory.mktemp("file") / "hostile.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([*header, "target"])
        rows.writerows(
            [*(f"{i * j % 17}.5" for j in range(len(header))), "yes" if i % 3 else "no"] for i in range(60)
        )
    return loaded(home, path)


def choice(app: AppTest, name: str) -> Selectbox:
    """The select of the target, its task or its class."""
    return next(box for box in app.selectbox if box.key.startswith(f"data.{name}."))


def test_an_empty_project_offers_a_file_and_samples(home: Path) -> None:
    app = opened("data")
    assert not app.exception and not app.error
    assert "Start with a table" in texts(app)
    assert [button.label for button in app.button].count("Load") == 4


def test_a_sample_is_read_by_a_click(home: Path) -> None:
    app = opened("data")
    app.button(key="sample.churn.csv").click().run()
    assert not app.exception and not app.error
    project = app.query_params["project"]
    found = jobs.latest(Workspace(home), project[0] if isinstance(project, list) else project, "read")
    assert found is not None and found.spec["name"] == "churn.csv" and found.spec["source"]


def test_the_table_its_target_and_its_findings_are_shown(churn: Loaded) -> None:
    app = opened("data", churn.project)
    assert not app.exception and not app.error
    shown = texts(app)
    assert "Target leakage" in shown and "exit\\_survey" in shown
    assert choice(app, "target").value == "churned"
    assert choice(app, "positive").value == "yes"
    assert len(jobs.jobs(churn.workspace, churn.project, "inspect")) == 1


def test_the_limit_of_a_check_is_set_where_its_findings_are(churn: Loaded) -> None:
    mine = churn.again()
    app = opened("data", mine.project, **{"data.limits": True})
    app.slider(key="data.limit.imbalance.share").set_value(0.6).run()
    assert mine.now().checks == {"imbalance": {"share": 0.6}}
    assert "IMBALANCE" not in {one.code for one in churn.look().findings}
    assert "IMBALANCE" in {one.code for one in mine.look().findings}
    mine.workspace.undo(mine.project)
    assert mine.now().checks == {}


def test_a_cure_is_one_click_and_makes_the_finding_vanish(churn: Loaded) -> None:
    mine = churn.again()
    app = opened("data", mine.project)
    leave = next(b for b in app.button if b.label == "Leave it out" and "finding.loud" in b.key)
    leave.click().run()
    assert not app.exception
    assert mine.now().column("exit_survey").role == "ignore"
    assert mine.labels()[0] == "leave it out: exit_survey"
    mine.look()
    after = texts(app.run())
    assert "Target leakage" not in after and "Time ignored" in after


def test_spellings_of_a_class_are_joined_by_a_click(home: Path, tmp_path: Path) -> None:
    size = np.random.default_rng(1).normal(size=200)
    label = np.where(size > 0, "yes", "no").astype(object)
    label[np.flatnonzero(size > 0)[:9]] = "Yes "
    label[np.flatnonzero(size > 0)[9:18]] = "ja"
    path = tmp_path / "spelled.csv"
    pd.DataFrame({"size": size, "y": label}).to_csv(path, index=False)
    mine = loaded(home, path)
    mine.look()
    app = opened("data", mine.project)
    assert "joined they are 2" in texts(app)
    next(button for button in app.button if button.label == "Join them").click().run()
    assert not app.exception and not app.error
    now = mine.now()
    assert (now.task, now.positive) == ("binary", "yes")
    assert set(now.column("y").joined) == {"Yes", "ja"}
    assert "LOOKALIKE" not in {one.code for one in mine.look().findings}
    assert "2 other spellings joined" in mine.labels()[0] or "join them" in mine.labels()[0]


def test_pages_that_wait_for_a_comparison_say_that_one_is_under_way(churn: Loaded) -> None:
    mine = churn.again()
    for page in ("evaluate", "export", "runs"):
        assert "under way" not in texts(opened(page, mine.project))
    jobs.submit(mine.workspace, mine.project, "compare", {"recipe": mine.now().model_dump(mode="json")})
    for page in ("evaluate", "export", "runs"):
        app = opened(page, mine.project)
        shown = [*(each.value for each in app.header), texts(app)]
        assert "under way" in " ".join(shown), page


@pytest.mark.parametrize("code", ["DISGUISED_MISSING", "DUPLICATES", "TIME_SHUFFLED", "LEAKAGE"])
def test_every_cure_cures(churn: Loaded, code: str) -> None:
    mine = churn.again()
    fixes = [(one.column, one.fix) for one in mine.look().findings if one.code == code and one.fix]
    column, fix = fixes[0]
    mine.workspace.edit(mine.project, lambda old: apply_fix(old, fix), "cured")
    assert (code, column) not in [(one.code, one.column) for one in mine.look().findings]


def test_the_task_and_the_class_follow_the_target(churn: Loaded) -> None:
    mine = churn.again()
    app = opened("data", mine.project)
    choice(app, "target").set_value("age").run()
    assert not app.exception
    assert (mine.now().target, mine.now().task, mine.now().metric) == ("age", "regression", "rmse")
    choice(app, "target").set_value("paperless").run()
    assert mine.now().task == "binary" and mine.now().positive in ("yes", "no", "1", "0", "True", "False")


def test_a_column_that_cannot_be_the_target_is_refused_in_words(churn: Loaded) -> None:
    mine = churn.again()
    app = opened("data", mine.project)
    choice(app, "target").set_value("customer_id").run()
    assert mine.now().target == "churned" == choice(app, "target").value
    assert "TARGET" in app.error[0].value


def test_kinds_and_roles_are_edited_in_place_and_once(churn: Loaded) -> None:
    mine = churn.again()
    table = mine.workspace.table(mine.project, mine.recipe.source.table)
    recipe = kind_edit(mine.recipe, table, "age", "categorical")(mine.recipe)
    assert recipe.column("age").kind == "categorical"
    assert role_edit(recipe, table, "country", "group")(recipe).column("country").role == "group"
    again = role_edit(mine.recipe, table, "age", "target")(mine.recipe)
    assert (again.target, again.task, again.column("churned").role) == ("age", "regression", "feature")


@pytest.mark.parametrize(
    ("edit", "args", "code"),
    [
        (kind_edit, ("age", "datetime"), "KIND"),
        (kind_edit, ("signup_date", "numeric"), "KIND"),
        (role_edit, ("churned", "ignore"), "ROLE"),
        (role_edit, ("country", "time"), "ROLE"),
    ],
)
def test_what_makes_no_sense_is_refused(
    churn: Loaded, edit: object, args: tuple[str, str], code: str
) -> None:
    table = churn.workspace.table(churn.project, churn.recipe.source.table)
    with pytest.raises(FoldlineError) as refusal:
        edit(churn.recipe, table, *args)  # type: ignore[operator]
    assert refusal.value.code == code


def test_the_grid_tells_each_column_and_why(churn: Loaded) -> None:
    table = churn.workspace.table(churn.project, churn.recipe.source.table)
    described = parsed_or_none(ProfileResult, churn.workspace.result(churn.project, "profile", table.id))
    grid = column_grid.rows(list(churn.recipe.columns), table, described).set_index("name")
    assert grid.loc["churned", "role"] == "Target" and grid.loc["customer_id", "kind"] == "Id"
    assert 0 < grid.loc["satisfaction", "missing"] <= 100
    assert sum(grid.loc["plan", "shape"]) == table.rows
    assert grid.loc["age", "reason"] == table.column("age").reason


def test_many_findings_of_one_kind_share_a_card() -> None:
    many = [Finding(code="CONSTANT", severity="info", column=f"c{i}", reason="") for i in range(9)]
    one = Finding(code="LEAKAGE", severity="error", column="a", reason="")
    assert grouped([one, *many]) == [[one], many]


@pytest.mark.parametrize("view", ["Columns", "One column", "Rows", "Missing values", "How it was read"])
def test_each_view_is_drawn(churn: Loaded, hostile: Loaded, view: str) -> None:
    for one in (churn, hostile):
        app = opened("data", one.project, **{"data.views": view})
        assert not app.exception and not app.error, view


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_the_usual_value_is_that_of_all_rows_whatever_levels_are_drawn(
    home: Path, tmp_path: Path, task: str
) -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"many": [f"level {i % 60}" for i in range(300)], "x": rng.normal(size=300)})
    yes = np.arange(300) % 60 >= 40
    frame["y"] = np.where(yes, "yes", "no") if task == "binary" else np.where(yes, 9.5, 1) + frame["x"]
    path = tmp_path / f"{task}.csv"
    frame.to_csv(path, index=False)
    made = loaded(home, path)
    app = opened("data", made.project, **{"data.views": "One column", "data.one": "many"})
    (drawn,) = [json.loads(one.proto.spec) for one in app.get("plotly_chart") if "against" in one.proto.id]
    usual = [line["x0"] for line in drawn["layout"]["shapes"]]
    expected = yes.mean() if task == "binary" else frame["y"].mean()
    assert usual == [pytest.approx(expected, rel=1e-6)]


def test_names_from_hell_are_shown_as_they_are(hostile: Loaded) -> None:
    app = opened("data", hostile.project)
    assert not app.exception
    assert hostile.recipe.target == "target"
    assert "<script>" not in texts(app).replace("\\<script\\>", "")


def test_leaving_and_coming_back_keeps_everything(churn: Loaded) -> None:
    app = opened("data", churn.project)
    find = next(field.key for field in app.text_input if field.key.startswith("data.columns.find"))
    assert churn.recipe.source.table[:12] in find, "another table begins without a search"
    app.text_input(key=find).set_value("charges").run()
    app.switch_page("pages/prepare.py").run()
    app.switch_page("pages/data.py").run()
    assert not app.exception
    assert app.text_input(key=find).value == "charges"
    assert choice(app, "target").value == "churned"


def test_a_file_that_cannot_be_read_says_why_and_offers_a_way(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b\n" + "".join(f"{i},{i % 2}{',9' if i == 40 else ''}\n" for i in range(100)))
    app = opened("data")
    app.file_uploader[0].upload("ragged.csv", path.read_bytes()).run()
    assert not app.exception
    asked = app.query_params["project"]
    project, ws = asked[0] if isinstance(asked, list) else asked, Workspace(home)
    job = jobs.latest(ws, project, "read")
    assert job is not None and jobs.wait(ws, project, job.id, 60).state == "failed"
    app.run()
    assert "RAGGED" in app.error[0].value and "line 42" in app.error[0].proto.title
    app.button(key="reading.skip").click().run()
    again = jobs.latest(ws, project, "read")
    assert again is not None and jobs.wait(ws, project, again.id, 60).state == "done"
    recipe = ws.recipe(project)
    assert recipe is not None and recipe.source.rows == 99
    held = ws.table(project, recipe.source.table)
    assert any(note.code == "SKIPPED_LINES" for note in held.notes)


def test_a_table_without_a_likely_target_asks_for_one(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "keys.csv"
    path.write_text("order_id,uuid\n" + "".join(f"{i},k{i:05d}\n" for i in range(1, 80)))
    bare = loaded(home, path)
    assert bare.recipe.target == ""
    app = opened("data", bare.project)
    assert not app.exception and not app.error
    assert choice(app, "target").value is None
    assert "Choose the one that you want to know" in texts(app)
    assert "Nothing to predict yet" in texts(opened("prepare", bare.project))


def test_a_file_is_kept_and_can_be_read_again(home: Path, tmp_path: Path) -> None:
    app = opened("data")
    lines = "".join(f"{i};{i},5;{'no' if i % 2 else 'yes'}\n" for i in range(60))
    app.file_uploader[0].upload("a.csv", f"a;b;target\n{lines}".encode()).run()
    asked = app.query_params["project"]
    project, ws = asked[0] if isinstance(asked, list) else asked, Workspace(home)
    assert jobs.wait(ws, project, jobs.latest(ws, project, "read").id, 60).state == "done"  # type: ignore[union-attr]
    first = ws.recipe(project)
    assert first is not None and first.column("b").kind == "numeric"
    app.session_state["data.views"] = "How it was read"
    app.run()
    prefix = f"reading.{first.source.table[:12]}"
    assert app.button(key=f"{prefix}.again").disabled
    app.selectbox(key=f"{prefix}.decimal").set_value(".").run()
    app.button(key=f"{prefix}.again").click().run()
    assert jobs.wait(ws, project, jobs.latest(ws, project, "read").id, 60).state == "done"  # type: ignore[union-attr]
    again = ws.recipe(project)
    assert again is not None and again.source.read.decimal == "."
    assert again.source.table != first.source.table
    assert ws.undo(project).source.table == first.source.table


def test_reading_differently_clears_what_no_longer_fits() -> None:
    read = ReadOptions(names=("a", "b"), drop_rows=(3,), missing=("", "NA"))
    other = reading.changed(read, {"delimiter": ";"})
    assert (other.delimiter, other.names, other.drop_rows) == (";", (), ())
    words = reading.changed(read, {"missing": ("", "-")})
    assert (words.names, words.missing) == (("a", "b"), ("", "-"))
    assert reading.changed(read, {}) == read


@pytest.mark.parametrize(
    ("checks", "columns", "cards"), [(6, 3, 6), (3, 3, 9), (1, 4, 1), (2, 3, 6), (12, 2, 12)]
)
def test_many_findings_share_cards_by_check(checks: int, columns: int, cards: int) -> None:
    findings = [
        Finding(code=f"CHECK_{check}", severity="warn", column=f"c{column}", reason=f"{column} of 9")
        for check in range(checks)
        for column in range(columns)
    ]
    groups = grouped(findings)
    assert len(groups) == cards
    assert [one for group in groups for one in group] == findings


def test_findings_with_another_cure_do_not_share_a_card() -> None:
    fixes = [
        Fix(edit="set_role", args={}, label=label) for label in ("Leave it out", "Keep its rows together")
    ]
    findings = [
        Finding(code="ID", severity="warn", column=f"c{n}", reason="r", fix=fixes[n % 2]) for n in range(12)
    ]
    assert [[one.fix for one in group] for group in grouped(findings)] == [[fix] * 6 for fix in fixes]


def test_cells_that_cannot_be_read_as_chosen_are_counted_on_the_page(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    amounts = [f"{row * 7 % 211}.5" if row % 10 else "n/k" for row in range(200)]
    pd.DataFrame({"amount": amounts, "y": np.arange(200) % 2}).to_csv(path, index=False)
    made = loaded(home, path)
    made.workspace.edit(made.project, lambda old: set_kind(old or Recipe(), "amount", "numeric"), "kind")
    run_here(made.workspace, made.project, "inspect", {"recipe": made.now().model_dump(mode="json")})
    assert "20 cells of 'amount' are no number" in texts(opened("data", made.project)).replace("\\", "")


def test_how_it_was_read_follows_what_a_person_chose(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "amounts.csv"
    amounts = [f"{1_000 + row * 7 % 911:,}.50 EUR" for row in range(200)]
    pd.DataFrame({"amount": amounts, "y": np.arange(200) % 2}).to_csv(path, index=False)
    made = loaded(home, path)

    def said() -> str:
        page = opened("data", made.project)
        page.session_state["data.views"] = "How it was read"
        return texts(page.run()).replace("\\", "")

    assert "kept as text" in said()
    made.workspace.edit(
        made.project, lambda old: set_kind(old or Recipe(), "amount", "numeric", marks=",."), "kind"
    )
    after = said()
    assert "kept as text" not in after and "amount is read as numbers" in after
