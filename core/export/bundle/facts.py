"""What a page shows of a bundle."""

from __future__ import annotations

from pathlib import Path

from core.export.bundle.open import Bundle, open_bundle
from core.recipe.difference import model_words
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.recipe.usage import Export
from core.results.bundle import BundleFacts, BundleInput, Disclosure, ExportResult, ModelReport, OpenResult

SHOWN_LEVELS = 50


def bundle_facts(bundle: Bundle) -> BundleFacts:
    """What a page shows of any opened bundle."""
    manifest = bundle.manifest
    rows = bundle.sample.rows
    inputs = (c.model_dump(include={"name", "kind", "low", "high", "levels"}) for c in bundle.schema.inputs)
    return BundleFacts(
        task=manifest.task,
        target=manifest.target,
        classes=manifest.classes,
        created=manifest.created,
        versions=manifest.versions,
        other_versions=bundle.other_versions,
        scores=manifest.scores,
        model=model_words(bundle.recipe.chosen),
        positive=manifest.positive,
        threshold=manifest.threshold,
        inputs=tuple(BundleInput(**c | {"levels": c["levels"][:SHOWN_LEVELS]}) for c in inputs),
        example=dict(zip(bundle.sample.columns, rows[0], strict=True)) if rows else {},
        has_reference=bundle.reference_profile is not None,
        drift=bundle.recipe.drift,
        metric=bundle.recipe.metric,
    )


def written(
    recipe: Recipe,
    path: Path,
    how: Export,
    rows: int,
    card: str,
    report: ModelReport,
    tells: tuple[Disclosure, ...],
) -> ExportResult:
    """What a page shows of a bundle that was just written, after opening it again as a stranger would.

    Args:
        path: of the bundle.
        rows: that the model learned from.
        tells: what it tells about them.
    """
    bundle = open_bundle(path)
    return ExportResult(
        **dict(bundle_facts(bundle)),
        name=f"{recipe.source.name}, {model_words(recipe.chosen)}",
        part=how.part,
        rows=rows,
        card=card,
        report=report,
        bytes=path.stat().st_size,
        members=tuple(sorted(bundle.manifest.members)),
        tested_rows=len(bundle.sample.rows),
        fingerprint=fingerprint(recipe, "fit"),
        made_up=how.made_up,
        tells=tells,
    )


def opened(path: Path, name: str) -> OpenResult:
    """What a page shows of a bundle that somebody brought, after testing it; ``name`` is that of its file."""
    return OpenResult(**dict(bundle_facts(open_bundle(path))), name=name)
