"""What the checks found, the worst first, each with the click that cures it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.catalog.checks import CHECKS
from core.checks.finding import Finding, Fix
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.fixes import all_applied, go_together
from core.standalone.counts import counted, first_of
from ui.data import check_limits, letting_stand
from ui.frame import row_split
from ui.widgets import state
from ui.widgets.remembered import keep, remembered
from ui.widgets.short_names import distinct_names
from ui.widgets.text import count, label

TOGETHER_FROM, MOST_CARDS = 4, 9
"""Findings of one check that share a card, and cards from which two of one check do already."""
NAMED, MOST_LINES = 6, 30
ICONS = {
    "error": ":red[:material/error:]",
    "warn": ":orange[:material/warning:]",
    "info": ":gray[:material/info:]",
}
NOUNS = {"error": ("problem", "problems"), "warn": ("warning", "warnings"), "info": ("note", "notes")}
_OPEN = "findings.open"


def draw(recipe: Recipe, findings: Sequence[Finding], count_them: bool = True) -> None:
    """Draw findings as cards: problems and warnings at once, notes behind a click.

    Args:
        count_them: whether a line says how many there are; left out where another line takes its place.
    """
    nothing = ":green[:material/check_circle:] The checks found nothing that would spoil a model."
    if count_them or not findings:
        st.caption(" · ".join(_numbers(findings)) or nothing)
    loud = [one for one in findings if one.severity != "info"]
    _groups(grouped(loud), grouped([one for one in findings if one.severity == "info"]))
    check_limits.expander(recipe)


def _groups(loud: list[list[Finding]], notes: list[list[Finding]]) -> None:
    cards(loud, "loud")
    if notes:
        number = sum(len(group) for group in notes)
        title = f"{count(number)} {NOUNS['info'][number > 1]} worth knowing"
        # Its title is part of what it is to the browser: with another number it would close.
        key = f"{_OPEN}.{number}"
        with st.expander(
            title,
            remembered(_OPEN, False),
            key=key,
            icon=":material/info:",
            on_change=lambda: keep(_OPEN, st.session_state[key]),
        ):
            cards(notes, "notes")


def _numbers(findings: Sequence[Finding]) -> list[str]:
    words = []
    for severity, nouns in NOUNS.items():
        number = sum(finding.severity == severity for finding in findings)
        if number:
            words.append(f"{ICONS[severity]} {count(number)} {nouns[number > 1]}")
    return words


def grouped(unsorted: Sequence[Finding]) -> list[list[Finding]]:
    """Findings of one check, severity and cure together when there are many of them; the order is kept."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in unsorted:
        cure = "/".join(fix.label for fix in (finding.fix, finding.other_fix) if fix)
        alike.setdefault((finding.code, finding.severity, cure), []).append(finding)
    for together in (TOGETHER_FROM, 2):
        groups: list[list[Finding]] = []
        for findings in alike.values():
            groups += [findings] if len(findings) >= together else [[one] for one in findings]
        if len(groups) <= MOST_CARDS:
            break
    return groups


def cards(groups: list[list[Finding]], key: str) -> None:
    """Draw groups of findings, each with its cure; nothing where there are none.

    Args:
        groups: as ``grouped`` gives them.
        key: of the widgets.
    """
    if not groups:
        return
    if len(groups) == 1:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"findings.{key}"):
            st.markdown(_text(groups[0]), width="stretch", help=_each(groups[0]))
            _cures(groups[0], f"finding.{key}.0")
        return
    with st.grid(min(3, len(groups)), min_column_width=280, gap="small", key=f"findings.{key}"):
        for position, group in enumerate(groups):
            with st.container(border=True, height="stretch", gap="small", vertical_alignment="distribute"):
                st.markdown(_text(group), help=_each(group))
                _cures(group, f"finding.{key}.{position}")


def _text(group: list[Finding]) -> str:
    first = group[0]
    names = {check.code: check.label for check in CHECKS}
    title = f"{ICONS[first.severity]} **{names.get(first.code, label(first.code))}**"
    if len(group) == 1:
        column = f" · {label(first.column, 80)}" if first.column else ""
        return f"{title}{column}  \n:small[{label(first.reason, 400)}]"
    shown = first_of([label(name) for name in distinct_names((one.column for one in group), 30)], NAMED)
    whose = "" if len({one.reason for one in group}) == 1 else f"Of {label(first.column, 60)}: "
    reason = f"{whose}{label(first.reason, 300)}"
    return f"{title} · {counted(len(group), 'column')}  \n:small[{shown}. {reason}]"


def _each(group: list[Finding]) -> str | None:
    """What was found of each column of a group, for the mouse; None where one sentence tells it."""
    if len({one.reason for one in group}) == 1:
        return None
    lines = [f"- **{label(one.column, 80)}**: {label(one.reason, 200)}" for one in group[:MOST_LINES]]
    more = f"\n\nAnd {count(len(group) - MOST_LINES)} more." if len(group) > MOST_LINES else ""
    return "\n".join(lines) + more


def _cures(group: list[Finding], key: str) -> None:
    others = [one.other_fix for one in group if one.other_fix]
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        _fix(group, [one.fix for one in group if one.fix], key)
        _fix(group, others, f"{key}.other")
        if group[0].severity != "info":
            letting_stand.choice(group, f"{key}.stand")


def _fix(group: list[Finding], fixes: list[Fix], key: str) -> None:
    if not go_together(state.recipe(), fixes):
        return
    words = label(fixes[0].label) + (f" ({count(len(fixes))})" if len(fixes) > 1 else "")
    column = group[0].column if len(group) == 1 else counted(len(group), "column")
    about = f"{fixes[0].label.lower()}: {column}" if column else fixes[0].label.lower()
    st.button(
        words,
        key=key,
        icon=":material/healing:",
        on_click=_apply,
        args=(fixes, about),
        help="Changes the recipe, not the data. You can undo it.",
    )


def _apply(fixes: Sequence[Fix], words: str) -> None:
    try:
        refusal = row_split.refusal(state.recipe(), all_applied(state.recipe(), fixes))
    except FoldlineError as error:
        refusal = error
    if refusal is not None:
        state.refuse(refusal)
        return
    state.edit(lambda recipe: all_applied(recipe, fixes), words)
