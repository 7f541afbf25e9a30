"""The pictures of a judged model, one function a tab; each draws only what was stored."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.catalog.metrics import METRICS
from core.results.evaluate import Judged
from core.results.validate import ValidateResult
from core.standalone.counts import counted
from ui import charts
from ui.frame.theme import palette
from ui.widgets.text import label, visible


def pictures(key: str) -> DeltaGenerator:
    """A place for two pictures: side by side where there is room, else below each other."""
    return st.grid(2, min_column_width=340, gap="small", key=key)


def _share(result: Judged) -> float:
    """Share of the positive class among the rows."""
    support = result.curves.per_class["support"]
    return float(support[-1]) / max(sum(support), 1)


def ranking(result: Judged) -> None:
    """ROC and precision-recall of a binary classification."""
    curves = result.curves
    roc, precision = pd.DataFrame(curves.roc), pd.DataFrame(curves.precision_recall)
    pair = pictures("evaluate.ranking")
    with pair, st.container(border=True, height="stretch"):
        st.markdown("**ROC**: found against false alarms")
        charts.draw(charts.roc(roc, palette()), "ROC curve", "evaluate.roc")
        st.caption("The further to the upper left, the better; the dotted line is guessing.")
    with pair, st.container(border=True, height="stretch"):
        base = _share(result)
        st.markdown("**Precision and recall**")
        charts.draw(
            charts.precision_recall(precision, palette(), base), "Precision against recall", "evaluate.pr"
        )
        st.caption(f"Guessing gives a precision of {base:.1%}, the share of the positive class.")


def by_class(result: Judged) -> None:
    """One ROC curve for each class against the rest."""
    curves = [pd.DataFrame(columns).assign(name=name) for name, columns in result.curves.roc_by_class.items()]
    with st.container(border=True):
        st.markdown("**ROC**: each class against the rest")
        charts.draw(charts.roc(pd.concat(curves), palette()), "ROC curve of each class", "evaluate.ovr")
        st.caption(
            "At most the ten largest classes. A curve near the dotted line is a class that is guessed."
        )


def calibration(result: Judged) -> None:
    """Whether probabilities can be taken at their word."""
    error = result.curves.calibration_error
    claim = "of the positive class" if result.task == "binary" else "of the predicted class"
    with st.container(border=True):
        st.markdown(f"**Calibration** of the probability {claim}")
        figure = charts.calibration(pd.DataFrame(result.curves.calibration), palette())
        charts.draw(figure, "Observed share against predicted probability", "evaluate.calibration")
        st.caption(
            f"On average the probability is off by {error:.1%}, chance taken off. On the dotted line, of the "
            "rows said to be 30% likely, 30% are. Below it the model is too sure."
        )


def confusion(result: Judged) -> None:
    """Which classes are taken for which."""
    table = result.curves.confusion
    if table is None:
        return
    with st.container(border=True):
        st.markdown("**Confusion matrix**: true class against predicted class")
        figure = charts.confusion(np.asarray(table.counts), table.labels, palette())
        charts.draw(figure, "Rows by true and predicted class", "evaluate.confusion")
        st.caption("Each row of the picture is a true class; its shares add up to 100%.")
    if result.task == "multiclass":
        classes(result)


def classes(result: Judged) -> None:
    """Precision and recall of each class."""
    rows = pd.DataFrame(result.curves.per_class)
    shown = pd.DataFrame(
        {
            "Class": [visible(name) for name in rows["label"]],
            "Rows": rows["support"],
            "Recall": 100 * rows["recall"],
            "Precision": 100 * rows["precision"],
            "F1": 100 * rows["f1"],
        }
    )
    shares = {
        "Recall": "Of the rows of this class, the share that is found.",
        "Precision": "Of the rows called this class, the share that are.",
        "F1": "Balance of precision and recall.",
    }
    st.dataframe(
        shown,
        hide_index=True,
        key="evaluate.classes",
        alt="Precision, recall and F1 of each class",
        column_config={
            name: st.column_config.ProgressColumn(help=about, min_value=0, max_value=100, format="%.1f%%")
            for name, about in shares.items()
        },
    )


def errors(result: Judged) -> None:
    """Predicted against actual, and what is left over."""
    curves = result.curves
    pair = pictures("evaluate.errors")
    with pair, st.container(border=True, height="stretch"):
        st.markdown("**Predicted against actual**")
        cells = pd.DataFrame(curves.predicted_actual)
        charts.draw(charts.predicted_actual(cells, palette()), "Predicted against actual", "evaluate.actual")
        st.caption("Stronger cells hold more rows; on the dotted line the prediction is exact.")
    with pair, st.container(border=True, height="stretch"):
        st.markdown("**What is left over**")
        bands = pd.DataFrame(curves.residual_bands)
        charts.draw(
            charts.residuals(bands, palette()), "Residuals along the prediction", "evaluate.residuals"
        )
        st.caption("A bend, or bands that widen, is something the model has not seen.")


def left_out(result: Judged, part: str) -> bool:
    """Draw why a part of the result is not there; whether it is not."""
    missing = [one for one in result.left_out if one.part == part]
    for one in missing:
        st.info(
            f"{label(one.hint, 300)} The other scores are not touched by this.",
            title=f"No {part} here: {label(one.problem, 300)}",
            icon=":material/info:",
        )
    return bool(missing)


def columns(result: Judged) -> None:
    """How much the score suffers when a column is shuffled."""
    if left_out(result, "importance"):
        return
    table = pd.DataFrame(result.importance)
    metric = METRICS[result.metric]
    worse = "lost" if metric.better == "higher" else "added"
    with st.container(border=True):
        st.markdown(f"**What the model relies on**: {metric.label} {worse} when a column is shuffled")
        charts.draw(charts.importance(table, palette()), "Importance of each column", "evaluate.importance")
        sure = _certainty(table, isinstance(result, ValidateResult) and result.folds > 1)
        more = f" {counted(len(table) - 25, 'more column', 'matters')} less." if len(table) > 25 else ""
        st.caption(
            f"{sure}{more} Columns that "
            "say the same stand in for each other, so each of them looks less important than it is."
        )


def _certainty(table: pd.DataFrame, by_folds: bool) -> str:
    """What the whiskers of the importance are."""
    ends = table["low"].astype(float)
    unsure = int((ends <= 0).sum())
    if ends.isna().all():
        return "No intervals: of rows in groups none was found that holds."
    if by_folds:
        return (
            "Bars are means over the folds, whiskers reach from the lowest to the highest fold; pale bars "
            f"({unsure}) are worth nothing in one of them."
        )
    return f"Whiskers are 95% intervals; pale bars ({unsure}) cannot be told from zero."
