"""What a page shows of a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.export.bundle.open import Bundle, open_bundle
from core.recipe.difference import model_words
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint

SHOWN_LEVELS = 50


def bundle_facts(bundle: Bundle) -> dict[str, Any]:
    """What a page shows of an opened bundle."""
    manifest = bundle.manifest
    rows = bundle.sample.rows
    return {
        "task": manifest.task,
        "target": manifest.target,
        "classes": list(manifest.classes),
        "created": manifest.created,
        "versions": manifest.versions,
        "other_versions": {name: list(pair) for name, pair in bundle.other_versions.items()},
        "scores": manifest.scores,
        "model": model_words(bundle.recipe.chosen),
        "positive": manifest.positive,
        "threshold": manifest.threshold,
        "inputs": [
            {"name": c.name, "kind": c.kind, "low": c.low, "high": c.high, "levels": c.levels[:SHOWN_LEVELS]}
            for c in bundle.schema.inputs
        ],
        "example": dict(zip(bundle.sample.columns, rows[0], strict=True)) if rows else {},
        "has_reference": bundle.reference_profile is not None,
    }


def written_facts(recipe: Recipe, path: Path) -> dict[str, Any]:
    """What a page shows of a bundle that was just written, after opening it again as a stranger would."""
    bundle = open_bundle(path)
    return {
        "name": f"{recipe.source.name}, {model_words(recipe.chosen)}",
        "bytes": path.stat().st_size,
        "members": sorted(bundle.manifest.members),
        "tested_rows": len(bundle.sample.rows),
        "fingerprint": fingerprint(recipe, "fit"),
        **bundle_facts(bundle),
    }
