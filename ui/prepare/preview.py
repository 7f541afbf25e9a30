"""What the preparation makes of real rows: asked for when it has changed, shown beside the raw values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from core.recipe.document import Recipe
from core.recipe.fingerprint import digest, fingerprint
from core.train.preview import FLAGGED
from ui.jobs import current_result as kept
from ui.jobs.current_result import Kept
from ui.widgets.text import count, label, visible

MOST_COLUMNS = 60
MOST_LINES = 1_000
MOST_INPUTS = 4
FEW_COLUMNS = 5
FEW_ROWS = 4
VERSION = 2
"""Of what a preview holds: those of before are made anew."""


def key_of(recipe: Recipe, model: str) -> str:
    """The key of the preview of a recipe for a model."""
    return digest([fingerprint(recipe, "prepare"), model, VERSION])


def ask(recipe: Recipe, model: str) -> Kept:
    """The preview for a model, started when there is none.

    Raises:
        FoldlineError: ``ENGINE`` when the engine cannot be started.
    """
    return kept.keep("preview", key_of(recipe, model), recipe, model=model)


def state_of(found: Kept, recipe: Recipe) -> dict[str, Any] | None:
    """Draw in a line what is going on with a preview and give what it shows; None while there is nothing."""
    kept.watch(found, recipe)
    if found.is_fresh and found.payload is not None:
        st.caption(_size(found.payload))
    return found.payload


def hold_place(found: Kept) -> None:
    """Keep the room of what a preview will show while it is made for the first time."""
    if found.payload is None and found.job is not None and found.job.is_active:
        st.skeleton(height=300)


def before_after(payload: dict[str, Any]) -> None:
    """Draw some rows as they are and as the model gets them: one column side by side, or all of them."""
    raw = payload["raw"]
    picked = st.selectbox(
        "Look at one column",
        list(raw),
        index=None,
        placeholder="All columns",
        format_func=lambda name: visible(name, 60),
        key="prepare.look",
        persist_state="session",
        width=320,
    )
    if picked is not None and picked in raw:
        _one(payload, picked)
    else:
        _all(payload)


def _one(payload: dict[str, Any], name: str) -> None:
    made = [entry for entry in payload["columns"] if entry["from"] == name]
    values = {entry["name"]: payload["prepared"].get(entry["name"]) for entry in made}
    shown = {each: column for each, column in values.items() if column is not None}
    if not shown:
        st.caption(
            f"It becomes {count(len(made))} columns beyond those that a preview holds."
            if made
            else "No column of it goes to the model."
        )
        return
    steps = ", then ".join(step.lower() for step in made[0]["steps"]) or "as it is"
    st.caption(f"{label(name, 60)}: {label(steps, 200)}.")
    _rows({name: payload["raw"][name]}, shown, short_names(shown), f"{visible(name, 60)} before and after")


def _all(payload: dict[str, Any]) -> None:
    raw, made = payload["raw"], ordered(payload)
    st.markdown("**Before**")
    _table(frame(raw, own_names(raw)), "Rows as they are in the table")
    st.markdown("**After**")
    _table(frame(made, short_names(made)), "The same rows as the model gets them")
    if max(len(raw), len(payload["columns"])) > MOST_COLUMNS:
        st.caption(f"The first {MOST_COLUMNS} columns are shown; look at one to see the others.")


def made_by(payload: dict[str, Any], step: str, columns: Sequence[str]) -> None:
    """Draw what a feature step makes of some rows, beside the columns that it is made from."""
    new = {name: payload["features"][name] for name in payload["made"].get(step, ())}
    if not new:
        return
    old = {name: payload["raw"][name] for name in columns[:MOST_INPUTS] if name in payload["raw"]}
    _rows(old, new, own_names(new), "The new columns on some rows", FEW_ROWS)


def _rows(
    old: dict[str, list[Any]], new: dict[str, list[Any]], names: list[str], alt: str, most: int | None = None
) -> None:
    """Draw columns and what is made of them in one table, the new ones behind an arrow."""
    both = pd.concat([frame(old, own_names(old)), frame(new, [f"→ {name}" for name in names])], axis=1)
    _table(both.head(most) if most else both, alt)


def _table(shown: pd.DataFrame, alt: str) -> None:
    few = len(shown.columns) <= FEW_COLUMNS
    st.dataframe(
        shown,
        hide_index=True,
        width="content" if few else "stretch",
        height="content",
        placeholder="missing",
        alt=alt,
    )


def _size(payload: dict[str, Any]) -> str:
    raw, made, rows = (count(n) for n in (len(payload["raw"]), len(payload["columns"]), payload["sampled"]))
    return f"{raw} columns become {made}. Learned from {rows} rows here, in training from its own rows only."


def ordered(payload: dict[str, Any]) -> dict[str, list[Any]]:
    """The prepared columns in the order of the raw columns that they come from."""
    places = {name: place for place, name in enumerate(payload["raw"])}
    source = {entry["name"]: entry["from"] for entry in payload["columns"]}
    names = sorted(payload["prepared"], key=lambda name: places.get(source.get(name, ""), len(places)))
    return {name: payload["prepared"][name] for name in names}


def outcome(payload: dict[str, Any]) -> None:
    """Draw every column that the model gets or that selection dropped, and where it comes from."""
    dropped, columns = payload["dropped"], payload["columns"]
    names = short_names(entry["name"] for entry in (*dropped, *columns))
    lines = [
        {
            "column": name,
            "from": visible(entry["from"], 80),
            "steps": ", ".join(entry["steps"]) or "as it is",
            "result": f"dropped: {entry['by'].lower()}" if "by" in entry else "kept",
        }
        for name, entry in zip(names, (*dropped, *columns), strict=True)
    ]
    share = f"{count(len(columns))} columns go to the model"
    st.caption(f"{share}, {count(len(dropped))} were dropped." if dropped else f"{share}.")
    st.dataframe(
        pd.DataFrame(lines[:MOST_LINES]),
        hide_index=True,
        height=min(420, 38 + 35 * len(lines)),
        column_config={
            "column": st.column_config.TextColumn("Column", width=230),
            "from": st.column_config.TextColumn("Comes from", width=230),
            "steps": st.column_config.TextColumn("Steps", width=300),
            "result": st.column_config.TextColumn("Result", width=180),
        },
        alt="The prepared columns",
    )
    if len(lines) > MOST_LINES:
        st.caption(f"The first {count(MOST_LINES)} columns are listed.")


def frame(values: dict[str, list[Any]], names: list[str]) -> pd.DataFrame:
    """The first columns of a preview as a frame, under the names that people know."""
    shown = zip(values.values(), names, strict=True)
    return pd.DataFrame({name: column for column, name in islice(shown, MOST_COLUMNS)})


def own_names(names: Iterable[str]) -> list[str]:
    """Names of columns as they are shown, all different."""
    full = list(names)
    seen = Counter(visible(name, 60) for name in full)
    return [
        short if seen[short] == 1 else f"{short} ({place})"
        for place, short in enumerate((visible(name, 60) for name in full), start=1)
    ]


def short_names(names: Iterable[str]) -> list[str]:
    """Prepared columns without the name of their block, as long as that tells them apart."""
    full = list(names)
    short = [_spoken(name.partition("__")[2] or name) for name in full]
    seen = Counter(short)
    return [part if seen[part] == 1 else visible(name, 80) for name, part in zip(full, short, strict=True)]


def _spoken(name: str) -> str:
    """What a prepared column is called on screen: the flag of missing values in words."""
    of = name.removeprefix(FLAGGED)
    return visible(name, 60) if of == name else f"{visible(of, 60)} is missing"
