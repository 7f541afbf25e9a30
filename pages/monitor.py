"""Compare new data with the data the model learned from and decide whether to retrain."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("monitor")
page.need_target(recipe)
