"""What Chromium draws on the dark page can be read: each text against what lies behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.store.workspace import Workspace
from tests.e2e.conftest import Visit
from tests.e2e.prepared import Prepared
from tests.e2e.server import ROOT

LEAST = 4.5
WEAK = """(least) => {
  const parts = (text) => [...text.match(/[\\d.]+/g).map(Number), 1].slice(0, 4)
  const over = (top, low) => [0, 1, 2].map(i => top[i] * top[3] + low[i] * (1 - top[3])).concat(1)
  const style = (node) => getComputedStyle(node)
  const ground = (node) => {
    const found = []
    for (; node; node = node.parentElement) found.unshift(parts(style(node).backgroundColor))
    return found.reduce((low, top) => over(top, low), [255, 255, 255, 1])
  }
  const linear = (c) => c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4
  const light = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2])
  const contrast = (one, two) => {
    const [high, low] = [light(one), light(two)].sort((a, b) => b - a)
    return (high + 0.05) / (low + 0.05)
  }
  const weak = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), node = walk.currentNode.parentElement
    const apart = 'style, script, [disabled], [data-disabled], [data-testid="stIconMaterial"]'
    if (!text || !node.checkVisibility() || node.closest(apart)) continue
    // The value of a slider hangs from its knob and stands above it, on the page.
    const knob = node.closest('[data-testid="stSliderThumbValue"]')
    const behind = ground(knob ? knob.parentElement.parentElement : node)
    const found = contrast(over(parts(style(node).color), behind), behind)
    if (found < least) weak.push(`${text.slice(0, 40)}: ${found.toFixed(2)}`)
  }
  return weak
}"""


@pytest.fixture(scope="module")
def project(home: Path) -> str:
    """The churn sample, read and looked at."""
    found = Prepared(Workspace(home), "Contrast")
    found.read(ROOT / "sample_data" / "churn.csv")
    found.work("inspect")
    return found.project


@pytest.mark.parametrize("page", ["data", "prepare", "features", "models"])
def test_text_on_the_dark_page_can_be_read(page: str, project: str, visit: Visit) -> None:
    visitor = visit("dark").open(page, project).is_at(page)
    assert visitor.drawn().page.evaluate(WEAK, LEAST) == []
