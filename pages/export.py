"""Take the model away: a bundle that runs anywhere, or the script that trains it."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("export")
page.need_target(recipe)
