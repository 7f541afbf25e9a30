"""How rows are split into a locked test set and folds."""

from __future__ import annotations

import streamlit as st

from core.data.table import Table
from core.recipe.document import Recipe
from core.recipe.edits import drop_duplicates, set_role, set_seed, set_split
from core.recipe.labels import SCHEMES
from core.recipe.split import FILE_ORDER, folds_asked
from core.recipe.unused import unused
from core.spec import Kind, Role
from core.standalone.counts import counted
from ui.frame import row_split
from ui.frame.row_split import row_counts
from ui.prepare import copies, dividing
from ui.widgets import state
from ui.widgets.short_names import shortened
from ui.widgets.text import label

ORDERED: tuple[Kind, ...] = ("datetime", "numeric")


def card(recipe: Recipe, table: Table) -> None:
    """Draw the split of the rows in words, as it is done, or why it cannot be, and what shapes it."""
    done = row_counts(recipe)
    rows = done.rows or table.rows
    with st.container(border=True, key="prepare.split"):
        st.subheader("Split", anchor=False)
        if done.problem:
            row_split.refused(done)
        else:
            st.markdown(f":material/lock: {label(done.words, 800)}")
            row_split.unlearned(done)
            copies.warning(recipe)
        dividing.warnings(recipe)
        if recipe.split.order == "file":
            st.caption(
                f":material/info: {FILE_ORDER} *Any order of rows* below ends that, with other rows locked."
            )
        for sentence in unused(recipe):
            st.caption(f":material/info: {label(sentence, 300)}")
        with st.grid(4, min_column_width=190, gap="medium"):
            _test_size(recipe)
            _scheme(recipe, rows)
            _role(recipe, "group", "Keep together by", "Rows with the same value never stand on both sides.")
            _role(recipe, "time", "Order in time by", "The newest rows are the test; folds go forward.")
        with st.expander("Folds, seed and duplicates", icon=":material/more_horiz:", key="prepare.more"):
            _more(recipe)


def _test_size(recipe: Recipe) -> None:
    bound = state.bind(
        "prepare.test_size",
        round(100 * recipe.split.test_size),
        lambda old, value: set_split(old, test_size=value / 100),
        "size of the test set",
    )
    st.slider(
        "Locked test set",
        5,
        50,
        step=5,
        format="%d%%",
        help="Rows that no model, preparation or search ever sees until you open the test. "
        "More rows make its verdict surer and leave less to learn from.",
        **bound,
    )


def _scheme(recipe: Recipe, rows: int) -> None:
    named = SCHEMES | {"auto": f"Automatic: {automatic(recipe, round((1 - recipe.split.test_size) * rows))}"}
    bound = state.bind(
        "prepare.scheme",
        recipe.split.scheme,
        lambda old, value: set_split(old, scheme=value),
        "validation scheme",
        words=named.values(),
    )
    st.selectbox(
        "Validation",
        list(SCHEMES),
        format_func=lambda each: named[each],
        help="How models are compared on the rows that are not locked. Cross-validation judges them on each "
        "fold in turn, a hold-out on one part only. More folds are surer and slower.",
        **bound,
    )


def automatic(recipe: Recipe, rows: int) -> str:
    """What the automatic scheme does with so many rows that are not locked."""
    scheme, folds, repeats = folds_asked(set_split(recipe, scheme="auto"), rows)
    if recipe.with_role("time"):
        return f"{counted(folds, 'step')} in time"
    words = {"kfold": counted(folds, "fold"), "repeated": f"{counted(folds, 'fold')} × {repeats}"}
    return words.get(scheme, SCHEMES[scheme].lower())


def _role(recipe: Recipe, role: Role, text: str, about: str) -> None:
    now = recipe.with_role(role)
    names = [
        column.name
        for column in recipe.columns
        if column.role != "target"
        and column.kind != "constant"
        and (role == "group" or column.kind in ORDERED)
    ]
    shown = shortened(names, 24)
    bound = state.bind(
        f"prepare.{role}",
        now[0].name if now else None,
        lambda old, name: with_role(old, role, name),
        f"{role} column",
        words=map(shown, names),
    )
    st.selectbox(
        text,
        names,
        index=None,
        placeholder="No column",
        format_func=shown,
        help=about,
        **bound,
    )


def with_role(recipe: Recipe, role: Role, name: str | None) -> Recipe:
    """The recipe in which that column, or none, has a role that only one column can have."""
    if name is not None:
        return set_role(recipe, name, role)
    for column in recipe.with_role(role):
        recipe = set_role(recipe, column.name, "ignore" if column.kind == "id" else "feature")
    return recipe


def _more(recipe: Recipe) -> None:
    split = recipe.split
    with st.grid(4, min_column_width=190, gap="medium", vertical_alignment="center"):
        if split.scheme in ("kfold", "repeated"):
            st.number_input(
                "Folds",
                2,
                20,
                help="Used by cross-validation, repeated or not.",
                **state.bind("prepare.folds", split.folds, lambda old, n: set_split(old, folds=n), "folds"),
            )
        if split.scheme == "repeated" and not (recipe.with_role("time") or recipe.with_role("group")):
            st.number_input(
                "Repeats",
                1,
                10,
                help="How often the folds are drawn anew.",
                **state.bind(
                    "prepare.repeats", split.repeats, lambda old, n: set_split(old, repeats=n), "repeats"
                ),
            )
        st.number_input(
            "Seed",
            0,
            2**31 - 1,
            help="Everything random follows from it: the same seed gives the same numbers.",
            **state.bind("prepare.seed", recipe.seed, set_seed, "seed"),
        )
        st.toggle(
            "Drop duplicates",
            help="Duplicates, rows that repeat an earlier row, are left out: no copy stands in the test set.",
            **state.bind("prepare.once", recipe.drop_duplicates, drop_duplicates, "drop duplicates"),
        )
        st.toggle(
            "Any order of rows",
            help="Rows are drawn and learned from by their content: the same rows in another order give the "
            "same split and the same model. Without it, a file that was sorted anew gives another one.",
            **state.bind("prepare.order", recipe.split.order == "content", with_order, "order of rows"),
        )


def with_order(recipe: Recipe, any_order: bool) -> Recipe:
    """The recipe whose rows are taken by their content, or as they stand in the file."""
    return set_split(recipe, order="content" if any_order else "file")
