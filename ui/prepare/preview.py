"""What the preparation makes of real rows: asked for when it has changed, shown beside the raw values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import pandas as pd
import streamlit as st

from core.engine.job_specs import PreviewSpec
from core.recipe.document import Recipe
from core.recipe.fingerprint import digest, fingerprint
from core.results.base import Columns
from core.results.preview import DroppedColumn, PreviewResult
from core.standalone.counts import counted
from core.train.preview import FLAGGED
from ui.frame.session import own
from ui.jobs.current_result import Current, current, watch
from ui.widgets.short_names import by_name, distinct_names, shortened
from ui.widgets.text import count, label, visible

MOST_COLUMNS = 60
MOST_LINES = 1_000
MOST_INPUTS = 4
FEW_COLUMNS = 5
FEW_ROWS = 4
ROWS = "training rows"
"""What a preview is drawn from."""
LONGEST = 34
"""Characters of a name that a column of a table has room for."""


def key_of(recipe: Recipe, model: str) -> str:
    """The key of the preview of a recipe for a model; earlier versions drew it from other rows too."""
    return digest([fingerprint(recipe, "prepare"), model, ROWS])


def ask(recipe: Recipe, model: str) -> Current[PreviewResult]:
    """The preview for a model, started when there is none.

    Raises:
        FoldlineError: ``ENGINE`` when the engine cannot be started.
    """
    return current(PreviewResult, PreviewSpec(recipe=recipe, model=model, key=key_of(recipe, model)))


def state_of(newest: Current[PreviewResult], recipe: Recipe) -> PreviewResult | None:
    """Draw in a line what is going on with a preview and give what it shows; None while there is nothing."""
    watch(newest, recipe)
    if newest.is_fresh and newest.result is not None:
        st.caption(_size(newest.result))
    return newest.result


def hold_place(newest: Current[PreviewResult]) -> None:
    """Keep the room of what a preview will show while it is made for the first time."""
    if newest.result is None and newest.job is not None and newest.job.is_active:
        st.skeleton(height=300)


def before_after(shown: PreviewResult) -> None:
    """Draw some rows as they are and as the model gets them: one column side by side, or all of them."""
    raw = shown.raw
    picked = st.selectbox(
        "Look at one column",
        list(raw),
        index=None,
        placeholder="All columns",
        format_func=shortened(raw, 36),
        key=own("prepare.look"),
        persist_state="session",
        width=320,
    )
    if picked is not None and picked in raw:
        _one(shown, picked)
    else:
        _all(shown)


def _one(shown: PreviewResult, name: str) -> None:
    made = [column for column in shown.columns if column.source == name]
    values = {column.name: shown.prepared[column.name] for column in made if column.name in shown.prepared}
    if not values:
        st.caption(
            f"It becomes {counted(len(made), 'column')} beyond those that a preview holds."
            if made
            else "No column of it goes to the model."
        )
        return
    steps = ", then ".join(step.lower() for step in made[0].steps) or "as it is"
    st.caption(f"{label(name, 200)}: {label(steps, 200)}.")
    _rows({name: shown.raw[name]}, values, short_names(values), f"{visible(name, 60)} before and after")


def _all(shown: PreviewResult) -> None:
    raw, made = shown.raw, ordered(shown)
    st.markdown("**Before**")
    _table(frame(raw, own_names(raw)), "Rows as they are in the table", list(raw))
    st.markdown("**After**")
    _table(frame(made, short_names(made)), "The same rows as the model gets them", list(made))
    if max(len(raw), len(shown.columns)) > MOST_COLUMNS:
        st.caption(f"The first {MOST_COLUMNS} columns are shown; look at one to see the others.")


def made_by(shown: PreviewResult, step: str, columns: Sequence[str]) -> None:
    """Draw what a feature step makes of some rows, beside the columns that it is made from."""
    new = {name: shown.features[name] for name in shown.made.get(step, ())}
    if not new:
        return
    old = {name: shown.raw[name] for name in columns[:MOST_INPUTS] if name in shown.raw}
    _rows(old, new, own_names(new), "The new columns on some rows", FEW_ROWS)


def _rows(old: Columns, new: Columns, names: list[str], alt: str, most: int | None = None) -> None:
    """Draw columns and what is made of them in one table, the new ones behind an arrow."""
    both = pd.concat([frame(old, own_names(old)), frame(new, [f"→ {name}" for name in names])], axis=1)
    _table(both.head(most) if most else both, alt)


def _table(shown: pd.DataFrame, alt: str, whole: Sequence[str] = ()) -> None:
    """Draw a table; ``whole`` gives the names behind the heads, for the mouse."""
    few = len(shown.columns) <= FEW_COLUMNS
    heads = zip(shown.columns, whole, strict=False)
    st.dataframe(
        shown,
        hide_index=True,
        width="content" if few else "stretch",
        height="content",
        placeholder="missing",
        alt=alt,
        column_config={
            head: st.column_config.Column(help=label(name, 400)) for head, name in heads if head != name
        },
    )


def _size(shown: PreviewResult) -> str:
    raw, made = counted(len(shown.raw), "column", "becomes"), count(len(shown.columns))
    rows = counted(shown.sampled, "training row")
    return f"{raw} {made}. Learned from {rows}; the test rows stay locked."


def ordered(shown: PreviewResult) -> Columns:
    """The prepared columns in the order of the raw columns that they come from."""
    places = {name: place for place, name in enumerate(shown.raw)}
    source = {column.name: column.source for column in shown.columns}
    names = sorted(shown.prepared, key=lambda name: places.get(source.get(name, ""), len(places)))
    return {name: shown.prepared[name] for name in names}


def outcome(shown: PreviewResult) -> None:
    """Draw every column that the model gets or that selection dropped, and where it comes from."""
    dropped, columns = shown.dropped, shown.columns
    names = short_names(column.name for column in (*dropped, *columns))
    sources = by_name((column.source for column in (*dropped, *columns)), 34)
    lines = [
        {
            "column": name,
            "from": sources[column.source],
            "steps": ", ".join(column.steps) or "as it is",
            "result": f"dropped: {column.by.lower()}" if isinstance(column, DroppedColumn) else "kept",
        }
        for name, column in zip(names, (*dropped, *columns), strict=True)
    ]
    share = f"{counted(len(columns), 'column', 'goes')} to the model"
    st.caption(f"{share}, {count(len(dropped))} were dropped." if dropped else f"{share}.")
    st.dataframe(
        pd.DataFrame(lines[:MOST_LINES]),
        hide_index=True,
        height=min(420, 38 + 35 * len(lines)),
        column_config={
            "column": st.column_config.TextColumn("Column", width=180),
            "from": st.column_config.TextColumn("Comes from", width=160),
            "steps": st.column_config.TextColumn("Steps", width=400),
            "result": st.column_config.TextColumn("Result", width=180),
        },
        alt="The prepared columns",
    )
    if len(lines) > MOST_LINES:
        st.caption(f"The first {count(MOST_LINES)} columns are listed.")


def frame(values: Columns, names: list[str]) -> pd.DataFrame:
    """The first columns of a preview as a frame, under the names that people know."""
    shown = zip(values.values(), names, strict=True)
    return pd.DataFrame({name: column for column, name in islice(shown, MOST_COLUMNS)})


def own_names(names: Iterable[str]) -> list[str]:
    """Names of columns as they are shown, all different."""
    return distinct_names(names, LONGEST)


def short_names(names: Iterable[str]) -> list[str]:
    """Prepared columns without the name of their block, as long as that tells them apart."""
    full = list(names)
    short = [_spoken(name.partition("__")[2] or name) for name in full]
    seen = Counter(short)
    spoken = [part if seen[part] == 1 else name for name, part in zip(full, short, strict=True)]
    return distinct_names(spoken, LONGEST)


def _spoken(name: str) -> str:
    """What a prepared column is called on screen: the flag of missing values in words."""
    of = name.removeprefix(FLAGGED)
    return name if of == name else f"{of} is missing"
