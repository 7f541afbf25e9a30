"""Jobs that take a model out and back in: export a bundle, open one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from core.data.table import Table
from core.drift.profile.document import ReferenceProfile
from core.drift.profile.interval import Conformal
from core.drift.profile.learned_rows import LearnedRows
from core.drift.tests.lots import Codes
from core.engine.context import Context
from core.engine.job_specs import ExportSpec, OpenSpec
from core.engine.work.advice import advice_of
from core.engine.work.bundle_reference import reference_of
from core.engine.work.data import inspection
from core.engine.work.inputs import stored_result, work_of
from core.engine.work.intervals import INTERVAL, interval_of
from core.engine.work.looks import looks_of
from core.engine.work.owners import owners_of
from core.export.bundle.disclosure import disclosures
from core.export.bundle.facts import opened, written
from core.export.bundle.published import (
    columns_of_names,
    made_up_rows,
    published_schema,
    rows_without_names,
)
from core.export.bundle.schema import Schema, describe
from core.export.bundle.write import write_bundle
from core.export.card import card
from core.export.model_report import importance_of, model_report
from core.recipe.columns import columns_of
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.results.bundle import Disclosure, ExportResult, ModelReport, OpenResult
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.inspect import InspectResult
from core.results.parts import Parts
from core.results.tune import TuneResult
from core.store.models import BUNDLE
from core.train.fit import fit, rows_of
from core.train.rows.opened import Looks
from core.train.rows.target import as_learned
from core.train.work import Work
from core.watch.learned import input_keys

SAMPLE_ROWS = 20
THRESHOLD_ADVICE = "threshold advice"


@dataclass(frozen=True)
class Findings:
    """What the project has found out about a recipe's model; each None when it has not."""

    inspected: InspectResult
    compared: CompareResult | None
    tested: EvaluateResult | None
    tuned: TuneResult | None
    looks: Looks


def findings_of(ctx: Context, recipe: Recipe, tuned: str) -> Findings:
    """The results that hold for a recipe, and the search of that fingerprint; missing checks are made."""
    return Findings(
        stored_result(ctx, InspectResult, fingerprint(recipe, "data")) or inspection(ctx, recipe),
        stored_result(ctx, CompareResult, fingerprint(recipe, "compare")),
        stored_result(ctx, EvaluateResult, fingerprint(recipe, "fit")),
        stored_result(ctx, TuneResult, tuned),
        looks_of(ctx.workspace, ctx.project, recipe),
    )


def do_export(ctx: Context, spec: ExportSpec) -> ExportResult:
    """Fit the chosen model for keeps, write its bundle, and register it as a version."""
    work = work_of(ctx, spec.recipe)
    path = ctx.folder / BUNDLE
    words, report, tells = write(ctx, spec, work, path)
    how = spec.how
    result = written(spec.recipe, path, how, len(rows_of(work, how.part)), words, report, tells)
    version = registered(ctx, spec, path, result)
    ctx.progress(3, 3, "Done")
    return result.model_copy(update={"result": version})


def registered(ctx: Context, spec: ExportSpec, path: Path, result: ExportResult) -> str:
    """The bundle as the newest version of its model, with the run that judged it; gives its id."""
    tested = stored_result(ctx, EvaluateResult, result.fingerprint)
    return ctx.workspace.add_version(
        ctx.project,
        path,
        result,
        recipe=spec.recipe,
        fingerprint=result.fingerprint,
        part=spec.how.part,
        job=ctx.job,
        run=tested.run if tested else "",
    )


def write(
    ctx: Context, spec: ExportSpec, work: Work, path: Path
) -> tuple[str, ModelReport, tuple[Disclosure, ...]]:
    """Fit the model and write the bundle; gives its card, the report, and what it tells about rows."""
    recipe, part = spec.recipe, spec.how.part
    table = ctx.workspace.table(ctx.project, recipe.source.table)
    ctx.progress(0, 3, "Fitting")
    pipeline = fit(work, part)
    ctx.progress(1, 3, "Describing the training rows")
    findings = findings_of(ctx, recipe, spec.tuned)
    report = report_of(ctx, work, findings, len(table.columns))
    importance, owners = importance_of(findings.tested), owners_of(work, table)
    known = reference_of(work, part, pipeline, report, importance, owners)
    report, profile = with_interval(ctx, work, report, known)
    used = work.frame.iloc[rows_of(work, part)]
    schema = _schema(recipe, table, used, owners.of(rows_of(work, part)))
    sample, names = _sample_rows(recipe, schema, used, spec.how.made_up)
    tells = disclosures(recipe, profile, schema, pipeline, len(sample), spec.how.made_up, owners.names, names)
    words = card(
        recipe,
        report,
        importance=list((importance or {}).items()),
        findings=findings.inspected.findings,
        source_sha=table.source_sha,
        tells=tells,
    )
    ctx.progress(2, 3, "Writing and testing the bundle")
    write_bundle(
        path,
        pipeline,
        recipe,
        schema,
        sample,
        words,
        report.scores,
        table=table,
        reference_profile=profile.to_dict(),
        learned=LearnedRows.of(input_keys(profile, as_learned(recipe, used))).to_bytes(),
        joblib=spec.how.joblib,
    )
    return words, report, tells


def report_of(ctx: Context, work: Work, findings: Findings, columns: int) -> ModelReport:
    """What is known of the recipe's model, with another threshold where one is advised.

    Where that cannot be looked for, the report names it.

    Args:
        columns: of the table.
    """
    report = model_report(
        work.recipe, work, findings.compared, findings.tuned, findings.tested, findings.looks, columns
    )
    parts = Parts()
    advice = parts.of(THRESHOLD_ADVICE, lambda: advice_of(ctx, work), None)
    return report.model_copy(update={"advice": advice, "left_out": tuple(parts.failed)})


def with_interval(
    ctx: Context, work: Work, report: ModelReport, profile: ReferenceProfile
) -> tuple[ModelReport, ReferenceProfile]:
    """Both with the interval of a predicted number; where that fails, the report names it."""
    parts = Parts()
    unknown: Conformal | str = "the validation rows could not be predicted"
    found = parts.of(INTERVAL, lambda: interval_of(ctx, work, profile), unknown)
    left_out = (*report.left_out, *parts.failed)
    return report.model_copy(update={"interval": found, "left_out": left_out}), replace(
        profile, interval=found
    )


def _sample_rows(
    recipe: Recipe, schema: Schema, used: pd.DataFrame, made_up: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows by which a bundle is tested, and the columns of which they hold nothing that is real."""
    if made_up:
        return made_up_rows(schema, SAMPLE_ROWS), ()
    names = columns_of_names(schema, used, recipe.export.told)
    return rows_without_names(used.head(SAMPLE_ROWS), names), names


def _schema(recipe: Recipe, table: Table, used: pd.DataFrame, groups: Codes | None) -> Schema:
    """What a bundle says of its columns, without what few of the rows that were used share."""
    described = describe(recipe, columns_of(recipe, table), used)
    return published_schema(described, used, groups, recipe.export.told)


def do_open(ctx: Context, spec: OpenSpec) -> OpenResult:
    """Open a bundle, test it, and keep it for predicting."""
    # Under a name of our own, which a refusal can tell; a refused file goes with the job's folder.
    path = Path(spec.path).replace(ctx.folder / BUNDLE)
    result = opened(path, spec.name)
    kept = ctx.workspace.put_result(ctx.project, "bundle", "opened", result, {BUNDLE: path})
    return result.model_copy(update={"result": kept})
