"""Compare models on the same folds and see which differences are real."""

from ui.frame.router import through_router

through_router()

from core.engine import jobs
from core.results.compare import CompareResult
from ui.data import letting_stand
from ui.frame import page, row_split
from ui.frame.session import project, workspace
from ui.jobs.job_panel import job_panel
from ui.jobs.staleness import banner, standing
from ui.models import leaderboard, model_choice

recipe = page.start("models")
page.need_target(recipe)
letting_stand.banner(recipe)

last = jobs.latest(workspace(), project(), "compare")
busy = last is not None and last.is_active
shown = standing(CompareResult, recipe, "compare")
fresh = shown is not None and shown.fresh
model_choice.draw(recipe, busy, primary=not fresh, able=not row_split.banner(recipe))
job_panel("compare", keeps_best=True, live=leaderboard.live)

if shown is None and not busy:
    page.empty(
        "No comparison yet",
        "Press **Compare**: every model is fitted on the same folds, with a baseline that it must beat. "
        "The board fills while they run, and shows which differences are real.",
        offer_samples=False,
    )
if shown is not None and not busy:
    banner(shown, "models.again", model_choice.start)
    letting_stand.carried(shown.payload)
    leaderboard.draw(recipe, shown)
if recipe.chosen is not None:
    page.next_step("tune", "Tune it")
