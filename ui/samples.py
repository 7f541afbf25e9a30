"""The sample tables that ship with the app, and the wish to load one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import streamlit as st

from ui.places import place
from ui.text import label

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"
_WISH = "foldline.sample"
_SUFFIXES = (".csv", ".parquet", ".xlsx", ".jsonl", ".gz")


def paths() -> tuple[Path, ...]:
    """The sample files, by name."""
    return tuple(sorted(path for path in FOLDER.iterdir() if path.suffix in _SUFFIXES))


def about(path: Path) -> dict[str, str]:
    """What ``sample_data/samples.toml`` says of a file: ``title`` and ``text``; empty when it says nothing."""
    notes = FOLDER / "samples.toml"
    known = tomllib.loads(notes.read_text(encoding="utf-8")) if notes.is_file() else {}
    return dict(known.get(path.name, {}))


def wish(path: Path) -> None:
    """Ask for a sample; the Data page loads it on its next run."""
    st.session_state[_WISH] = path.name


def wished() -> Path | None:
    """The sample asked for, once; None when none was."""
    name = st.session_state.pop(_WISH, None)
    return next((path for path in paths() if path.name == name), None)


def offer() -> None:
    """Draw a button for each sample; a click leads to the Data page, which loads it."""
    with st.container(horizontal=True, horizontal_alignment="center"):
        for path in paths():
            facts = about(path)
            name = facts.get("title", path.stem.replace("_", " "))
            clicked = st.button(
                label(name), key=f"sample.{path.name}", icon=":material/table:", help=label(facts.get("text", ""), 400)
            )
            if clicked:
                wish(path)
                st.switch_page(place("data").path)
