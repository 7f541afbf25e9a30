"""Views of the table: its rows, one column against the target, and where values are missing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.data.query import preview
from core.data.table_profile import (
    ClassCounts,
    NumberStats,
    NumberSummary,
    Summary,
    TableProfile,
    TextSummary,
)
from core.recipe.document import Recipe
from core.standalone.counts import counted
from ui import charts
from ui.data.target import bins_of, levels_of
from ui.frame.session import own, project, workspace
from ui.frame.theme import palette
from ui.widgets.labels import KINDS
from ui.widgets.short_names import by_name, shortened
from ui.widgets.text import count, label

ROWS = 100
COLUMNS = 100
TINY = 0.001
"""A share that would be shown as 0.0%."""


@st.cache_data(max_entries=16, show_spinner=False)
def _rows(
    root: str, owner: str, table: str, columns: tuple[str, ...], offset: int, order: str | None, down: bool
) -> pd.DataFrame:
    return preview(workspace().table_path(owner, table), columns, offset, ROWS, order, down)


def rows(recipe: Recipe) -> None:
    """Draw the rows of the table, a page at a time."""
    names = [column.name for column in recipe.columns]
    total = recipe.source.rows
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.selectbox(
            "Sort by",
            names,
            index=None,
            format_func=shortened(names, 28),
            placeholder="As in the file",
            key=own("data.rows.order"),
            persist_state="session",
            width=260,
        )
        down = st.toggle(
            "Largest first", key=own("data.rows.down"), persist_state="session", disabled=not order
        )
        shown = _picked(names)
    pages = max(1, -(-total // ROWS))
    start = ROWS * (min(int(st.session_state.get(own("data.rows.page")) or 1), pages) - 1)
    page = _rows(
        str(workspace().root), project(), recipe.source.table, shown, start, order, bool(order and down)
    )
    page = page.set_axis(range(start + 1, start + 1 + len(page)), axis=0)
    heads = by_name(page.columns, 40)
    st.dataframe(
        page,
        height=420,
        alt="Rows of the table",
        column_config={
            name: st.column_config.Column(shown, help=label(name, 400))
            for name, shown in heads.items()
            if name != shown
        },
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(f"Rows {count(start + 1)} to {count(start + len(page))} of {count(total)}")
        st.pagination(pages, key=own("data.rows.page"), max_visible_pages=5)


def _picked(names: list[str]) -> tuple[str, ...]:
    if len(names) <= COLUMNS:
        return tuple(names)
    chosen = st.multiselect(
        f"Columns (the first {COLUMNS} of {count(len(names))} unless you choose)",
        names,
        format_func=shortened(names, 60),
        key=own("data.rows.columns"),
        persist_state="session",
        max_selections=COLUMNS,
    )
    return tuple(chosen) or tuple(names[:COLUMNS])


def missing_values(described: TableProfile) -> None:
    """Draw where values are missing."""
    missing = described.missing
    if not missing.columns:
        st.caption(":green[:material/check_circle:] No value is missing.")
        return
    share = "under 0.1%" if missing.share < TINY else f"{missing.share:.1%}"
    st.markdown(
        f"**{share}** of all cells are empty; **{count(missing.complete_rows)}** of "
        f"{counted(described.rows, 'row', 'is')} complete. Missing values are filled on the Prepare page, "
        "never here."
    )
    table = pd.DataFrame([one.model_dump() for one in missing.columns]).rename(columns={"name": "column"})
    charts.draw(charts.missingness(table, palette()), "Share of missing values by column", key="data.missing")
    if len(table) > 30:
        st.caption(f"The 30 worst of {counted(len(table), 'column')} with missing values.")


def one_column(recipe: Recipe, described: TableProfile) -> None:
    """Draw one column: its distribution and, beside it, the target along it."""
    used = {column.name for column in recipe.inputs}
    ordered = sorted(described.columns, key=lambda summary: summary.name not in used)
    summaries = {summary.name: summary for summary in ordered if summary.name != recipe.target}
    if not summaries:
        st.caption("The table has no other column.")
        return
    name = st.selectbox(
        "Column",
        list(summaries),
        format_func=shortened(summaries, 36),
        key=own("data.one"),
        persist_state="session",
        width=320,
    )
    summary = summaries[name]
    st.caption(" · ".join(_facts(summary, described.rows)))
    with st.grid(2, min_column_width=380, gap="large"):
        with st.container():
            by_class = isinstance(summary.by_target, ClassCounts)
            st.markdown("**Distribution**" + (" by class" if by_class else ""))
            charts.draw(_distribution(summary), f"Distribution of {label(name)}", key="data.one.spread")
        with st.container():
            _against(recipe, summary, described)


def _facts(summary: Summary, total: int) -> list[str]:
    facts = [KINDS[summary.kind], f"{count(summary.unique)} distinct"]
    if summary.missing:
        facts.append(f"{summary.missing / max(1, total):.1%} missing")
    stats = summary.stats
    if not isinstance(stats, NumberStats):
        return facts
    if summary.physical == "number":
        facts += [f"{word} {getattr(stats, word):.4g}" for word in ("min", "median", "mean", "max")]
    if summary.physical == "datetime":
        ends = pd.to_datetime([stats.min, stats.max], unit="s").strftime("%Y-%m-%d")
        facts.append(f"{ends[0]} to {ends[1]}")
    return facts


def places(summary: Summary) -> pd.DataFrame:
    """The levels (``level``, ``count``) or bins (``low``, ``high``, ``count``) of a column."""
    if isinstance(summary, TextSummary):
        return pd.DataFrame([level.model_dump() for level in summary.levels])
    return bins_of(summary.histogram)


def _distribution(summary: Summary) -> Any:
    table, along = places(summary), summary.by_target
    if isinstance(along, ClassCounts):
        parts = zip(along.classes, along.counts, strict=True)
        table = pd.concat([table.assign(count=counts, group=name) for name, counts in parts])
    if isinstance(summary, TextSummary):
        return charts.bars(table, palette(), "rows")
    return charts.histogram(table, palette(), summary.name, summary.physical == "datetime", 260)


def _against(recipe: Recipe, summary: Summary, described: TableProfile) -> None:
    along = summary.by_target
    if along is None:
        st.caption("Choose a target to see how it goes along with this column.")
        return
    table = places(summary)
    interest = ""
    if isinstance(along, ClassCounts):
        interest = recipe.positive if recipe.positive in along.classes else along.classes[0]
        rows = pd.DataFrame(along.counts).sum()
        hits = pd.Series(along.counts[along.classes.index(interest)])
        what = f"share of {interest}"
    else:
        rows = pd.Series(along.counts)
        hits = pd.Series(along.means, dtype="float64") * rows
        what = f"average {recipe.target}"
    table = table.assign(value=(hits / rows.where(rows > 0)).to_numpy(), count=rows.to_numpy())
    if summary.physical == "datetime":
        table = table.assign(**{end: pd.to_datetime(table[end], unit="s") for end in ("low", "high")})
    usual = usual_target(recipe, described, interest)
    st.markdown(f"**{label(what[:1].upper() + what[1:], 60)}**")
    share = isinstance(along, ClassCounts)
    figure = charts.along(table, palette(), summary.name, what, share, usual)
    charts.draw(figure, f"{label(what)} along {label(summary.name)}", key="data.one.against")


def usual_target(recipe: Recipe, described: TableProfile, interest: str) -> float:
    """The share of a class among all rows with a target, or the average of a target of numbers; else NaN.

    Args:
        interest: the class; empty for a target of numbers.
    """
    if interest:
        names, counts = levels_of(recipe, recipe.target)
        return counts[names.index(interest)] / sum(counts) if interest in names else float("nan")
    summary = described.column(recipe.target)
    stats = summary.stats if isinstance(summary, NumberSummary) else None
    return float(stats.mean) if isinstance(stats, NumberStats) else float("nan")
