"""The frame of the app: text from data, the look, the guard of every page, the widgets tied to the recipe."""

from __future__ import annotations

import ast
import html
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.catalog.features import FEATURES
from core.engine import jobs
from core.errors import FoldlineError
from core.recipe.document import Candidate, Choice, ColumnChoice, FeatureStep, Prepare, Recipe, Source
from core.results.compare import BoardRow
from core.store.workspace import Workspace
from ui import charts
from ui.charts.curves import share_words
from ui.frame import pipeline_strip as diagram
from ui.frame.page_list import PLACES, place
from ui.frame.project_score import Score
from ui.frame.row_split import RowCounts
from ui.frame.theme import DARK, LIGHT, Palette
from ui.models.leaderboard_table import _standing
from ui.widgets.text import JOINER, count, duration, label, plain, visible, words

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "pages").glob("*.py"))
EVIL = "![x](http://evil.example/p.png) <b>$a$ :red[b] ~c~ & `d`"


@given(st.text())
def test_label_leaves_no_special_character_unescaped(text: str) -> None:
    assert not re.search(r"(?<!\\)[!-/:-@\[\]-`{-~]", re.sub(r"\\[!-/:-@\[-`{-~]", "", label(text)))


@given(st.text())
def test_label_reads_as_the_visible_text(text: str) -> None:
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", label(text)).replace(JOINER, "")
    assert shown == visible(text) or (not visible(text).strip() and set(shown) == {"␣"})


@given(st.text())
def test_nothing_hidden_or_reordering_remains(text: str) -> None:
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert len(shown.splitlines()) <= 1


@given(st.text())
def test_plain_has_no_markup_and_can_be_read_back(text: str) -> None:
    assert "<" not in plain(text)
    assert html.unescape(plain(text)) == visible(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb", "a⏎b"),
        ("x\u202ey", "x‹202E›y"),
        ("", "␣"),
        ("  ", "␣␣"),
        ("$1:red[a]", r"\$1\:red\[a\]"),
        ("<script>", r"\<script\>"),
    ],
)
def test_label_examples(text: str, expected: str) -> None:
    assert label(text) == expected


@pytest.mark.parametrize("text", ["http://a.b/c", "HTTPS://a.b", "www.a.b", "a@b.c", "mailto:a@b.c"])
def test_a_bare_address_is_broken_so_that_it_is_no_link(text: str) -> None:
    bare = re.sub(r"\\", "", label(text))
    assert not re.search(r"(?i)https?://|www\.|\w@\w", bare)
    assert bare.replace(JOINER, "") == text


def test_long_texts_are_cut_with_an_ellipsis() -> None:
    assert label("a" * 500, 10) == "a" * 9 + "…"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.41, "0.4 s"), (12.3, "12 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


def test_counts_and_words() -> None:
    assert count(32561) == "32,561"
    assert words("random_forest_classifier") == "Random forest"
    assert words("roc_auc") == "ROC AUC"


# The look


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_of_the_theme_has_contrast(name: str) -> None:
    theme = CONFIG["theme"][name]
    for surface in ("backgroundColor", "secondaryBackgroundColor"):
        assert _contrast(theme["textColor"], theme[surface]) >= 7
        assert _contrast(theme["linkColor"], theme[surface]) >= 4.5
        assert _contrast(theme["grayTextColor"], theme[surface]) >= 4.5
    assert _contrast("#ffffff", theme["primaryColor"]) >= 4.5
    assert _contrast(theme["primaryColor"], theme["backgroundColor"]) >= 3
    for colour in ("red", "orange", "yellow", "green", "blue", "violet", "gray"):
        assert _contrast(theme[f"{colour}TextColor"], theme[f"{colour}BackgroundColor"]) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda each: each.name)
def test_charts_have_the_colours_of_the_theme_and_contrast(palette: Palette) -> None:
    theme = CONFIG["theme"][palette.name]
    assert list(palette.series) == theme["chartCategoricalColors"]
    assert (palette.ink, palette.surface) == (theme["textColor"], theme["backgroundColor"])
    assert _contrast(palette.muted, palette.surface) >= 4.5
    assert min(_contrast(shade, palette.surface) for shade in palette.series) >= 3


def test_the_server_keeps_to_itself() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["enableXsrfProtection"] is True
    assert CONFIG["server"]["enableCORS"] is True
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["browser"]["gatherUsageStats"] is False


def test_nothing_of_the_look_comes_from_elsewhere() -> None:
    for asset in (ROOT / "ui" / "frame" / "assets").iterdir():
        text = asset.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text, asset.name
    assert "http" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")


def test_our_favicon_is_set_before_the_menu_sets_another() -> None:
    source = (ROOT / "app.py").read_text(encoding="utf-8")
    assert -1 < source.find("page_icon=") < source.find("st.navigation(")


def test_no_unsafe_html_in_the_pages() -> None:
    for path in (*PAGES, ROOT / "app.py", *(ROOT / "ui").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in source and "unsafe_allow_javascript" not in source, path.name
        assert "st.html(" not in source, path.name


# Figures


def _curve() -> pd.DataFrame:
    x = np.linspace(0, 1, 5000)
    names = {"false_positive_rate": x, "true_positive_rate": x**0.2, "recall": x, "precision": 1 - x / 2}
    return pd.DataFrame({**names, "name": EVIL})


def _figures(palette: Palette) -> dict[str, go.Figure]:
    edges = np.linspace(0, 9, 31)
    bins = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "count": range(30)})
    shares = bins[["low", "high"]].assign(reference=0.1, current=0.2)
    trials = pd.DataFrame({"score": [0.8, np.nan, 0.9], "text": EVIL})
    scores = pd.DataFrame({"mean": [0.9, 0.8], "low": [0.88, -0.1], "high": [0.92, 0.9]})
    step = np.linspace(0, 1, 101)
    quantiles = {q: [0.0, 1.0] for q in ("q05", "q25", "q50", "q75", "q95")}
    calibrated = {"predicted": [0.2], "observed": [0.3], "observed_low": [0.1], "observed_high": [0.4]}
    curve = _curve()
    return {
        "histogram": charts.histogram(bins, palette, EVIL),
        "dates": charts.histogram(bins.assign(group=EVIL), palette, EVIL, dates=True),
        "bars": charts.bars(pd.DataFrame({"level": [EVIL, "b"], "count": [3, 1]}), palette, EVIL),
        "missingness": charts.missingness(pd.DataFrame({"column": [EVIL], "share": [0.4]}), palette),
        "leaderboard": charts.leaderboard(
            scores.assign(name=[EVIL, "b"], rank=[1, 2], tied_with_best=[True, False]), palette, "ROC AUC"
        ),
        "search": charts.search_history(trials, palette, "ROC AUC"),
        "parameter": charts.parameter(trials.assign(value=[1, 2, 3]), palette, EVIL, "ROC AUC"),
        "roc": charts.roc(curve, palette),
        "precision_recall": charts.precision_recall(curve, palette, base=0.3),
        "calibration": charts.calibration(pd.DataFrame({**calibrated, "rows": [10]}), palette),
        "confusion": charts.confusion(np.ones((40, 40)), [f"{EVIL}{k}" for k in range(40)], palette),
        "threshold": charts.threshold(
            pd.DataFrame({"threshold": step, "precision": step, "recall": 1 - step}),
            palette,
            0.4,
            ("precision", "recall"),
        ),
        "predicted_actual": charts.predicted_actual(
            pd.DataFrame({"predicted": [1.0, 2.0], "actual": [1.0, 2.0], "rows": [5, 6]}), palette, EVIL
        ),
        "residuals": charts.residuals(pd.DataFrame({"predicted": [1.0, 2.0], **quantiles}), palette, EVIL),
        "importance": charts.importance(scores.assign(column=[EVIL, "b"]), palette),
        "overlay": charts.overlay(shares, palette, EVIL),
        "levels": charts.overlay(
            pd.DataFrame({"level": [EVIL], "reference": [1.0], "current": [1.0]}), palette
        ),
        "drift": charts.drift_effects(
            pd.DataFrame({"name": [EVIL, "b"], "strength": [0.4, 0.1], "state": ["drift", "stable"]}),
            palette,
            0.1,
        ),
    }


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda each: each.name)
def test_figures_are_small_in_our_colours_and_escaped(palette: Palette) -> None:
    ours = {c.lower() for c in (*palette.series, *palette.ramp)} | {
        palette.accent, palette.soft, palette.muted, palette.ink, palette.grid, palette.surface,
        palette.good, palette.warn, palette.bad,
    }  # fmt: skip
    for name, figure in _figures(palette).items():
        text = figure.to_json()
        assert len(text) < 300_000, name
        traces = "".join(str(trace.to_plotly_json()) for trace in figure.data)
        assert set(re.findall(r"#[0-9a-f]{6}", traces.lower())) <= ours, name
        assert "<b>$" not in text and "\\u003cb\\u003e$" not in text, name


def test_equal_labels_stay_two_bars() -> None:
    figure = charts.bars(pd.DataFrame({"level": ["a" * 60 + "1", "a" * 60 + "2"], "count": [1, 2]}), LIGHT)
    assert len(set(figure.data[0].y)) == 2


def test_a_model_far_behind_does_not_flatten_the_leaderboard() -> None:
    means = [0.927, 0.926, 0.915, 0.5]
    board = pd.DataFrame({"name": list("abcd"), "mean": means, "low": means, "high": means})
    board = board.assign(rank=range(1, 5), tied_with_best=[True, True, False, False])
    figure = charts.leaderboard(board, LIGHT, "ROC AUC", baseline=0.5)
    assert figure.layout.xaxis.range[0] > 0.9
    assert [note.text for note in figure.layout.annotations] == ["← 0.500"]
    assert "d" not in [name for trace in figure.data for name in trace.y], "a score is drawn or written"
    assert not [shape for shape in figure.layout.shapes if shape.type == "line"], "a line out of sight"
    assert not figure.layout.showlegend, "a legend inside would cover rows of a narrow window"


@pytest.mark.parametrize(("high", "is_whole"), [(0.99, True), (9.0, False)])
def test_intervals_are_whole_but_for_one_that_would_flatten_the_rest(high: float, is_whole: bool) -> None:
    board = pd.DataFrame({"name": list("abc"), "mean": [0.9, 0.89, 0.87], "low": [0.88, 0.87, 0.8]})
    board = board.assign(high=[0.92, 0.91, high], rank=[1, 2, 3], tied_with_best=True)
    low, top = charts.leaderboard(board, LIGHT, "ROC AUC").layout.xaxis.range
    assert low < 0.8 and 0.92 < top < 1.05
    assert (top > high) == is_whole


def test_scores_that_hardly_differ_are_not_drawn_far_apart() -> None:
    trials = pd.DataFrame({"score": [0.459091, 0.459092], "value": [1, 2]})
    for figure in (
        charts.search_history(trials, LIGHT, "ROC AUC", untuned=0.45909),
        charts.parameter(trials, LIGHT, "depth", "ROC AUC"),
    ):
        low, high = figure.layout.yaxis.range
        assert low < 0.456 and high > 0.462


@pytest.mark.parametrize("axis", ["xaxis", "yaxis"])
def test_ticks_are_written_in_full(axis: str) -> None:
    layout = charts.histogram(pd.DataFrame({"low": [0], "high": [9e5], "count": [1]}), LIGHT, "x").layout
    assert layout.separators is None, "the thousands mark of Plotly is that of ui.widgets.text.count"
    assert (layout[axis].showexponent, layout[axis].separatethousands) == ("all", True)
    assert layout[axis].minexponent >= 6


# The strip


def _recipe() -> Recipe:
    kinds = ("numeric", "numeric", "categorical", "datetime")
    columns = tuple(ColumnChoice(name=f"c{i}", kind=kind) for i, kind in enumerate(kinds))
    return Recipe(
        source=Source(table="0" * 64, name=EVIL, rows=1234),
        target="y",
        columns=(*columns, ColumnChoice(name="y", kind="categorical", role="target")),
        prepare=Prepare(defaults={"numeric": {"missing": Choice(spec="median")}}),
        features=(FeatureStep(id="r", spec="ratio", columns=("c0", "c1")),),
    )


def _titled(recipe: Recipe, score: Score | None = None) -> dict[str, diagram.Stage]:
    return {stage.title: stage for stage in diagram.stages(recipe, score)}


def test_an_empty_recipe_waits_for_data_only() -> None:
    assert [stage.title for stage in diagram.stages(Recipe()) if stage.state == "next"] == ["Data"]


def test_the_strip_says_what_the_pipeline_is() -> None:
    found = _titled(_recipe())
    assert found["Prepare"].lines == ("2 numbers: median", "1 category: automatic", "1 date: automatic")
    assert found["Features"].lines == ("Ratio",)
    assert found["Model"].state == "next"


def test_the_strip_says_of_the_split_what_is_done() -> None:
    """Whole groups lock another share than was asked for, and what cannot be split locks nothing."""
    recipe, done = _recipe(), RowCounts(words="x", rows=900, train=600, test=300, folds=5)
    refused = RowCounts(problem="The groups are too large.")

    def split(counts: RowCounts | None) -> diagram.Stage:
        return next(stage for stage in diagram.stages(recipe, None, counts) if stage.title == "Split")

    assert (split(done).main, split(done).state) == ("33% locked", "done")
    assert (split(refused).main, split(refused).state) == ("Cannot be split", "next")
    assert split(None).main == "20% to lock"


def test_the_strip_calls_things_as_their_pages_do() -> None:
    idle = Prepare(defaults={"numeric": {"outliers": Choice(spec="keep_outliers")}})
    step = FeatureStep(id="a", spec="arithmetic", columns=("c0", "c1"))
    found = _titled(_recipe().model_copy(update={"prepare": idle, "features": (step,)}))
    assert found["Features"].lines == (FEATURES["arithmetic"].label,)
    assert found["Prepare"].lines[0] == "2 numbers: automatic", (
        "a step that changes nothing goes without saying"
    )


@pytest.mark.parametrize(
    ("page", "lit"),
    [
        ("data", ["Data", "Target"]),
        ("prepare", ["Split", "Prepare"]),
        ("features", ["Features"]),
        ("models", ["Model", "Score"]),
        ("tune", ["Model"]),
        ("evaluate", ["Score"]),
        ("export", []),
    ],
)
def test_the_strip_shows_where_one_is(page: str, lit: list[str]) -> None:
    found = diagram.stages(_recipe())
    assert [stage.title for stage in found if diagram.is_here(stage, page)] == lit
    assert all(stage.page not in ("tune", "evaluate") for stage in found), (
        "a click leads to where it is edited"
    )


def test_the_head_of_a_page_does_not_wait_for_scikit_learn() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, ui.frame.page, ui.frame.sidebar; sys.exit('sklearn' in sys.modules)",
        ],
        cwd=ROOT,
    )
    assert done.returncode == 0


def test_the_strip_marks_a_score_from_before_the_last_change() -> None:
    recipe = _recipe().model_copy(update={"chosen": Candidate(id="a", model="ridge")})
    assert _titled(recipe, Score("0.9", "", True, "on fresh folds"))["Score"].state == "done"
    late = _titled(recipe, Score("0.9", "", False, "on fresh folds"))["Score"]
    assert late.state == "next" and "on fresh folds, out of date" in late.lines


# The app


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLDLINE_HOME", str(tmp_path))
    return tmp_path


def _app(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def _shown(app: AppTest) -> str:
    value = app.query_params["project"]
    return value[0] if isinstance(value, list) else value


def _project(home: Path, recipe: Recipe | None = None) -> tuple[Workspace, str]:
    workspace = Workspace(home)
    project = workspace.create_project(workspace.new_space(), "Mine")
    if recipe is not None:
        workspace.edit(project, lambda _: recipe, "Load a table")
    return workspace, project


def test_a_new_visitor_gets_a_project_of_their_own(home: Path) -> None:
    first, second = _app(), _app()
    assert not first.exception and not first.error
    assert first.title[0].value == "Data"
    ids = [_shown(app) for app in (first, second)]
    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", each) for each in ids)


def test_a_page_that_stops_still_ends_its_run(home: Path) -> None:
    app = _app()
    assert "Start with a table" in [each.value for each in app.header], "the page stops after this"
    run = app.session_state["foldline.run"]
    assert run.finished == run.number


def test_the_address_leads_back_to_the_project(home: Path) -> None:
    _, project = _project(home, _recipe())
    app = _app(project=project)
    assert _shown(app) == project
    assert "1,234 rows" in " ".join(each.value for each in app.sidebar.markdown)


@pytest.mark.parametrize("bad", ["../../etc/passwd", "a" * 22, ""])
def test_an_address_that_names_nothing_gives_a_new_project(home: Path, bad: str) -> None:
    app = _app(project=bad)
    assert not app.exception and not app.error
    assert _shown(app) != bad


@pytest.mark.parametrize("page", [each for each in PLACES if each.id != "data"], ids=lambda each: each.id)
def test_every_page_runs_in_an_empty_project(home: Path, page: object) -> None:
    app = _app().switch_page(f"pages/{page.id}.py").run()
    assert not app.exception and not app.error
    assert app.title[0].value == page.title


def test_an_engine_that_died_is_started_again_while_a_job_waits(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("TASKS", "tests.engine_tasks"), ("PRELOAD", ""), ("GRACE", "1")):
        monkeypatch.setenv(f"FOLDLINE_{name}", value)
    workspace, project = _project(home)
    first = jobs.submit(workspace, project, "quick", {})
    app = _app(project=project)
    assert jobs.wait(workspace, project, first, 20).state == "done", "opening the page starts the engine"
    pid = workspace.db.row("SELECT pid FROM engine")["pid"]
    os.kill(pid, signal.SIGKILL)
    waiting = jobs.submit(workspace, project, "quick", {})
    deadline = time.monotonic() + 20
    while jobs.job(workspace, project, waiting).is_active and time.monotonic() < deadline:
        app.run()
        time.sleep(0.1)
    assert not app.exception and not app.error
    assert jobs.job(workspace, project, waiting).state == "done"
    os.kill(workspace.db.row("SELECT pid FROM engine")["pid"], signal.SIGTERM)


def test_undo_and_redo_from_the_sidebar(home: Path) -> None:
    workspace, project = _project(home, _recipe())
    workspace.edit(project, lambda old: old.model_copy(update={"seed": 7}), "Change the seed")
    app = _app(project=project)
    assert "Change the seed" in app.button(key="shell.undo").help
    app.button(key="shell.undo").click().run()
    assert workspace.recipe(project).seed == 0
    app.button(key="shell.redo").click().run()
    assert workspace.recipe(project).seed == 7


def test_projects_are_made_renamed_switched_and_deleted(home: Path) -> None:
    app = _app()
    first = _shown(app)
    app.switch_page("pages/runs.py").run()
    app.button(key="shell.new").click().run()
    second = _shown(app)
    assert second != first
    assert [title.value for title in app.title] == ["Data"], "a new project begins on Data"
    assert Workspace(home).project(second).name == "Project 2"
    rename = next(box for box in app.text_input if box.label == "Rename this project")
    rename.input("  Better [name]  ").run()
    assert Workspace(home).project(second).name == "Better [name]"
    rename = next(box for box in app.text_input if box.label == "Rename this project")
    rename.input("   ").run()
    assert "name" in app.error[0].value or "character" in app.error[0].value
    next(box for box in app.selectbox if box.label == "Project").select(first).run()
    assert _shown(app) == first


def _bound() -> None:
    import streamlit as st

    from core.errors import FoldlineError as Refusal
    from core.recipe.document import Recipe as Document
    from ui.frame import page
    from ui.frame import session as space
    from ui.widgets import state

    def change(recipe: Document, chosen: int) -> Document:
        if chosen == 13:
            raise Refusal("SEED", "The seed is 13.", "Take another.")
        return recipe.model_copy(update={"seed": chosen})

    space.enter()
    recipe = state.recipe()
    if refused := state.refused():
        page.show_error(refused)
    st.number_input("Seed", step=1, **state.bind("seed", recipe.seed, change, "Change the seed"))
    st.button("Undo", on_click=state.undo)


def test_a_bound_widget_edits_the_recipe_and_follows_it(home: Path) -> None:
    workspace, project = _project(home, _recipe())
    app = AppTest.from_function(_bound, default_timeout=30)
    app.query_params["project"] = project
    app.run()
    for seed in (3, 4):
        app.number_input(key="seed").set_value(seed).run()
    assert workspace.recipe(project).seed == 4
    assert [each.label for each in workspace.history(project)][:2] == ["Change the seed"] * 2
    app.button[0].click().run()
    assert app.number_input[0].value == 3
    workspace.edit(project, lambda old: old.model_copy(update={"seed": 9}), "elsewhere")
    assert app.run().number_input[0].value == 9


def _cut_short() -> None:
    import streamlit as st

    from ui.frame import session as space
    from ui.widgets import state, tied

    space.enter()
    run = tied.begin()
    st.slider("Share", 5, 50, **state.bind("share", 20, lambda recipe, _: recipe))
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    if st.session_state["runs"] == 1:
        st.rerun()
    run.finish()


def test_what_a_run_that_was_cut_short_has_set_is_sent_again(home: Path) -> None:
    app = AppTest.from_function(_cut_short, default_timeout=30).run()
    assert app.session_state["runs"] == 2
    assert app.slider[0].proto.set_value
    assert not app.run().slider[0].proto.set_value, "else it would undo what is being typed"


def test_a_refused_edit_is_told_and_changes_nothing(home: Path) -> None:
    workspace, project = _project(home, _recipe())
    app = AppTest.from_function(_bound, default_timeout=30)
    app.query_params["project"] = project
    app.run().number_input(key="seed").set_value(13).run()
    assert "SEED" in app.error[0].value
    assert app.number_input[0].value == 0 == workspace.recipe(project).seed
    assert not app.run().error


def test_pages_and_menu_agree() -> None:
    assert {path.stem for path in PAGES} == {each.id for each in PLACES}
    with pytest.raises(FoldlineError, match="PAGE"):
        place("nowhere")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_begins_with_the_guard(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if isinstance(body[0], ast.ImportFrom) and body[0].module == "__future__":
        body = body[1:]
    assert [ast.unparse(line) for line in body[:2]] == [
        "from ui.frame.router import through_router",
        "through_router()",
    ]


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0%"), (1.0, "100%"), (0.42, "42%"), (3927 / 3943, "99.6%"), (16 / 3943, "0.4%"), (1e-5, "<0.1%"),
     (1 - 1e-5, ">99.9%")],
)  # fmt: skip
def test_a_share_is_none_or_all_only_where_it_is(share: float, words: str) -> None:
    assert share_words(share) == words


@pytest.mark.parametrize(
    ("ends", "tied", "words"),
    [((None, None), False, "not told"), ((-0.2, -0.1), False, "behind"), ((-0.2, 0.1), True, "tie")],
)
def test_a_model_is_behind_only_where_that_can_be_told(
    ends: tuple[float | None, float | None], tied: bool, words: str
) -> None:
    scores = {"mean": 0.7, "std": 0.1, "low": 0.6, "high": 0.8, "difference": -0.15, "folds": 5}
    marks = {"tied_with_best": tied, "simplest_tie": False, "beats_baseline": None}
    row = BoardRow(id="b", rank=2, diff_low=ends[0], diff_high=ends[1], **scores, **marks)  # type: ignore[arg-type]
    assert _standing(row, "dummy") == words
