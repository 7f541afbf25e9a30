"""Everything that was run, with what it was run on."""

from ui.router import through_router

through_router()

from ui import page

recipe = page.start("runs")
page.empty("Nothing was run yet", "Each comparison, search and fit will be listed here.", offer_samples=False)
