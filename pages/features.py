"""Add columns computed from others and keep the ones that help."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("features")
page.need_target(recipe)
