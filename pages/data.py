"""Load a table, say what each column means and what to predict."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("data")
if not recipe.source.table:
    page.empty("Start with a table", "Take a sample to look around, or load a file of your own.")
else:
    page.next_step("prepare", "Prepare")
