"""The leaderboard: one sentence, one picture, one table, and the choice of the model to go on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS, baseline_for
from core.engine import jobs
from core.engine.job_specs import RecipeSpec
from core.engine.job_state import Job
from core.recipe.difference import model_words
from core.recipe.document import Candidate, Recipe
from core.results.compare import BoardRow, CandidateScores, CompareResult
from core.standalone.counts import counted
from core.standalone.target import gap_words
from core.train.ranking.simplest import margin_words
from core.train.ranking.wording import hold_out_words, listed, overlap_words, undefined_words, verdict
from ui import charts
from ui.frame.session import project, workspace
from ui.frame.theme import Palette, palette
from ui.jobs.figures import picture
from ui.jobs.results import spec_of
from ui.jobs.staleness import Standing
from ui.models.leaderboard_table import choose, draw_table
from ui.models.model_choice import candidate_params
from ui.models.simplest import badged, simplest_margin
from ui.widgets.hyperparameters import hyperparameters_help
from ui.widgets.text import label

WIDE_SPACE = " \u2003 "


def _board(rows: Sequence[BoardRow], labels: Mapping[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame([row.model_dump() for row in rows])
    return frame.assign(name=[labels[each] for each in frame["id"]])


def chart(
    rows: Sequence[BoardRow],
    labels: Mapping[str, str],
    metric: str,
    baseline: str,
    key: str,
    run: str = "",
) -> None:
    """The score of each model with its interval, ties marked, the baseline as a line.

    Args:
        run: the run that the rows are of, when it has ended.
    """

    def make(colours: Palette) -> Figure:
        plain = next((row.mean for row in rows if row.id == baseline), None)
        return charts.leaderboard(_board(rows, labels), colours, METRICS[metric].label, baseline=plain)

    _legend(rows)
    figure = picture(make, "leaderboard", run) if run else make(palette())
    charts.draw(
        figure,
        f"{METRICS[metric].label} of {counted(len(rows), 'model')} with 95% intervals, best on top",
        key,
    )


def _legend(rows: Sequence[BoardRow]) -> None:
    """What the marks of the chart mean, as far as they occur."""
    others = [row for row in rows if row.rank > 1]
    marks = [":primary[◆] best"]
    if any(row.tied_with_best for row in others):
        marks.append(":primary[●] tie: cannot be told from the best")
    apart = [row for row in others if not row.tied_with_best]
    if any(row.is_told for row in apart):
        marks.append(":gray[●] behind")
    if not all(row.is_told for row in apart):
        marks.append(":gray[●] not told: the rows are too few")
    st.markdown(f":small[{WIDE_SPACE.join(marks)}]")


def live(job: Job) -> None:
    """What a running comparison has found so far."""
    boards = [event.facts for event in jobs.events(workspace(), project(), job.id) if event.kind == "board"]
    if not boards:
        st.caption("The first model is on its way; the board fills as models finish.")
        return
    candidates = [CandidateScores.model_validate(facts["candidate"]) for facts in boards]
    labels = {one.id: one.label for one in candidates}
    rows = [BoardRow.model_validate(row) for row in boards[-1]["board"]]
    spec = spec_of(RecipeSpec, job)
    if rows and spec:
        chart(rows, labels, spec.recipe.metric, baseline_for(spec.recipe.task), "models.live")
    failures(candidates)


def failures(candidates: Sequence[CandidateScores]) -> None:
    """One line for each model that failed, with its reason."""
    for one in candidates:
        if one.error:
            st.caption(
                f":orange[:material/error:] **{one.label}** failed: {label(one.error.problem, 300)} "
                f"{label(one.error.hint, 200)}"
            )


def unfinished(result: CompareResult) -> None:
    """One line on the models that a comparison left out when it was stopped or its time was over."""
    left = [one.label for one in result.candidates if one.status == "stopped"]
    if left:
        how = "The time limit ended it" if result.cut_by == "time" else "Stopped"
        st.caption(f":orange[:material/stop_circle:] {how} before {listed(left, 4)} finished; not ranked.")


def _suggested(result: CompareResult) -> CandidateScores | None:
    """The model that has the badge of the simplest."""
    row = next((row for row in result.board if row.simplest_tie), None)
    if row is None or row.id == result.baseline:
        return None
    return result.candidate(row.id)


def headline(result: CompareResult, chosen: Candidate | None, fresh: bool) -> None:
    """The sentence, with the button that takes what it suggests."""
    take = _suggested(result)
    st.subheader(verdict(result), anchor=False)
    if result.copies:
        st.warning(label(result.copies, 500), icon=":material/content_copy:")
    if result.doubt:
        st.warning(label(result.doubt, 500), icon=":material/help:")
    if fresh and take is not None and chosen is None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(
                "Choose the model to go on with: this one, or any of the table below.", width="stretch"
            )
            st.button(
                f"Take {take.label}",
                icon=":material/check:",
                type="primary",
                key="models.take",
                help=f"The simplest that cannot be told from the best and scores {margin_words(result)}.",
                on_click=choose,
                args=(take,),
            )


def facts(result: CompareResult) -> None:
    """How the rows were split, and what was left out."""
    rows = result.rows
    without = f" ({label(gap_words(rows.gaps), 200)})" if any(rows.gaps) else ""
    absent = counted(rows.without_target, "row")
    out = f" Left out: {absent} without a target{without}." if rows.without_target else ""
    st.caption(f":material/lock: {label(result.words, 800)}{out} The test rows were not looked at.")
    for words in filter(None, (hold_out_words(result), undefined_words(result), overlap_words(result))):
        st.caption(f":material/help: {label(words, 500)}")
    ties = [row.tied_with_best for row in result.board]
    if any(later and not ties[at] for at in range(len(ties)) for later in ties[at + 1 :]):
        st.caption(
            ":material/help: A tie may score lower than a model that is behind: what tells two apart is "
            "whether one is better on row after row, not the size of the difference alone."
        )


def pick(recipe: Recipe) -> None:
    """The chosen model and its hyperparameters, tied to the recipe."""
    chosen = recipe.chosen
    if chosen is None:
        return
    with st.container(border=True, key="models.chosen"):
        st.markdown(
            f":green[:material/check_circle:] **{label(model_words(chosen))}** is the chosen model.",
            help=hyperparameters_help(chosen),
        )
        if MODELS[chosen.model].params:
            with st.expander("Its hyperparameters", icon=":material/tune:"):
                candidate_params(chosen, "models.chosen")


def draw(recipe: Recipe, board: Standing[CompareResult]) -> None:
    """Everything that a comparison has found; quieter when it is from before the last changes."""
    result = badged(recipe, board.payload)
    headline(result, recipe.chosen, board.fresh)
    if result.board:
        chart(result.board, result.labels, result.metric, result.baseline, "models.chart", result.run)
    draw_table(result, recipe.chosen)
    simplest_margin(recipe, result)
    failures(result.candidates)
    unfinished(result)
    facts(result)
    pick(recipe)
