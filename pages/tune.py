"""Search better hyperparameters for the model you chose."""

from ui.frame.router import through_router

through_router()

from core.engine import jobs
from ui.data import letting_stand
from ui.frame import page, row_split
from ui.frame.session import project, workspace
from ui.jobs.job_panel import job_panel
from ui.jobs.staleness import banner
from ui.models import search_plan, search_result
from ui.models import search_progress as search_course

recipe = page.start("tune")
page.need_target(recipe)
letting_stand.banner(recipe)
letting_stand.after_comparison(recipe)
search_plan.need_model(recipe)

last = jobs.latest(workspace(), project(), "tune")
busy = last is not None and last.is_active
shown = search_result.search_standing(recipe)
fresh = shown is not None and shown.fresh
search_plan.draw(recipe, busy, primary=not fresh, able=not row_split.banner(recipe))
job_panel("tune", keeps_best=True, live=search_course.live)

if shown is not None and not busy:
    banner(shown, "tune.again", search_plan.start)
    search_result.draw(recipe, shown)
page.next_step("evaluate", "Evaluate it")
