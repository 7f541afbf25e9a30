"""The packed model on screen: what is in it, how to use it, and the files to take away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from core.errors import FoldlineError
from core.recipe import usage_edits
from core.recipe.document import Recipe
from core.recipe.labels import EXPORT_PARTS
from core.results.bundle import ExportResult
from core.standalone.counts import counted
from ui.frame.errors import show_error
from ui.frame.session import project, workspace
from ui.jobs.clock import clock
from ui.use.disclosure import made_up, told
from ui.widgets import state
from ui.widgets.code import script_code
from ui.widgets.text import label

ROWS_HELP = (
    "**All rows**: the test rows have done their work, so the model learns from them too; usually a little "
    "better than its test scores say.  \n**Training part only**: exactly the model that was tested, for when "
    "the scores must belong to this very file."
)
JOBLIB_HELP = (
    "For tools that only take joblib. Opening such a file runs whatever code is in it, so people must trust "
    "whoever hands it on; the bundle itself has no such risk and does not need it."
)
TESTED = (
    "After packing it was opened again as a stranger would, and predicted {rows} rows: "
    "the same to the last bit."
)
ABOUT = {
    "MODEL_CARD.md": "what it is for, how it was tested, where it ends",
    "README.md": "how to use it",
    "foldline_transformers/": "our few own steps, and how files are read",
    "foldline_transformers.py": "our few own steps",  # of version 0.1.0
    "manifest.json": "hashes of all parts, versions, scores",
    "model.joblib": "the model once more, for tools that want joblib",
    "model.skops": "the fitted pipeline: raw table in, prediction out",
    "predict.py": "predicts a file from the command line",
    "recipe.json": "every choice that was made",
    "reference_profile.json": "what the training data looked like, for Monitor",
    "requirements.txt": "the exact versions it needs",
    "sample.json": "rows with their predictions: the self-test",
    "schema.json": "columns, kinds, ranges and levels",
    "train.py": "plain Python that trains it again",
}
COMMANDS = """unzip bundle.zip -d model && cd model
pip install -r requirements.txt
python predict.py new_rows.csv -o predictions.csv"""


class Button(NamedTuple):
    """How the button of a file looks, and what its content is."""

    label: str
    mime: str
    key: str
    icon: str
    help: str


BUTTONS = {
    "bundle.zip": Button(
        "bundle.zip",
        "application/zip",
        "export.bundle",
        ":material/download:",
        "Everything below in one file; it runs where nothing of Foldline is installed.",
    ),
    "train.py": Button(
        "train.py",
        "text/x-python",
        "export.script",
        ":material/code:",
        "Trains the same model from the raw file with pandas and scikit-learn.",
    ),
    "recipe.json": Button(
        "recipe.json",
        "application/json",
        "export.recipe",
        ":material/receipt_long:",
        "Every choice that was made; the command line runs it.",
    ),
    "MODEL_CARD.md": Button(
        "Model card",
        "text/markdown",
        "export.card",
        ":material/description:",
        "What it is for, how it was tested and where it ends, in plain words.",
    ),
}


def choices(recipe: Recipe) -> None:
    """The rows that the packed model learns from, and whether model.joblib is added; tied to the recipe."""
    st.segmented_control(
        "Rows it learns from",
        list(EXPORT_PARTS),
        format_func=lambda each: EXPORT_PARTS[each],
        required=True,
        help=ROWS_HELP,
        **state.bind(
            "export.part",
            recipe.export.part,
            lambda old, part: usage_edits.set_export(old, part=part),
            "rows it learns from",
        ),
    )
    st.toggle(
        "Add model.joblib",
        help=JOBLIB_HELP,
        **state.bind(
            "export.joblib",
            recipe.export.joblib,
            lambda old, on: usage_edits.set_export(old, joblib=on),
            "model.joblib",
        ),
    )
    made_up(recipe)
    told(recipe)
    clock(recipe, "export")


def size(number: int) -> str:
    """Bytes as people read them."""
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{max(1, round(number / 1e3))} kB"


def reader(result: str, name: str) -> Callable[[], bytes]:
    """Reads a file of a result when it is asked for; bound to the project on screen now."""
    ws, owner = workspace(), project()
    return lambda: Path(ws.result_file(owner, result, name)).read_bytes()


def facts(bundle: ExportResult) -> None:
    """The packed model in four numbers."""
    with st.grid(4, min_column_width=170, gap="small", key="export.facts"):
        st.metric("Size", size(bundle.bytes), border=True)
        learned_from = EXPORT_PARTS[bundle.part]
        st.metric("Learned from", counted(bundle.rows, "row"), border=True, help=learned_from)
        st.metric("Inputs", counted(len(bundle.inputs), "column"), border=True)
        st.metric(
            "Self-test",
            "Passed",
            border=True,
            help=TESTED.format(rows=bundle.tested_rows),
        )


def downloads(bundle: ExportResult, recipe: Recipe) -> None:
    """The files to take away; made when asked for."""
    table = workspace().table(project(), recipe.source.table)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="export.files"):
        _download("bundle.zip", reader(bundle.result, "bundle.zip"))
        _download("train.py", lambda: script_code(recipe, table))
        _download("recipe.json", recipe.to_json)
        _download("MODEL_CARD.md", lambda: bundle.card)


def _download(name: str, data: Callable[[], Any]) -> None:
    """The button of a file, which is made when it is pressed; the bundle is what is meant to be taken."""
    button = BUTTONS[name]
    st.download_button(
        button.label,
        data,
        name,
        button.mime,
        key=button.key,
        icon=button.icon,
        type="primary" if name == "bundle.zip" else "secondary",
        on_click="ignore",
        help=button.help,
    )


def use() -> None:
    """How to use it in three commands."""
    st.markdown("**Use it anywhere**")
    st.code(COMMANDS, language=None)


def members(bundle: ExportResult) -> None:
    """What lies in the bundle."""
    parts = Counter(f"{name.split('/')[0]}/" if "/" in name else name for name in bundle.members)
    parts["manifest.json"] = 1
    with st.expander(f"What is inside: {counted(parts.total(), 'file')}", icon=":material/folder_zip:"):
        lines = []
        for name in sorted(parts):
            files = f" ({counted(parts[name], 'file')})" if name.endswith("/") else ""
            lines.append(f"- **{label(name)}**{files}: {ABOUT.get(name, '')}")
        st.markdown("\n".join(lines))


def card(bundle: ExportResult) -> None:
    """The model card as it reads; its text was escaped when it was written."""
    shown = st.expander(
        "Model card", icon=":material/description:", on_change="rerun", key="export.card.open"
    )
    if shown.open:
        with shown:
            st.markdown(bundle.card)


def script(recipe: Recipe) -> None:
    """The script, written when opened."""
    shown = st.expander("train.py", icon=":material/code:", on_change="rerun", key="export.script.open")
    if not shown.open:
        return
    with shown:
        try:
            table = workspace().table(project(), recipe.source.table)
            st.code(script_code(recipe, table), language="python", height=480, line_numbers=True)
        except FoldlineError as error:
            show_error(error)
