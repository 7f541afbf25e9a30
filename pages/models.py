"""Compare models on the same folds and see which differences are real."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("models")
page.need_target(recipe)
