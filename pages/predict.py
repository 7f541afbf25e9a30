"""Apply the model to new rows or to a single case."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("predict")
page.need_target(recipe)
