"""Judge the chosen model: curves, mistakes, reasons, and the locked test set."""

from ui.frame.router import through_router

through_router()

import streamlit as st

from core.engine import jobs
from core.results.evaluate import EvaluateResult
from ui.data import letting_stand
from ui.evaluate import locked_test_set as locked_set
from ui.evaluate import test_scores as judged_scores
from ui.evaluate import validation
from ui.frame import page, row_split
from ui.frame.session import project, workspace
from ui.jobs.job_panel import job_panel
from ui.jobs.staleness import standing

recipe = page.start("evaluate")
page.need_target(recipe)
letting_stand.banner(recipe)
letting_stand.after_comparison(recipe)
if recipe.chosen is None:
    locked_set.offer_model(recipe)
    st.stop()

last = jobs.latest(workspace(), project(), "evaluate")
busy = last is not None and last.is_active
shown = standing(EvaluateResult, recipe, "fit")
is_open = shown is not None and shown.fresh
able = is_open or not row_split.banner(recipe)
if able and not is_open:
    locked_set.locked(recipe, busy)
job_panel("evaluate")
if able and not is_open and not busy:
    validation.draw(recipe)

if shown is not None and shown.payload.task == recipe.task:
    result = shown.payload
    if shown.fresh:
        judged_scores.cards(result, recipe.metric)
        judged_scores.facts(result)
        validation.advice(validation.stored_advice(recipe), "evaluate.advice")
        validation.tabs(recipe, result, lambda: judged_scores.scores(result, recipe.metric))
    else:
        judged_scores.of_earlier(shown, recipe.metric)
    page.next_step("export", "Take the model away")
