"""The segments of rows on which a judged model is worse than one that is right about them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.catalog.metrics import METRICS
from core.claims import measured
from core.digits import WHOLE_FROM, decimals, fixed, is_defined, number
from core.results.evaluate import Judged
from core.spec import Task
from core.standalone.counts import counted
from ui.evaluate.test_curves import left_out
from ui.widgets.short_names import by_name, distinct_names
from ui.widgets.text import count, label, visible

WORST = 3
MOST_WHY = 200
PIXELS_A_LETTER, PADDING = 7, 20
HERE = "The score on the rows of the segment."
REST = "Rows that are harder, or seldom positive, score lower than the rest; that alone is no fault."
WORSE = "How much worse than expected."
CHANCE = "Chance of a false alarm over all segments."
PROMISED = "What the model's own probabilities promise there, put right by all other rows."
EXPECTED: dict[Task, str] = {
    "binary": PROMISED,
    "multiclass": PROMISED,
    "regression": "The score there if the predictions were moved and stretched to fit these rows.",
}


def draw(result: Judged) -> None:
    """Where the model is worse than one that is right about these rows."""
    if left_out(result, "segments"):
        return
    rows = pd.DataFrame(result.slices)
    if rows.empty:
        st.caption("There are too few rows to look at segments of them.")
        return
    if "expected" not in rows:
        st.info(
            "An earlier version held them against the other rows, which hard rows lose against although the "
            "model is right about them. They are judged anew with the next result.",
            title="These segments are not shown",
            icon=":material/info:",
        )
        return
    name = METRICS[result.metric].label
    rows = rows.assign(why=rows["why"].fillna("")).sort_values(
        "why", key=lambda why: why != "", kind="stable"
    )
    _words(rows, name, result.task)
    _table(rows, name, result.task)
    st.caption(
        "The surest difference first, what could not be judged last. Segments under 30 rows are left out. "
        "*Clearly worse* allows for looking at many segments.",
        help=measured("segment"),
    )


def _table(rows: pd.DataFrame, name: str, task: Task) -> None:
    columns = by_name(rows["column"], 36)
    shown = {
        "Column": [columns[each] for each in rows["column"]],
        "Segment": distinct_names(rows["segment"], 60),
        "Rows": rows["rows"],
        name: rows["score"],
        "Expected": rows["expected"],
        "On the rest": rows["rest"],
        "Worse by": rows["worse_by"],
        "q": [fixed(value, 3) for value in rows["q"]],
        "": [_verdict(row) for row in rows.itertuples()],
    }
    help_of = {name: HERE, "Expected": EXPECTED[task], "On the rest": REST, "Worse by": WORSE}
    numbers = {
        one: st.column_config.NumberColumn(format=_format(rows), help=about) for one, about in help_of.items()
    }
    texts = {
        "q": st.column_config.TextColumn(alignment="right", help=CHANCE),
        "": st.column_config.TextColumn(width=_width(shown[""])),
    }
    st.dataframe(
        pd.DataFrame(shown),
        hide_index=True,
        key="evaluate.segments",
        alt="Score of each segment against the expected one, the surest difference first",
        column_config={**numbers, **texts},
    )


def _verdict(row: Any) -> str:
    if row.worse:
        return "clearly worse"
    return f"not judged: {visible(row.why, MOST_WHY)}" if row.why else "not worse"


def _width(verdicts: list[str]) -> int:
    """Pixels in which the longest verdict is not cut."""
    return max(len(one) for one in verdicts) * PIXELS_A_LETTER + PADDING


def _format(rows: pd.DataFrame) -> str:
    """How the numbers of segments are written, all alike."""
    shown = [value for value in (*rows["score"], *rows["expected"]) if is_defined(value)]
    whole = any(abs(value) >= WHOLE_FROM for value in shown)
    return f"%,.{0 if whole else decimals(*shown)}f"


def _words(rows: pd.DataFrame, name: str, task: Task) -> None:
    worse = rows[rows["worse"].astype(bool)]
    if worse.empty:
        _none_worse(rows)
        return
    than = "were its predictions put right there" if task == "regression" else "by its own probabilities"
    lines = [
        f"- **{label(row.column, 200)}** {label(row.segment, 60)}: {name} "
        f"{number(row.score, row.expected)}, {number(row.expected, row.score)} {than} "
        f"({counted(row.rows, 'row')})"
        for row in worse.head(WORST).itertuples()
    ]
    more = f"  \n{len(worse) - WORST} more below." if len(worse) > WORST else ""
    st.markdown(
        ":orange[:material/warning:] The model is clearly worse than expected on these rows:\n"
        + "\n".join(lines)
        + more
        + _not_judged(rows, "  \n")
    )


def _none_worse(rows: pd.DataFrame) -> None:
    """That no segment is worse, of those that could be judged; a tick only where those are all."""
    judged = int((rows["why"] == "").sum())
    if not judged:
        st.markdown(f":gray[:material/help:] No segment could be judged.{_not_judged(rows, ' ')}")
        return
    mark = ":green[:material/check_circle:]" if judged == len(rows) else ":gray[:material/info:]"
    who = f"None of the {counted(judged, 'segment')} that could be judged is worse"
    if judged == 1:
        who = "The one segment that could be judged is not worse"
    st.markdown(f"{mark} {who} than expected by more than chance explains.{_not_judged(rows, ' ')}")


def _not_judged(rows: pd.DataFrame, before: str) -> str:
    """How many segments could not be judged and why, the commonest reason first; empty where all were."""
    reasons = rows.loc[rows["why"] != "", "why"].value_counts()
    if reasons.empty:
        return ""
    first = label(str(reasons.index[0]), MOST_WHY)
    others = " (the others for the reasons in the table)" if len(reasons) > 1 else ""
    return f"{before}{count(reasons.sum())} could not be judged: {first}{others}."
