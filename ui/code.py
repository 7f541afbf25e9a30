"""What was clicked, as code: a click away on every page."""

from __future__ import annotations

import streamlit as st

from core.errors import FoldlineError
from core.recipe.document import Recipe
from ui.text import label


@st.cache_data(max_entries=64, show_spinner=False)
def _pipeline(document: str) -> str:
    # Imported here: these bring scikit-learn with them, and the first paint must not wait for it.
    from core.build import build
    from core.export.source import to_source
    from core.recipe.document import Recipe as Document

    return to_source(build(Document.model_validate_json(document))).text


def pipeline_code(recipe: Recipe) -> str:
    """The pipeline of a recipe as Python source.

    Raises:
        FoldlineError: when the recipe cannot be built yet.
    """
    return _pipeline(recipe.to_json())


def popover(recipe: Recipe, here: str) -> None:
    """Draw the button that shows the pipeline as code and the recipe as JSON, written when it is opened."""
    shown = st.popover("Code", icon=":material/code:", key=f"code.{here}", on_change="rerun", type="tertiary")
    if not shown.open:
        return
    with shown:
        chosen = st.segmented_control(
            "Show", ("Pipeline", "Recipe"), default="Pipeline", required=True, key=f"code.what.{here}", width="stretch"
        )
        if chosen == "Recipe":
            st.code(recipe.to_json(), language="json", height=420)
            return
        try:
            st.code(pipeline_code(recipe), language="python", height=420)
        except FoldlineError as error:
            st.caption(f"{label(error.problem, 400)} {label(error.hint, 400)}")
