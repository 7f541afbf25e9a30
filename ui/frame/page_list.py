"""The pages of the app: names, order and purpose, in one place."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import Page

from core.errors import FoldlineError


@dataclass(frozen=True)
class Place:
    """One page.

    Attributes:
        id: file name without suffix, and the path in the URL.
        title: its name in the menu and on top of the page.
        icon: Material symbol.
        purpose: one line on what the page is for.
        section: heading of the menu it belongs to.
    """

    id: str
    title: str
    icon: str
    purpose: str
    section: str

    @property
    def path(self) -> str:
        """The file, relative to app.py."""
        return f"pages/{self.id}.py"


PLACES = (
    Place(
        "data",
        "Data",
        ":material/table:",
        "Load a table, say what each column means and what to predict.",
        "Data",
    ),
    Place(
        "prepare",
        "Prepare",
        ":material/tune:",
        "Choose how missing values, outliers and categories are handled; learned on training rows only.",
        "Data",
    ),
    Place(
        "features",
        "Features",
        ":material/function:",
        "Add columns computed from others and keep the ones that help.",
        "Data",
    ),
    Place(
        "models",
        "Models",
        ":material/leaderboard:",
        "Compare models on the same folds and see which differences are real.",
        "Model",
    ),
    Place(
        "tune",
        "Tune",
        ":material/network_node:",
        "Search better hyperparameters for the model you chose.",
        "Model",
    ),
    Place(
        "evaluate",
        "Evaluate",
        ":material/query_stats:",
        "Judge the chosen model: curves, mistakes, reasons, and the locked test set.",
        "Model",
    ),
    Place(
        "export",
        "Export",
        ":material/deployed_code:",
        "Take the model away: a bundle that runs anywhere, or the script that trains it.",
        "Use",
    ),
    Place(
        "predict",
        "Predict",
        ":material/online_prediction:",
        "Apply the model to new rows or to a single case.",
        "Use",
    ),
    Place(
        "monitor",
        "Monitor",
        ":material/monitor_heart:",
        "Compare new data with the data the model learned from and decide whether to retrain.",
        "Use",
    ),
    Place(
        "deployments",
        "Deployments",
        ":material/rocket_launch:",
        "Follow a model at work: batches, labels, score over time, alerts, and the model that comes next.",
        "Use",
    ),
    Place(
        "runs", "Runs", ":material/history:", "Everything that was run, with what it was run on.", "History"
    ),
)


def menu(by_name: bool = False) -> dict[str, list[Page]]:
    """The pages of the menu by section, for ``st.navigation``.

    The first page lives at the root of the address, where Streamlit would not find it by its name. So it is
    there twice, and the menu shows the one that is on screen.

    Args:
        by_name: whether the first page was asked for by its name.
    """
    first = PLACES[0]
    named = _page(first, first.id, hidden=not by_name)
    sections = {first.section: [_page(first, "start", hidden=by_name, default=True), named]}
    for each in PLACES[1:]:
        sections.setdefault(each.section, []).append(_page(each, each.id))
    return sections


def _page(each: Place, address: str, hidden: bool = False, default: bool = False) -> Page:
    return st.Page(
        each.path,
        title=each.title,
        icon=each.icon,
        url_path=address,
        default=default,
        visibility="hidden" if hidden else "visible",
        help=each.purpose,
    )


def place(here: str) -> Place:
    """The page of that id.

    Raises:
        FoldlineError: ``PAGE`` when there is none.
    """
    for candidate in PLACES:
        if candidate.id == here:
            return candidate
    raise FoldlineError("PAGE", f"There is no page {here!r}.", "Choose one from the menu.", here)
