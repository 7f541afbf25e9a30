"""One table takes the place of another while its widgets are on screen."""

from __future__ import annotations

from tests.e2e.conftest import Visit
from tests.e2e.server import Server

SWAPS = (("house_prices", "price"), ("product_type", "product_type"), ("churn", "churned"))


def test_another_table_brings_its_own_target_quietly(visit: Visit, server: Server) -> None:
    visitor = visit()
    visitor.open()
    visitor.click("Load", key="sample.wafer_yield.csv").wait_job("inspect").settle()
    for name, target in SWAPS:
        read, looked = (server.latest(visitor.project, kind) for kind in ("read", "inspect"))
        assert read is not None and looked is not None
        visitor.click("Load another table")
        # A popover hangs outside of the page's main part.
        card = visitor.page.get_by_test_id("stPopoverBody").locator(f".st-key-sample-{name}-csv")
        card.get_by_role("button").click()
        visitor.wait_job("read", after=read.id).wait_job("inspect", after=looked.id)
        visitor.settle().sees(f"{name}.csv").healthy()
        assert server.recipe(visitor.project).target == target
        assert "Uncaught app execution" not in server.said()
