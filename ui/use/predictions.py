"""Predictions on screen: what was noticed, how they are spread, the first rows, the files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.engine import jobs
from core.engine.job_specs import PredictSpec
from core.engine.ways import Way, way_of
from core.results.predict import Bins, PredictResult
from core.standalone.counts import counted
from ui import charts
from ui.evaluate.test_curves import pictures
from ui.frame.session import project, workspace
from ui.frame.theme import palette
from ui.jobs.results import result_or_none, spec_of
from ui.use.bundle_view import reader
from ui.widgets.short_names import by_name
from ui.widgets.text import count, label, visible

MIMES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
LOOKS = {"warn": ":orange[:material/warning:]", "info": ":gray[:material/info:]"}
SHARE = "probability_"
MOST_BARS = 4
MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\d[ T]00:00:00")


def newest(way: Way) -> tuple[PredictSpec, PredictResult] | None:
    """The newest finished prediction of rows given in this way, asked and found; None without one."""
    kept = workspace().find_result(project(), PredictResult.KIND, way)
    for job in jobs.jobs(workspace(), project(), PredictResult.KIND):
        spec = spec_of(PredictSpec, job) if job.state == "done" else None
        if spec is not None and way_of(spec.data) == way:
            result = result_or_none(PredictResult, job)
            is_kept = result is not None and kept is not None and kept.id == result.result
            return (spec, result) if result is not None and is_kept else None
    return None


def findings(result: PredictResult) -> None:
    """What is different about the rows, calmly."""
    if not result.findings:
        rows = "this row" if result.rows == 1 else "these rows"
        st.markdown(
            f":green[:material/check_circle:] Nothing odd was found in {rows}, column by column, "
            "against the rounded ranges and common levels of training."
        )
        return
    serious = sum(issue.severity == "warn" for issue in result.findings)
    number = len(result.findings)
    rows = "this row" if result.rows == 1 else "these rows"
    title = (
        f"{counted(number, 'thing')} to know about {rows}"
        if number > 1
        else f"One thing to know about {rows}"
    )
    with st.expander(title, icon=":material/fact_check:", expanded=bool(serious)):
        for issue in result.findings:
            st.markdown(f"{LOOKS.get(issue.severity, LOOKS['info'])} {label(issue.text, 400)}")


def one(result: PredictResult) -> None:
    """The answer for a single case."""
    head = result.head
    with st.container(border=True, key="predict.one"):
        answer = head["prediction"][0]
        text = _said(answer) if isinstance(answer, int | float) else visible(answer, 60)
        st.metric(label(f"{result.target} is predicted to be", 100), text)
        shares = {
            name.removeprefix(SHARE): values[0] for name, values in head.items() if name.startswith(SHARE)
        }
        if result.task != "regression":
            for name, share in sorted(shares.items(), key=lambda pair: -pair[1])[:10]:
                st.progress(share, text=f"{label(name, 60)} :small[{share:.1%}]")


def _said(answer: float) -> str:
    return f"{answer:,.6g}"


def _days(values: Sequence[Any]) -> Sequence[Any]:
    """The values of a column; dates without a time when all of them are at midnight."""
    there = [value for value in values if value is not None]
    if not there or not all(isinstance(value, str) and MIDNIGHT.fullmatch(value) for value in there):
        return values
    return [value and value[:10] for value in values]


def spread(result: PredictResult) -> None:
    """How the predictions are spread."""
    several = result.counts is not None and result.bins is not None
    place = pictures("predict.spread") if several else st.container()
    if result.counts is not None:
        with place, st.container(border=True, height="stretch"):
            _counts(result.counts)
    if result.bins is not None:
        what = "prediction" if result.task == "regression" else f"probability of {result.positive}"
        with place, st.container(border=True, height="stretch"):
            _bins(result.bins, what)


def _counts(counts: dict[str, int]) -> None:
    st.markdown("**Predicted classes**")
    table = pd.DataFrame({"level": list(counts), "count": list(counts.values())})
    charts.draw(charts.bars(table, palette()), "Rows of each predicted class", "predict.counts")


def _bins(bins: Bins, what: str) -> None:
    st.markdown(f"**Spread of the {label(what, 60)}**")
    figure = charts.histogram(pd.DataFrame(bins.model_dump()), palette())
    charts.draw(figure, "Distribution of the predictions", "predict.bins")


def head(result: PredictResult) -> None:
    """The first rows, predictions first."""
    table = pd.DataFrame({name: _days(values) for name, values in result.head.items()})
    number = result.task == "regression"
    if number:
        table["prediction"] = [value if pd.isna(value) else _said(value) for value in table["prediction"]]
    shares = [name for name in table.columns if name.startswith(SHARE)]
    share = st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")
    if len(shares) > MOST_BARS:
        share = st.column_config.NumberColumn(format="percent")
    heads = by_name(table.columns, 40)
    st.dataframe(
        table.rename(columns=heads),
        hide_index=True,
        key="predict.head",
        alt="The first rows with their predictions",
        height=320,
        placeholder="missing",
        column_config={
            "prediction": st.column_config.TextColumn(alignment="right" if number else "left"),
            **{heads[name]: share for name in shares},
        },
    )
    if result.rows > len(table):
        st.caption(
            f"The first {count(len(table))} of {counted(result.rows, 'row')}; the files hold all of them."
        )


def downloads(result: PredictResult, forms: Sequence[str]) -> None:
    """The predictions as files, read when asked for."""
    with st.container(horizontal=True, gap="small", key="predict.files"):
        for form in forms:
            if form in result.left_out:
                continue
            name = f"predictions.{form}"
            st.download_button(
                name,
                reader(result.result, name),
                name,
                MIMES[form],
                key=f"predict.{form}",
                icon=":material/download:",
                on_click="ignore",
            )
    for form, why in result.left_out.items():
        st.caption(f":material/info: There is no {form} file. {label(why, 300)}")
    if result.rows > 1:
        st.caption("Texts that a spreadsheet would run as a formula get an apostrophe in the csv.")
