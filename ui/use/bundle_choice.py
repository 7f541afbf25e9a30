"""Which model is used: one that was packed here, or a bundle that somebody brought."""

from __future__ import annotations

import shutil
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.catalog.metrics import METRICS
from core.recipe.labels import TASKS
from core.results.evaluate import TestScore
from core.standalone.files.names import LONGEST_NAME
from ui.evaluate.test_scores import interval, number
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import stored
from ui.use import exported_models as exported
from ui.widgets.file_box import intake
from ui.widgets.remembered import keep, remember
from ui.widgets.text import count, label

Payload = dict[str, Any]
EXPORTED, OPENED = "exported", "opened"
NAMES = {EXPORTED: "Packed here", OPENED: "Opened from a file"}


def models() -> dict[str, Payload]:
    """The models at hand: where from -> facts, with the ``result`` that holds the bundle."""
    found: dict[str, Payload] = {}
    packed = exported.newest()
    if packed is not None:
        found[EXPORTED] = packed.payload
    opened = workspace().find_result(project(), "bundle", OPENED)
    if opened is not None:
        found[OPENED] = {**stored(opened.id), "result": opened.id}
    return found


def choose(found: dict[str, Payload], key: str) -> str:
    """Which of the models is used, as ``EXPORTED`` or ``OPENED``; asked for only when there is a choice."""
    able = list(found)
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
        with path.open("wb") as target:
            shutil.copyfileobj(file, target, 1 << 20)
        job_panel.start("open", {"path": str(path), "name": file.name[:LONGEST_NAME]})
        keep(f"{key}.model", OPENED)

    intake(
        "A bundle.zip that Foldline wrote",
        ["zip"],
        f"{key}.bundle",
        take,
        "Only our own bundles are opened, part by part, and never anything that could run code.",
    )


def facts(found: Payload) -> None:
    """What is known of a model before it is used."""
    threshold = "" if found.get("threshold") is None else f" from {found['threshold']:g} on"
    positive = f", **{label(found['positive'], 40)}**{threshold}" if found.get("positive") else ""
    st.markdown(
        f":material/deployed_code: **{label(found['model'], 120)}** predicts "
        f"**{label(found['target'], 60)}** ({TASKS[found['task']].lower()}{positive}) "
        f"from {count(len(found['inputs']))} columns."
    )
    came = f"From the file {label(found['name'], 80)}" if found.get("members") is None else ""
    lines = [came, _score(found), f"Made {label(found['created'][:16].replace('T', ' '), 20)} UTC"]
    st.caption("  \n".join(line for line in lines if line))
    if found["other_versions"]:
        listed = ", ".join(
            f"{label(name, 30)} {label(then, 20)} (here {label(now, 20)})"
            for name, (then, now) in found["other_versions"].items()
        )
        st.caption(
            f":orange[:material/warning:] It was fitted with {listed}. Its own sample rows still give the "
            "same numbers here, so it can be used."
        )


def _score(found: Payload) -> str:
    tested = found["scores"].get("test") or {}
    metric = next((name for name in tested if name in METRICS), None)
    if metric is None:
        return "Its test set was not opened, so there is no test score."
    score = TestScore.model_validate({"baseline": None, **tested[metric]})
    return f"{METRICS[metric].label} {number(score.value, score)} on its test rows (95 %: {interval(score)})"


def inputs(found: Payload) -> None:
    """The columns it needs and what they looked like in training."""
    with st.expander(f"The {len(found['inputs'])} columns it needs", icon=":material/view_column:"):
        rows = [
            {"Column": each["name"], "Kind": each["kind"], "Seen in training": seen(each)}
            for each in found["inputs"]
        ]
        st.dataframe(rows, hide_index=True, alt="Columns that the model needs", height=240)


def seen(column: Payload) -> str:
    """The range or the levels of a column in training, in a few words."""
    if column["levels"]:
        return ", ".join(map(str, column["levels"][:5])) + (" …" if len(column["levels"]) > 5 else "")
    if column["low"] is None:
        return ""
    if isinstance(column["low"], str):
        return f"{column['low'][:10]} to {column['high'][:10]}"
    return f"{column['low']:.6g} to {column['high']:.6g}"
