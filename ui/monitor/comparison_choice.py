"""What is compared with what: the reference and the new data."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.data.table import Table
from core.engine import jobs
from core.engine.job_specs import (
    BundleResult,
    DriftSpec,
    RecipeReference,
    Reference,
    TableRows,
)
from core.errors import FoldlineError
from core.recipe.difference import drift_words
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.recipe.usage import Drift
from core.results.inspect import ReadResult
from core.standalone.counts import counted
from ui.data import sources
from ui.data.samples import FOLDER
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import result_of
from ui.jobs.staleness import changes
from ui.use import bundle_choice, earlier
from ui.widgets import state
from ui.widgets.file_box import intake
from ui.widgets.remembered import keep, remember, remembered
from ui.widgets.short_names import numbered
from ui.widgets.text import label, visible

NAMES = {
    "recipe": "The training data",
    bundle_choice.EXPORTED: "The packed model",
    bundle_choice.OPENED: "An opened bundle",
    "table": "Another table",
}
NEXT_SAMPLE = {"wafer_yield.csv": "wafer_yield_next_quarter.csv"}


def references(recipe: Recipe) -> dict[str, Reference | None]:
    """What the new data can be compared with, by name; None for a table that is still to be chosen."""
    able: dict[str, Reference | None] = {}
    if recipe.target:
        able["recipe"] = RecipeReference(recipe=recipe)
    for name, model in bundle_choice.models().items():
        if model.has_reference:
            able[name] = BundleResult(result=model.result)
    if _tables():
        able["table"] = None
    return able


def _tables() -> dict[str, Table]:
    return {table.id: table for table in workspace().tables(project())}


def _named(tables: dict[str, Table]) -> Callable[[str], str]:
    return numbered(
        {id: (f"{visible(one.name, 60)} · {counted(one.rows, 'row')}") for id, one in tables.items()}
    )


def reference(able: dict[str, Reference | None], recipe: Recipe) -> Reference:
    """Draw the choice of the reference and give it."""
    picked = st.segmented_control(
        "Reference",
        list(able),
        format_func=lambda each: NAMES[each],
        required=True,
        help="What the new data is compared with.",
        wrap=True,
        **remember("monitor.reference", next(iter(able)), list(able)),
    )
    chosen = able[picked]
    if chosen is None:
        tables = _tables()
        table = st.selectbox(
            "Reference table",
            list(tables),
            format_func=_named(tables),
            **remember("monitor.old", next(iter(tables)), list(tables), map(_named(tables), tables)),
        )
        return TableRows(table=table)
    st.caption(_about(picked, recipe))
    if picked != "recipe":
        earlier.notice(bundle_choice.models()[picked], recipe)
    return chosen


def _about(picked: str, recipe: Recipe) -> str:
    if picked != "recipe":
        model = bundle_choice.models()[picked]
        return f"{label(model.model, 80)}, with what it remembers of its training rows."
    name = f"{label(recipe.source.name, 60)}, {counted(recipe.source.rows, 'row')}"
    if recipe.chosen is None:
        return f"{name}. With a chosen model its predictions are compared as well."
    return f"{name}, and what the chosen model says of both."


def current(recipe: Recipe) -> str | None:
    """Draw the choice of the new data and give the id of its table; None while there is none."""
    tables = {id: table for id, table in _tables().items() if id != recipe.source.table}
    picked = None
    if tables:
        picked = st.selectbox(
            "New data",
            list(tables),
            index=None,
            format_func=_named(tables),
            placeholder="Choose a table with newer rows",
            **remember("monitor.new", _likeliest(tables, recipe), list(tables), map(_named(tables), tables)),
        )
    _offer_sample(recipe, tables)
    if tables:
        with st.expander("Load other new data", icon=":material/upload_file:"):
            _load()
    else:
        _load()
    return picked


def _likeliest(tables: dict[str, Table], recipe: Recipe) -> str | None:
    """The table that shares most columns with the recipe; None when all are of other matters."""
    names = {column.name for column in recipe.columns}
    shared = {id: len(names & {c.name for c in table.columns}) for id, table in tables.items()}
    best = max(shared, key=lambda id: shared[id])
    return best if shared[best] or not names else None


def _load() -> None:
    intake("A file with new rows", sources.TYPES, "monitor.rows", _take, "Labels may be in it, or not.")


def _offer_sample(recipe: Recipe, tables: dict[str, Table]) -> None:
    """Draw the later quarter of the sample as one click, until it is there."""
    sample = NEXT_SAMPLE.get(recipe.source.name)
    if sample is not None and sample not in {table.name for table in tables.values()}:
        st.button(
            "Take the next quarter",
            icon=":material/memory:",
            key="monitor.sample",
            help="The same fab three months later; something has changed.",
            on_click=_take_sample,
            args=(sample,),
        )


def _take(file: UploadedFile) -> None:
    keep("monitor.reading", sources.read(sources.store(file, file.size), file.name, adopt=False))


def _take_sample(name: str) -> None:
    path = FOLDER / name
    try:
        with path.open("rb") as stream:
            source = sources.store(stream, path.stat().st_size)
        keep("monitor.reading", sources.read(source, name, adopt=False))
    except FoldlineError as error:
        state.refuse(error)


def _adopt(table: str, recipe: Recipe) -> None:
    """Take a table that was read as the new data, unless it is the training data itself."""
    keep("monitor.reading", "")
    if table != recipe.source.table:
        keep("monitor.new", table)
        return
    problem = "This file is the training data itself."
    state.refuse(FoldlineError("SAME_TABLE", problem, "Load rows that came later."))


def reading(recipe: Recipe) -> bool:
    """Draw the reading of new data that was started here; a finished one becomes the new data."""
    job_id = remembered("monitor.reading", "")
    job = jobs.latest(workspace(), project(), "read") if job_id else None
    if job is None or job.id != job_id:
        return False
    if job.state == "done":
        _adopt(result_of(ReadResult, job).table, recipe)
        st.rerun()
    job_panel.job_panel("read")
    return job.is_active


def bundle_limits(reference: Reference) -> Drift | None:
    """The limits that travel with the bundle that is the reference; None of another reference."""
    if not isinstance(reference, BundleResult):
        return None
    models = bundle_choice.models().values()
    return next((m.drift for m in models if m.result == reference.result and m.drift), Drift())


def start(reference: Reference, table: str | None, own: bool) -> None:
    """Compare the new data, a table of the project, with the reference; for a button.

    By the limits of the recipe as it is when the button is pressed: they may be newer than the page.

    Args:
        own: by the limits of the project; otherwise by those of the bundle that is the reference.
    """
    if table is None:
        return
    recipe = state.recipe()
    limits = {"sensitivity": recipe.drift.sensitivity, "tests": recipe.drift.tests} if own else {}
    roles = recipe if isinstance(reference, TableRows) and _holds_target(reference.table, recipe) else None
    spec = DriftSpec(reference=reference, current=TableRows(table=table), roles=roles, **limits)
    job_panel.start_clicked("drift", lambda: spec)


def _holds_target(table: str, recipe: Recipe) -> bool:
    """Whether the recipe tells which column of a table is its target."""
    return bool(recipe.target) and recipe.target in {
        c.name for c in workspace().table(project(), table).columns
    }


def differences(
    then: DriftSpec, reference: Reference, table: str | None, how: Drift, bundle: Drift | None
) -> tuple[str, ...]:
    """What is different from an earlier comparison, in words; empty when the same is asked.

    Args:
        how: the limits now.
        bundle: those of the bundle that is the reference, or None.
    """
    words = _reference_words(then.reference, reference)
    if not isinstance(then.current, TableRows) or then.current.table != table:
        words.append("other new data" if table else "new data that is no longer chosen")
    recipe = then.reference.recipe if isinstance(then.reference, RecipeReference) else then.roles
    before = then.how(recipe) if bundle is None else then.over(bundle)
    return (*words, *drift_words(before, how))


def _reference_words(then: Reference, now: Reference) -> list[str]:
    if not isinstance(then, RecipeReference) or not isinstance(now, RecipeReference):
        return [] if then == now else ["another reference"]
    if fingerprint(then.recipe, "fit") == fingerprint(now.recipe, "fit"):
        return []
    return list(changes(then.recipe, now.recipe, "fit")) or ["the reference"]
