"""What can be typed as an address: the root and the name of each page, and the way Back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from ui.frame.page_list import PLACES


def _type(visitor: Visitor, address: str) -> Visitor:
    visitor.page.goto(f"{visitor.server.url}/{address}", wait_until="commit")
    return visitor.settle()


@pytest.mark.parametrize("address", ["", PLACES[0].id, PLACES[3].id])
def test_an_address_shows_its_page_and_marks_it_in_the_menu(visit: Visit, address: str) -> None:
    wanted = next(place for place in PLACES if place.id == (address or PLACES[0].id))
    visitor = _type(visit(), address)
    expect(visitor.title).to_contain_text(wanted.title)
    expect(visitor.page.get_by_text("Page not found")).to_have_count(0)
    links = visitor.page.get_by_test_id("stSidebarNavLink")
    expect(links).to_have_count(len(PLACES))
    expect(links.and_(visitor.page.locator("[aria-current=page]"))).to_contain_text(wanted.title)
    visitor.healthy()


def test_back_leaves_and_returns_to_a_first_page_that_was_typed(visit: Visit) -> None:
    first, other = PLACES[0], PLACES[3]
    visitor = _type(visit(), first.id)
    visitor.page.get_by_test_id("stSidebarNavLink").filter(has_text=other.title).click()
    expect(visitor.title).to_contain_text(other.title)
    visitor.page.go_back()
    expect(visitor.title).to_contain_text(first.title)
    visitor.healthy()
