"""The pipeline as it is now: one strip of stages that can be read, clicked and tabbed through."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st

from core.catalog.baselines import is_baseline
from core.catalog.idle import IDLE
from core.recipe.document import AUTO, Choice, Recipe
from core.recipe.labels import GROUPS as GROUP_LABELS
from core.recipe.labels import TASKS
from core.spec import COLUMN_KINDS, PREPARED
from core.standalone.counts import agreeing, counted
from ui.frame.page_list import place
from ui.frame.project_score import Score
from ui.widgets.catalog_names import name_of, short_metric
from ui.widgets.text import visible

if TYPE_CHECKING:
    from ui.frame.row_split import RowCounts

State = Literal["done", "next", "open"]
GROUPS = {kind: GROUP_LABELS[COLUMN_KINDS[kind].group].lower() for kind in PREPARED}
"""Kind of column -> what the strip calls its group."""
_ONE = {"numbers": "number", "categories": "category", "dates": "date", "texts": "text"}
GROUP_IDS = {words.lower(): group for group, words in GROUP_LABELS.items()}
UNSAID = tuple(step for stage, step in IDLE.items() if stage != "missing")
"""Steps that change nothing go without saying; but that missing values stay is told."""
NOTHING = "–"
WHOLE = 300
"""Letters of a name; a box cuts what it has no room for and shows the whole under the mouse."""
ELSEWHERE = {"tune": "Model", "evaluate": "Score"}
"""Pages that work on a stage which is edited on another page."""
_PARTS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Stage:
    """One box of the strip.

    Attributes:
        title: name of the stage.
        main: what it is now, in a few words.
        lines: details, shown where there is room.
        state: whether it holds something, waits to be done next, or is open.
        page: where it is edited, which is where a click leads.
    """

    title: str
    main: str
    lines: tuple[str, ...]
    state: State
    page: str


def _data(recipe: Recipe) -> Stage:
    if not recipe.source.table:
        return Stage("Data", "No table yet", (), "next", "data")
    size = f"{counted(recipe.source.rows, 'row')} · {counted(len(recipe.columns), 'column')}"
    return Stage("Data", visible(recipe.source.name, WHOLE), (size,), "done", "data")


def _target(recipe: Recipe) -> Stage:
    if not recipe.target:
        return Stage("Target", "Not chosen", (), "next", "data")
    return Stage("Target", visible(recipe.target, WHOLE), (TASKS[recipe.task].lower(),), "done", "data")


def _split(recipe: Recipe, done: RowCounts | None) -> Stage:
    split = recipe.split
    if done is not None and done.problem:
        return Stage("Split", "Cannot be split", ("see why on Prepare",), "next", "prepare")
    how = {
        "auto": "folds by size",
        "kfold": counted(split.folds, "fold"),
        "repeated": f"{split.repeats} × {counted(split.folds, 'fold')}",
        "holdout": "one hold-out",
    }[split.scheme]
    roles = [role for role in ("time", "group") if any(c.role == role for c in recipe.columns)]
    locked = f"{split.test_size:.0%} to lock"
    if done is not None:
        locked = f"{done.test / max(1, done.test + done.train):.0%} locked"
    return Stage("Split", locked, (how, *(f"by {role}" for role in roles)), "done", "prepare")


def _choices(stages: dict[str, Choice]) -> str:
    chosen = [
        _inside(name_of("step", choice.spec))
        for choice in stages.values()
        if choice.spec not in (AUTO, *UNSAID)
    ]
    return ", ".join(chosen) if chosen else "automatic"


def _inside(name: str) -> str:
    """A name within a line: a capital only where it is no first letter of a sentence."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _inputs(number: int, group: str) -> str:
    return f"{number} {_ONE[group] if number == 1 else group}"


def _prepare(recipe: Recipe) -> Stage:
    groups = Counter(GROUPS[column.kind] for column in recipe.inputs if column.kind in GROUPS)
    lines = [
        f"{_inputs(groups[name], name)}: {_choices(recipe.prepare.defaults.get(group, {}))}"
        for name, group in GROUP_IDS.items()
        if groups[name]
    ]
    if own := len(recipe.prepare.columns):
        lines.append(f"{own} {agreeing('differs', own)}")
    return Stage(
        "Prepare",
        counted(len(recipe.inputs), "input"),
        tuple(lines),
        "done" if groups else "open",
        "prepare",
    )


def _features(recipe: Recipe) -> Stage:
    names = tuple(name_of("feature", step.spec) for step in recipe.features)
    chosen = tuple(f"selection: {_inside(name_of('selector', choice.spec))}" for choice in recipe.selection)
    main = counted(len(names), "step") if names else ("As they are" if not chosen else "Selected")
    return Stage("Features", main, names[:3] + chosen, "done" if names or chosen else "open", "features")


def _model(recipe: Recipe) -> Stage:
    if recipe.chosen is not None:
        changed = len(recipe.chosen.params)
        line = (counted(changed, "hyperparameter") + " set",) if changed else ()
        return Stage("Model", name_of("model", recipe.chosen.model), line, "done", "models")
    number = sum(not is_baseline(one.model) for one in recipe.candidates)
    return Stage("Model", "Not chosen" if not number else f"{number} to compare", (), "next", "models")


def _score(recipe: Recipe, score: Score | None) -> Stage:
    metric = short_metric(recipe.metric)
    if score is None:
        return Stage("Score", "Not yet", (metric,) if recipe.target else (), "open", "models")
    where = score.where if score.fresh else f"{score.where}, out of date"
    tested = (f"test {score.tested}",) if score.tested else ()
    return Stage("Score", score.text, (metric, where, *tested), "done" if score.fresh else "next", "models")


def stages(recipe: Recipe, score: Score | None = None, split: RowCounts | None = None) -> tuple[Stage, ...]:
    """The stages of a recipe in order; only the first that waits is marked ``next``.

    Args:
        score: the best so far.
        split: as the rows are divided; None where that is not known.
    """
    if not recipe.source.table:
        rest = ("Target", "data"), ("Split", "prepare"), ("Prepare", "prepare"), ("Features", "features")
        empty = [*rest, ("Model", "models"), ("Score", "evaluate")]
        return (_data(recipe), *(Stage(title, NOTHING, (), "open", page) for title, page in empty))
    boxes = [_data(recipe), _target(recipe), _split(recipe, split), _prepare(recipe), _features(recipe)]
    boxes += [_model(recipe), _score(recipe, score)]
    waiting = next((stage for stage in boxes if stage.state == "next"), None)
    return tuple(
        Stage(s.title, s.main, s.lines, "open" if s.state == "next" and s is not waiting else s.state, s.page)
        for s in boxes
    )


_STRIP = st.components.v2.component(
    "foldline_strip",
    html='<ol aria-label="Pipeline"></ol>\n',
    css=(_PARTS / "strip.css").read_text(encoding="utf-8"),
    js=(_PARTS / "strip.js").read_text(encoding="utf-8"),
)


def is_here(stage: Stage, here: str) -> bool:
    """Whether the page on screen is about a stage; none that has nothing to show yet is."""
    where = stage.page == here if here not in ELSEWHERE else stage.title == ELSEWHERE[here]
    return where and stage.main != NOTHING


def strip(recipe: Recipe, here: str, score: Score | None = None, split: RowCounts | None = None) -> None:
    """Draw the pipeline of a recipe; a click on a stage opens the page where it is edited.

    Args:
        here: id of the page on screen, whose stages are emphasised.
        score, split: as in ``stages``.
    """
    drawn = [asdict(stage) | {"here": is_here(stage, here)} for stage in stages(recipe, score, split)]
    result = _STRIP(
        key=f"strip.{here}",
        data={"stages": drawn},
        on_open_change=lambda: None,
        on_theme_change=lambda: None,  # charts and logo have the colours of the theme that the run saw
    )
    if result.open and result.open != here:
        st.switch_page(place(str(result.open)).path)
