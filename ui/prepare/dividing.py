"""What the checks found of the columns that divide the rows, with the clicks that mend it."""

from __future__ import annotations

from core.engine.job_specs import InspectSpec
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.inspect import InspectResult
from ui.data import findings
from ui.jobs.current_result import current, watch


def warnings(recipe: Recipe) -> None:
    """Draw the problems and warnings of the columns with the role group or time; nothing without such."""
    names = {column.name for role in ("group", "time") for column in recipe.with_role(role)}
    if not names:
        return
    looked = current(InspectResult, InspectSpec(recipe=recipe, key=fingerprint(recipe, "data")))
    watch(looked, recipe)
    if looked.is_fresh and looked.result:
        loud = [one for one in looked.result.findings if one.column in names and one.severity != "info"]
        findings.cards(findings.grouped(loud), "rows")
