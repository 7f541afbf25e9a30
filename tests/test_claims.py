"""What is claimed of chance names the simulation that backs it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from core.claims import CLAIMS, measured

ROOT = Path(__file__).resolve().parent.parent
PAGES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "ui").rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("about", CLAIMS)
def test_a_claim_has_a_simulation_a_page_with_its_figures_and_readers(about: str) -> None:
    claim = CLAIMS[about]
    module = f"benchmarks.decided.{claim.simulation}"
    assert importlib.util.find_spec(module) is not None
    (page,) = (ROOT / "docs" / "decisions").glob(f"{claim.decision:04d}-*.md")
    assert f"python -m {module}" in page.read_text(encoding="utf-8")
    assert f"python -m {module}" in measured(about)
    assert f'measured("{about}")' in PAGES or f"measured('{about}')" in PAGES
    assert f"python -m {module}" in README
