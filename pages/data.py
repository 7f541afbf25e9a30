"""Load a table, say what each column means and what to predict."""

from ui.router import through_router

through_router()

from ui import page
from ui.job_panel import job_panel

recipe = page.start("data")
reading = job_panel("read")
if recipe.source.table:
    page.next_step("prepare", "Prepare")
elif reading is None or not reading.is_active:
    page.empty("Start with a table", "Take a sample to look around, or load a file of your own.")
