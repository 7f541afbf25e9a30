"""What was clicked, as code: a click away on every page."""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

from core.catalog.baselines import is_baseline
from core.data.table import Table
from core.errors import FoldlineError
from core.recipe.document import Recipe, parse
from ui.frame.session import project, workspace
from ui.widgets.text import label


def _model(recipe: Recipe) -> Recipe:
    """The recipe with a model to write down: the chosen one, else the first that would be compared."""
    rivals = [one for one in recipe.candidates if not is_baseline(one.model)]
    if recipe.chosen is None and rivals:
        return recipe.model_copy(update={"chosen": rivals[0]})
    return recipe


@st.cache_data(max_entries=64, show_spinner=False)
def _pipeline(document: str) -> str:
    # Imported here: these bring scikit-learn with them, and the first paint must not wait for it.
    from core.build import build
    from core.export.code.source import to_source

    code = to_source(build(parse(json.loads(document))))
    return "\n".join([*sorted(code.imports), "", f"pipeline = {code.expression}"])


@st.cache_data(max_entries=64, show_spinner=False)
def _script(document: str, table: str) -> str:
    from core.build import build
    from core.export.code.script import script

    recipe = parse(json.loads(document))
    return script(recipe, build(recipe), Table.model_validate_json(table) if table else None)


def pipeline_code(recipe: Recipe) -> str:
    """The code that builds the pipeline of a recipe.

    Raises:
        FoldlineError: when the recipe cannot be built yet.
    """
    return _pipeline(_model(recipe).to_json())


def script_code(recipe: Recipe, table: Table | None) -> str:
    """The script that trains from the raw file and predicts.

    Raises:
        FoldlineError: when the recipe cannot be built yet.
    """
    return _script(_model(recipe).to_json(), table.model_dump_json() if table else "")


def popover(recipe: Recipe, here: str) -> None:
    """Draw the button that shows what was clicked as code; it is written when opened."""
    shown = st.popover("Code", icon=":material/code:", key=f"code.{here}", on_change="rerun", type="tertiary")
    if not shown.open:
        return
    with shown:
        what = st.segmented_control(
            "Show",
            tuple(_WRITERS),
            default="Pipeline",
            required=True,
            key=f"code.what.{here}",
            width="stretch",
        )
        try:
            st.code(_WRITERS[what](recipe), language="json" if what == "Recipe" else "python", height=440)
        except FoldlineError as error:
            st.caption(f"{label(error.problem, 400)} {label(error.hint, 400)}")


def _whole(recipe: Recipe) -> str:
    return script_code(recipe, workspace().table(project(), recipe.source.table))


_WRITERS: dict[str, Callable[[Recipe], str]] = {
    "Pipeline": pipeline_code,
    "Script": _whole,
    "Recipe": Recipe.to_json,
}
