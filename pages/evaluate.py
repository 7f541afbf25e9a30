"""Judge the chosen model: curves, mistakes, reasons, and the locked test set."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("evaluate")
page.need_target(recipe)
