"""What a catalog calls its entries, without waiting for the catalog to be imported."""

from __future__ import annotations

import sys
from typing import Any, Literal

from core.catalog.metrics import METRICS
from ui.widgets.text import words

Catalogued = Literal["model", "step", "feature", "selector"]
_HOMES: dict[Catalogued, tuple[str, str]] = {
    "model": ("core.catalog.models", "MODELS"),
    "step": ("core.catalog.steps", "STEPS"),
    "feature": ("core.catalog.features", "FEATURES"),
    "selector": ("core.catalog.selectors", "SELECTORS"),
}


def short_metric(metric: str) -> str:
    """The name of a metric where there is little room."""
    return METRICS[metric].short or METRICS[metric].label if metric in METRICS else words(metric)


def name_of(kind: Catalogued, entry: str) -> str:
    """The label of a catalog entry; until something else has imported the catalog, its id as words.

    The catalogs bring scikit-learn with them, and the head of a page must not wait for that.
    """
    module, name = _HOMES[kind]
    catalog: Any = getattr(sys.modules.get(module), name, ())
    return str(catalog[entry].label) if entry in catalog else words(entry)
