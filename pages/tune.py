"""Search better settings for the model you chose."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("tune")
page.need_target(recipe)
