"""What axe-core says of a page: each rule of WCAG A and AA that something on it breaks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

LEFT_OUT = '[data-testid="stSidebarNav"]'
"""The markup of the menu is Streamlit's own: groups that stand between a list and its items."""
RUN = """async (leftOut) => {
  const found = await axe.run({exclude: [[leftOut]]}, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})
  return found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 300)}`))
}"""


@cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """One text for each thing on the page that breaks a rule."""
    page.evaluate(_axe())
    broken: list[str] = page.evaluate(RUN, LEFT_OUT)
    return broken
