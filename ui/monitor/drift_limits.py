"""How large a change must be to count: for all drift tests, and for single ones that differ."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.catalog.drift_tests import DELTAS, DRIFT_TESTS, at_sensitivity
from core.claims import measured
from core.recipe import usage_edits
from core.recipe.document import Recipe
from core.recipe.usage import Drift
from core.spec import DriftTest, Sensitivity, Value
from ui.widgets import params, state
from ui.widgets.remembered import remember

SENSITIVITY: dict[Sensitivity, str] = {"low": "Low", "normal": "Normal", "high": "High"}
SENSITIVITY_HELP = (
    "How large a change must be to count; every change must also be real, beyond chance.  \n"
    "**Low**: only large changes (0.20), for data that always moves a little.  \n"
    "**Normal**: changes from 0.10, such as 10 of 100 rows in another place.  \n"
    "**High**: small changes too (0.05); needs several hundred rows.  \n"
    f"{measured('drift')}  \n{measured('small change')}"
)


def own(bundle: Drift) -> bool:
    """Whether a bundle is judged by the limits of this project instead of its own; a switch that is off."""
    name = f"{SENSITIVITY[bundle.sensitivity]}, {DELTAS[bundle.sensitivity]:.2f}"
    more = f", and {len(bundle.tests)} of single tests" if bundle.tests else ""
    return st.toggle(
        "Judge by the limits of this project",
        help=f"Off: by the limits that travel with the bundle ({name}{more}), as the command line does.",
        **remember("monitor.own_limits", False),
    )


def sensitivity(recipe: Recipe) -> None:
    """Draw how large a change must be to count."""
    st.segmented_control(
        "Sensitivity",
        list(SENSITIVITY),
        format_func=lambda each: f"{SENSITIVITY[each]} ({DELTAS[each]:.2f})",
        required=True,
        help=SENSITIVITY_HELP,
        wrap=True,
        **state.bind(
            "monitor.sensitivity", recipe.drift.sensitivity, usage_edits.set_sensitivity, "sensitivity"
        ),
    )


def single_tests(recipe: Recipe) -> None:
    """Draw from where a change counts for each drift test, behind a click."""
    chosen = len(recipe.drift.tests)
    title = f"Limits of single tests: {chosen} chosen" if chosen else "Limits of single tests"
    with st.expander(title, icon=":material/tune:", key="monitor.limits"):
        st.caption(
            "Each test follows the sensitivity, except those of values never seen before, until another "
            "limit is chosen here."
        )
        with st.grid(3, min_column_width=230, gap="medium", key="monitor.limits.tests"):
            for test in DRIFT_TESTS:
                _test(recipe, test)
        if chosen:
            params.back_button(
                "Back to the usual limits",
                "monitor.limits.reset",
                usage_edits.usual_drift_tests,
                "usual limits of drift tests",
            )


def _test(recipe: Recipe, test: DriftTest) -> None:
    def change(old: Recipe, name: str, value: Value) -> Recipe:
        return usage_edits.set_drift_test(old, test.id, **{name: value})

    values = at_sensitivity(test, recipe.drift.sensitivity) | recipe.drift.tests.get(test.id, {})
    for one in test.params:
        shown = replace(one, label=test.label, help=f"{test.help} {one.help}")
        params.param(shown, values[one.name], f"monitor.limit.{test.id}.{one.name}", change)
