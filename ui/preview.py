"""What the preparation makes of real rows: asked for when it has changed, shown beside the raw values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from core.recipe.document import Recipe
from core.recipe.fingerprint import digest, fingerprint
from ui import kept
from ui.kept import Kept
from ui.text import count, visible

MOST_COLUMNS = 60
MOST_LINES = 1_000


def ask(recipe: Recipe, model: str) -> Kept:
    """The preview for a model, started when there is none.

    Raises:
        FoldlineError: ``ENGINE`` when the engine cannot be started.
    """
    return kept.keep("preview", digest([fingerprint(recipe, "prepare"), model]), recipe, model=model)


def state_of(found: Kept, recipe: Recipe) -> dict[str, Any] | None:
    """Draw what is going on with a preview and give what there is to show; None while there is nothing."""
    kept.watch(found, recipe)
    if found.is_fresh and found.payload is not None:
        st.caption(_size(found.payload))
    if found.payload is None and found.job is not None and found.job.is_active:
        st.skeleton(height=180)
    return found.payload


def before_after(payload: dict[str, Any]) -> None:
    """Draw the first rows as they are and as the model gets them."""
    raw = payload["raw"]
    st.markdown("**Before**")
    st.dataframe(
        frame(raw, own_names(raw)), hide_index=True, alt="Rows as they are in the table", height="content"
    )
    st.markdown("**After**")
    made = ordered(payload)
    st.dataframe(
        frame(made, short_names(made)),
        hide_index=True,
        alt="The same rows as the model gets them",
        height="content",
    )
    if max(len(raw), len(payload["columns"])) > MOST_COLUMNS:
        st.caption(f"The first {MOST_COLUMNS} columns are shown.")


def _size(payload: dict[str, Any]) -> str:
    raw, made, rows = (count(n) for n in (len(payload["raw"]), len(payload["columns"]), payload["sampled"]))
    return f"{raw} columns become {made}. Learned from {rows} rows here, in training from its own rows only."


def ordered(payload: dict[str, Any]) -> dict[str, list[Any]]:
    """The prepared columns in the order of the raw columns that they come from."""
    places = {name: place for place, name in enumerate(payload["raw"])}
    source = {entry["name"]: entry["from"] for entry in payload["columns"]}
    names = sorted(payload["prepared"], key=lambda name: places.get(source.get(name, ""), len(places)))
    return {name: payload["prepared"][name] for name in names}


def new_columns(payload: dict[str, Any]) -> None:
    """Draw the columns that feature steps add, on the first rows."""
    st.dataframe(
        frame(payload["features"], own_names(payload["features"])),
        hide_index=True,
        alt="New columns on some rows",
        height="content",
    )


def outcome(payload: dict[str, Any]) -> None:
    """Draw every column that the model gets or that selection dropped, and where it comes from."""
    kept_names = [entry["name"] for entry in payload["columns"]]
    dropped = payload["dropped"]
    names = short_names([*kept_names, *dropped])
    lines = [
        {"column": name, "from": "", "steps": "", "result": "dropped by selection"}
        for name in names[len(kept_names) :]
    ]
    lines += [
        {
            "column": name,
            "from": visible(entry["from"], 80),
            "steps": ", ".join(entry["steps"]) or "as it is",
            "result": "kept",
        }
        for name, entry in zip(names, payload["columns"], strict=False)
    ]
    share = f"{count(len(kept_names))} columns go to the model"
    st.caption(f"{share}, {count(len(dropped))} were dropped." if dropped else f"{share}.")
    st.dataframe(
        pd.DataFrame(lines[:MOST_LINES]),
        hide_index=True,
        height=min(420, 38 + 35 * len(lines)),
        column_config={
            "column": st.column_config.TextColumn("Column", width=260),
            "from": st.column_config.TextColumn("Comes from", width=220),
            "steps": st.column_config.TextColumn("Steps", width=320),
            "result": st.column_config.TextColumn("Result"),
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
    short = [visible(name.partition("__")[2] or name, 60) for name in full]
    seen = Counter(short)
    return [part if seen[part] == 1 else visible(name, 80) for name, part in zip(full, short, strict=True)]
