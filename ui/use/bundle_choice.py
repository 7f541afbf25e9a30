"""Which model is used: one that was packed here, or a bundle that somebody brought."""

from __future__ import annotations

import shutil

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.catalog.metrics import METRICS, ranking_first
from core.engine.job_specs import OpenSpec
from core.export.bundle.open import SAME_HERE
from core.recipe.labels import TASKS
from core.results.bundle import BundleInput, Model, OpenResult
from core.results.evaluate import TestScore
from core.standalone.counts import counted
from core.standalone.files.names import LONGEST_NAME
from core.standalone.rows.checks import span
from core.standalone.versions import versions_text
from core.store.files.atomic import disk_errors
from ui.evaluate.test_scores import interval, number
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import stored_if_known
from ui.use import exported_models as exported
from ui.widgets.file_box import intake
from ui.widgets.remembered import keep, remember
from ui.widgets.text import label

EXPORTED, OPENED = "exported", "opened"
NAMES = {EXPORTED: "Packed here", OPENED: "Opened from a file"}


def models() -> dict[str, Model]:
    """The models at hand: where from -> what is shown of it, with the ``result`` that holds the bundle."""
    ready: dict[str, Model] = {}
    packed = exported.newest()
    if packed is not None:
        ready[EXPORTED] = packed.result
    info = workspace().find_result(project(), "bundle", OPENED)
    opened = stored_if_known(OpenResult, info.id) if info else None
    if info is not None and opened is not None:
        ready[OPENED] = opened.model_copy(update={"result": info.id})
    return ready


def choose(ready: dict[str, Model], key: str) -> str:
    """Which of the models is used, as ``EXPORTED`` or ``OPENED``; asked for only when there is a choice."""
    able = list(ready)
    if len(able) == 1:
        return able[0]
    return str(
        st.segmented_control(
            "Model",
            able,
            format_func=lambda each: NAMES[each],
            required=True,
            label_visibility="collapsed",
            **remember(f"{key}.model", able[0], able),
        )
    )


def opener(key: str) -> None:
    """The box that takes a bundle of this app; it is opened and tested in a process of its own first."""

    def take(file: UploadedFile) -> None:
        path = workspace().new_upload(project(), file.size)
        try:
            with disk_errors(path), path.open("wb") as target:
                shutil.copyfileobj(file, target, 1 << 20)
            job_panel.start("open", OpenSpec(path=str(path), name=file.name[:LONGEST_NAME]))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        keep(f"{key}.model", OPENED)

    intake(
        "A bundle.zip that Foldline wrote",
        ["zip"],
        f"{key}.bundle",
        take,
        "Only our own bundles are opened, part by part, and never anything that could run code.",
    )


def facts(model: Model) -> None:
    """What is known of a model before it is used."""
    threshold = "" if model.threshold is None else f" from {model.threshold:g} on"
    positive = f", **{label(model.positive, 40)}**{threshold}" if model.positive else ""
    st.markdown(
        f":material/deployed_code: **{label(model.model, 120)}** predicts **{label(model.target, 60)}** "
        f"({TASKS[model.task].lower()}{positive}) from {counted(len(model.inputs), 'column')}."
    )
    came = f"From the file {label(model.name, 80)}" if isinstance(model, OpenResult) else ""
    lines = [came, _score(model), f"Made {label(model.created[:16].replace('T', ' '), 20)} UTC"]
    st.caption("  \n".join(line for line in lines if line))
    if model.other_versions:
        told = label(f"{versions_text(model.other_versions)} {SAME_HERE}", 600)
        st.caption(f":orange[:material/warning:] {told}")


def _score(model: Model) -> str:
    tests = ranking_first(model.scores.test, model.metric)
    metric = next((name for name in tests if name in METRICS), None)
    if metric is None:
        return model.scores.no_test
    score = TestScore(**dict(tests[metric]), baseline=None)
    sure = f"95%: {interval(score)}" if score.low is not None else f"no interval: {score.why}"
    return f"{METRICS[metric].label} {number(score.value, score)} on its test rows ({sure})"


def inputs(model: Model) -> None:
    """The columns it needs and what they looked like in training."""
    with st.expander(f"The {counted(len(model.inputs), 'column')} it needs", icon=":material/view_column:"):
        rows = [
            {"Column": each.name, "Kind": each.kind, "Seen in training": seen(each)} for each in model.inputs
        ]
        st.dataframe(rows, hide_index=True, alt="Columns that the model needs", height=240)


def seen(column: BundleInput) -> str:
    """The range or the levels of a column in training, in a few words."""
    if column.levels:
        return ", ".join(column.levels[:5]) + (" …" if len(column.levels) > 5 else "")
    if column.low is None or column.high is None:
        return ""
    return span(column.low, column.high)
