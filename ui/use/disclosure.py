"""What a packed model tells about rows: the switch for made-up sample rows, and the list of what is told."""

from __future__ import annotations

import streamlit as st

from core.recipe import usage_edits
from core.recipe.document import Recipe
from core.results.bundle import ExportResult
from core.spec import WITH_LEVELS
from ui.widgets import state
from ui.widgets.short_names import shortened
from ui.widgets.text import label

MADE_UP_HELP = (
    "The bundle holds 20 rows to test itself by. Off: rows of the training data as they are, which test what "
    "really comes. On: rows that nobody has, made of ranges and common levels."
)


TOLD_HELP = (
    "Levels of columns that look like names of people stay out of the bundle's profile and schema, and out "
    "of its sample rows. A column chosen here is told as any other. What is told is listed after packing."
)


def made_up(recipe: Recipe) -> None:
    """The switch for sample rows that are nobody's; tied to the recipe."""
    st.toggle(
        "Make up the sample rows",
        help=MADE_UP_HELP,
        **state.bind(
            "export.made_up",
            recipe.export.made_up,
            lambda old, on: usage_edits.set_export(old, made_up=on),
            "made-up sample rows",
        ),
    )


def told(recipe: Recipe) -> None:
    """The columns that look like names and are none; tied to the recipe."""
    names = [c.name for c in recipe.inputs if c.kind in WITH_LEVELS]
    chosen = [name for name in recipe.export.told if name in names]
    if names:
        st.multiselect(
            "Columns that name nobody",
            names,
            format_func=shortened(names, 60),
            help=TOLD_HELP,
            **state.bind(
                "export.told",
                chosen,
                lambda old, picked: usage_edits.set_export(old, told=tuple(picked)),
                "columns that name nobody",
            ),
        )


def tells(bundle: ExportResult) -> None:
    """What the files tell about the rows that the model learned from."""
    if not bundle.tells:
        return
    with st.expander(
        "What this file tells about your rows", icon=":material/visibility:", key="export.tells"
    ):
        for one in bundle.tells:
            if not one.column:
                st.markdown(f"**{label(one.file, 80)}**: {label(one.text, 400)}")
        rows = [{"Column": one.column, "What is told of it": one.text} for one in bundle.tells if one.column]
        if rows:
            st.dataframe(rows, hide_index=True, alt="What the bundle tells about each column", height=240)
