"""A problem that the checks found: let stand with a reason, or carried to later pages until mended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import streamlit as st

from core.checks.finding import Finding
from core.engine.job_specs import InspectSpec
from core.findings import unsettled
from core.recipe import edits, usage_edits
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.recipe.usage import MOST_REASON
from core.results.compare import CompareResult
from core.results.inspect import InspectResult
from core.standalone.counts import counted
from core.train.ranking.wording import unbeaten_words
from ui.frame.page_list import place
from ui.frame.session import own
from ui.jobs.results import newest_of, spec_of, stored_under
from ui.widgets import state
from ui.widgets.text import count, label


def choice(alike: Sequence[Finding], key: str) -> None:
    """Draw how problems of one kind can be let stand, or why they are and how to take that back."""
    keys = [(one.code, one.column) for one in alike]
    accepted = next((one for one in state.recipe().accepted if one.key == keys[0]), None)
    about = (
        f"{keys[0][0]} {keys[0][1]}".strip()
        if len(keys) == 1
        else f"{keys[0][0]} of {counted(len(keys), 'column')}"
    )
    if accepted is not None:
        st.caption(f":material/check: Let stand: {label(accepted.reason, MOST_REASON)}")
        st.button(
            "Count it again",
            key=f"{key}.back",
            type="tertiary",
            on_click=state.edit,
            args=(_each(usage_edits.accept_no_more, keys), f"no longer accepted: {about}"),
        )
        return
    with st.popover("Let it stand…", type="tertiary", key=key):
        st.markdown("Why can the scores be trusted all the same? The reason stands in the model card.")
        reason = st.text_input("Reason", key=own(f"{key}.reason"), max_chars=MOST_REASON)
        st.button(
            "Let it stand",
            key=f"{key}.go",
            disabled=not reason.strip(),
            on_click=state.edit,
            args=(_each(usage_edits.accept, keys, reason), f"accepted: {about}"),
        )


def _each(
    change: Callable[..., Recipe], keys: list[tuple[str, str]], *more: str
) -> Callable[[Recipe], Recipe]:
    return lambda recipe: reduce(lambda changed, key: change(changed, *key, *more), keys, recipe)


def newest_findings(recipe: Recipe) -> tuple[Finding, ...]:
    """What the checks found for a recipe; until they ran again, what they found before that still holds."""
    inspected = stored_under(InspectResult, fingerprint(recipe, "data"))
    if inspected is not None:
        return inspected.findings
    newest = newest_of(InspectResult)
    asked = spec_of(InspectSpec, newest[0]) if newest else None
    if newest is None or asked is None:
        return ()
    same = all(getattr(asked.recipe, name) == getattr(recipe, name) for name in ("target", "task"))
    if not same or asked.recipe.source.table != recipe.source.table:
        return ()
    concerned = {recipe.target, *(column.name for column in recipe.inputs)}
    dividing = (*recipe.with_role("group"), *recipe.with_role("time"))
    aside = recipe.with_role("ignore")
    concerned |= {column.name for column in (*dividing, *aside) if column in asked.recipe.columns}
    if all(getattr(asked.recipe, name) == getattr(recipe, name) for name in ("drop_duplicates", "apart")):
        concerned.add("")  # findings about rows
    return tuple(one for one in newest[1].findings if one.column in concerned)


def banner(recipe: Recipe) -> None:
    """Draw the problems of the table that nobody mended or let stand; nothing where there are none."""
    problems = unsettled(newest_findings(recipe), recipe.accepted)
    if not problems:
        return
    more = f" And {count(len(problems) - 1)} more." if len(problems) > 1 else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="unsettled"):
        st.markdown(
            f":red[:material/error:] **These scores may mislead.** {label(problems[0].reason, 300)}{more}",
            width="stretch",
        )
        st.page_link(place("data").path, label="Mend it on Data", icon=place("data").icon)


def after_comparison(recipe: Recipe) -> None:
    """Draw what the comparison of this recipe showed: copies across the split, scores too good or bad."""
    compared = stored_under(CompareResult, fingerprint(recipe, "compare"))
    if compared is None:
        return
    carried(compared)
    for words, icon in ((compared.doubt, "help"), (compared.copies, "content_copy")):
        if words:
            st.warning(f"**These scores may mislead.** {label(words, 500)}", icon=f":material/{icon}:")
    unbeaten = unbeaten_words(compared, recipe.chosen.id if recipe.chosen else "")
    if unbeaten:
        st.warning(
            f"**No better than the baseline?** {label(unbeaten, 400)}", icon=":material/trending_flat:"
        )


def carried(compared: CompareResult) -> None:
    """Draw the question about the column that carries a very good score, with what can be done about it."""
    if compared.carrier is None:
        return
    finding = compared.carrier.finding
    is_accepted = any(one.key == (finding.code, finding.column) for one in state.recipe().accepted)
    draw = st.caption if is_accepted else st.warning
    draw(label(finding.reason, 500))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Leave it out",
            key="carried.leave_out",
            type="tertiary",
            on_click=state.edit,
            args=(
                lambda recipe: edits.set_role(recipe, finding.column, "ignore"),
                f"{finding.column} left out",
            ),
        )
        choice([finding], "carried")
