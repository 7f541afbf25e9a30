"""What the checks found of the columns that divide the rows, or should, with the clicks that mend it."""

from __future__ import annotations

from core.engine.job_specs import InspectSpec
from core.findings import GROUPED
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.inspect import InspectResult
from ui.data import findings
from ui.jobs.current_result import current, watch


def warnings(recipe: Recipe) -> None:
    """Draw what was found of columns with the role group or time, and of rows that belong together."""
    names = {column.name for role in ("group", "time") for column in recipe.with_role(role)}
    aside = [column for column in recipe.with_role("ignore") if column.kind != "constant"]
    if not names and not aside:
        return
    looked = current(InspectResult, InspectSpec(recipe=recipe, key=fingerprint(recipe, "data")))
    watch(looked, recipe)
    if looked.is_fresh and looked.result:
        loud = [one for one in looked.result.findings if one.column in names or one.code == GROUPED]
        stand = {one.key for one in recipe.accepted}
        loud = [one for one in loud if one.severity != "info" and (one.code, one.column) not in stand]
        findings.cards(findings.grouped(loud), "rows")
