"""Choose how gaps, outliers and categories are handled; learned on training rows only."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("prepare")
page.need_target(recipe)
