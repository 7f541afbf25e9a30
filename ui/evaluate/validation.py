"""What can be looked at without the test set: the model on validation rows."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.catalog.metrics import METRICS, headline_metrics, ranking_first
from core.digits import decimals, fixed
from core.engine.job_specs import ValidateSpec
from core.recipe import edits
from core.recipe.document import Recipe
from core.recipe.fingerprint import validation_key
from core.results.evaluate import Judged
from core.results.validate import FoldScore, ThresholdAdvice, ValidateResult
from core.standalone.counts import counted
from ui.evaluate import test_curves as judged_curves
from ui.evaluate import threshold, weak_segments
from ui.frame.row_split import row_counts
from ui.jobs.current_result import Current, current, watch
from ui.jobs.results import stored_under
from ui.widgets import state
from ui.widgets.remembered import remember_tab
from ui.widgets.text import label

TABS = {
    "binary": ("Scores", "Ranking", "Calibration", "Threshold", "Confusion", "Columns", "Segments"),
    "multiclass": ("Scores", "Ranking", "Calibration", "Confusion", "Columns", "Segments"),
    "regression": ("Scores", "Errors", "Columns", "Segments"),
}
MOST_CARDS = 4


def ask(recipe: Recipe) -> Current[ValidateResult]:
    """The chosen model on validation rows, judged when it was not.

    Raises:
        FoldlineError: ``ENGINE`` when the engine cannot be started.
    """
    return current(ValidateResult, ValidateSpec(recipe=recipe, key=validation_key(recipe)))


def draw(recipe: Recipe) -> None:
    """Draw the scores and pictures of validation; their progress while they are made."""
    judged = ask(recipe)
    st.subheader("In validation", anchor=False)
    watch(judged, recipe)
    result = judged.result
    if result is None or result.task != recipe.task:
        st.skeleton(height=240)
        return
    st.caption(
        f"{label(result.model)}, judged on {counted(result.rows, 'validation row')}, each predicted by a "
        f"fit without it{_rounds(recipe, result)}. No test row is looked at for this."
    )
    advice(result.advice, "evaluate.advice")
    _cards(result)
    tabs(recipe, result, lambda: _table(result))


def _rounds(recipe: Recipe, result: ValidateResult) -> str:
    """That folds are drawn several times, of which this is the first; empty where they are drawn once."""
    rounds = row_counts(recipe).folds // max(1, len(result.scores[result.metric].folds))
    return (
        f", in the first of {counted(rounds, 'round')} of folds; the board has the mean of all"
        if rounds > 1
        else ""
    )


def tabs(recipe: Recipe, result: Judged, scores: Callable[[], None]) -> None:
    """Draw a judged model in tabs, on validation rows or on the test set.

    Args:
        scores: draws the tab of all scores, which the two tell in their own ways.
    """
    draw: dict[str, Callable[[Judged], None]] = {
        "Scores": lambda _: scores(),
        "Ranking": judged_curves.ranking if result.task == "binary" else judged_curves.by_class,
        "Calibration": judged_curves.calibration,
        "Threshold": lambda judged: threshold.draw(recipe, judged),
        "Confusion": judged_curves.confusion,
        "Errors": judged_curves.errors,
        "Columns": judged_curves.columns,
        "Segments": weak_segments.draw,
    }
    names = list(TABS[result.task])
    for name, tab in zip(names, st.tabs(names, **remember_tab("evaluate.tab", names)), strict=True):
        if tab.open:
            with tab:
                draw[name](result)


def _number(value: float | None, score: FoldScore) -> str:
    ends = [each for each in score.folds if each is not None]
    return fixed(value, decimals(score.mean, min(ends, default=None), max(ends, default=None)))


def _spread(score: FoldScore) -> str:
    ends = [each for each in score.folds if each is not None]
    without = len(score.folds) - len(ends)
    missing = f"not defined on {without} of {len(score.folds)}" if without else ""
    if len(ends) < 2:
        return missing or "one fold"
    return ", ".join(filter(None, (f"{_number(min(ends), score)} to {_number(max(ends), score)}", missing)))


def _of_folds(score: FoldScore) -> str:
    """What a card shows: one fold, or the mean of several and how far they are apart."""
    return _spread(score) if len(score.folds) == 1 else f"mean of folds: {_spread(score)}"


def _plain(score: FoldScore) -> str:
    return "not defined" if score.baseline is None else _number(score.baseline, score)


def _cards(result: ValidateResult) -> None:
    others = [one.id for one in headline_metrics(result.task) if one.id in result.scores]
    ids = list(dict.fromkeys([result.metric, *others]))
    with st.grid(MOST_CARDS, min_column_width=180, gap="small", key="evaluate.validation.cards"):
        for metric in ids[:MOST_CARDS]:
            score = result.scores[metric]
            with st.container(border=True, gap="xsmall", height="stretch"):
                st.markdown(f":small[{METRICS[metric].label}]", help=METRICS[metric].help)
                st.metric(metric, _number(score.mean, score), label_visibility="collapsed")
                st.caption(f"{_of_folds(score)}  \nbaseline {_plain(score)}")


def _table(result: ValidateResult) -> None:
    rows = [
        {
            "Score": METRICS[name].label,
            "Mean of the folds": _number(score.mean, score),
            "Lowest to highest fold": _spread(score).replace(" ", "\u00a0"),
            "Baseline": _plain(score),
        }
        for name, score in ranking_first(result.scores, result.metric).items()
    ]
    st.table(rows, border="horizontal", hide_index=True, alt="All scores on the validation rows")
    st.caption(
        "The spread of the folds is no interval: folds share rows. The model was chosen by these rows, so "
        "they flatter it a little; the locked test set does not."
    )


def _use(value: float) -> None:
    state.edit(lambda recipe: edits.set_threshold(recipe, value), f"threshold {value:g}")


def advice(advised: ThresholdAdvice | None, key: str) -> None:
    """Draw what is wrong with the threshold in use, and which to use; nothing without advice."""
    if advised is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=key):
        st.markdown(
            f":orange[:material/warning:] **{label(advised.title, 400)}** {label(advised.words, 400)}",
            width="stretch",
        )
        st.button(f"Use {advised.value:g}", key=f"{key}.use", on_click=_use, args=(advised.value,))


def stored_advice(recipe: Recipe) -> ThresholdAdvice | None:
    """The advice that was found for this very recipe; None when it was not judged in validation."""
    result = stored_under(ValidateResult, validation_key(recipe))
    return result.advice if result else None
