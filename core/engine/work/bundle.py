"""Jobs that take a model out and back in: export a bundle, open one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.data.table import Table
from core.engine.context import Context
from core.engine.work.data import columns_of
from core.engine.work.inputs import recipe_of, work_of
from core.engine.work.model_facts import held_out, known_scores, report_of, weights
from core.export.bundle.open import Bundle, open_bundle
from core.export.bundle.schema import describe
from core.export.bundle.write import write_bundle
from core.export.card import card
from core.recipe.difference import model_words
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.train.fit import fit, rows_of

SAMPLE_ROWS = 20
SHOWN_LEVELS = 50
BUNDLE = "bundle.zip"


def card_of(ctx: Context, recipe: Recipe, table: Table, report: dict[str, Any]) -> str:
    """The model card with what the project knows: scores, importance, findings."""
    inspected = ctx.workspace.result(ctx.project, "inspect", fingerprint(recipe, "data"))
    _, tested = known_scores(ctx, recipe)
    return card(
        recipe,
        report,
        importance=list((weights(tested) or {}).items()),
        findings=inspected["findings"] if inspected else (),
        source_sha=table.source_sha,
    )


def do_export(ctx: Context) -> dict[str, Any]:
    """Fit the chosen model for keeps and write its bundle.

    Spec: ``recipe``, ``part`` (``all`` or ``train``), ``joblib`` (add model.joblib).
    """
    recipe, part = recipe_of(ctx), ctx.spec.get("part", "all")
    work = work_of(ctx, recipe)
    table = ctx.workspace.table(ctx.project, recipe.source.table)
    ctx.progress(0, 3, "Fitting")
    pipeline = fit(work, part)
    ctx.progress(1, 3, "Describing the training rows")
    report = report_of(ctx, recipe, work)
    used = work.frame.iloc[rows_of(work, part)]
    words = card_of(ctx, recipe, table, report)
    profile = held_out(ctx, work, report, pipeline if part == "train" else fit(work, "train"))
    ctx.progress(2, 3, "Writing and testing the bundle")
    path = ctx.folder / BUNDLE
    write_bundle(
        path,
        pipeline,
        recipe,
        describe(recipe, columns_of(recipe, table), used),
        used.head(SAMPLE_ROWS),
        words,
        {"cv": report["cv_score"], "test": report["test"], "test_opened": report["test_opened"]},
        table=table,
        reference_profile=profile,
        joblib=bool(ctx.spec.get("joblib")),
    )
    payload = {"part": part, "rows": len(used), "card": words, "report": report, **packed(recipe, path)}
    key = f"{payload['fingerprint']}-{part}"
    payload["result"] = ctx.workspace.put_result(ctx.project, "export", key, payload, {BUNDLE: path})
    ctx.progress(3, 3, "Done")
    return payload


def packed(recipe: Recipe, path: Path) -> dict[str, Any]:
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


def bundle_facts(bundle: Bundle) -> dict[str, Any]:
    """What a page shows of an opened bundle."""
    manifest = bundle.manifest
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
        "example": dict(zip(bundle.sample.columns, bundle.sample.rows[0], strict=True))
        if bundle.sample.rows
        else {},
        "has_reference": bundle.reference_profile is not None,
    }


def do_open(ctx: Context) -> dict[str, Any]:
    """Open a bundle, test it, and keep it for predicting. Spec: ``path`` (in tmp), ``name``."""
    # Under a name of our own, which a refusal can tell; a refused file goes with the job's folder.
    path = Path(ctx.spec["path"]).replace(ctx.folder / BUNDLE)
    facts = {"name": ctx.spec["name"], **bundle_facts(open_bundle(path))}
    facts["result"] = ctx.workspace.put_result(ctx.project, "bundle", "opened", facts, {BUNDLE: path})
    return facts


def bundle_path(ctx: Context) -> Path:
    """The bundle that a spec names: ``bundle`` (a path, on the command line) or ``result`` of the project."""
    if "result" in ctx.spec:
        return ctx.workspace.result_file(ctx.project, ctx.spec["result"], BUNDLE)
    return Path(ctx.spec["bundle"])
