"""The model card: what a model is for, how it was tested and where it ends, in plain words.

Sections follow Mitchell et al., Model Cards for Model Reporting (2019), as far as they can be known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core import __version__
from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.checks.finding import Finding
from core.digits import decimals, fixed, number, span
from core.drift.profile.interval import Conformal
from core.export.bundle.disclosure import keeps_rows
from core.export.markdown import escaped
from core.recipe.columns import model_columns
from core.recipe.document import Recipe
from core.recipe.labels import TASKS
from core.recipe.split import FILE_ORDER
from core.recipe.unused import unused
from core.recipe.usage import Accepted
from core.results.bundle import Disclosure, ModelReport
from core.results.evaluate import not_noted
from core.standalone.counts import counted

QUESTIONS = {
    "regression": "the number in the column",
    "binary": "which of two classes a row has in the column",
    "multiclass": "which of several classes a row has in the column",
}
MOST_COLUMNS = 40


def card(
    recipe: Recipe,
    report: ModelReport,
    *,
    importance: Sequence[tuple[str, float]] = (),
    findings: Sequence[Finding] = (),
    source_sha: str = "",
    tells: Sequence[Disclosure] = (),
) -> str:
    """The model card as Markdown.

    Args:
        importance: columns and how much the score suffers without them, most important first.
        findings: of the checks.
        source_sha: SHA-256 of the training file.
        tells: what the files of the bundle tell about the training rows.
    """
    parts = (
        _head(recipe, report),
        _data(recipe, report, source_sha),
        _validation(recipe, report),
        _columns(recipe, importance),
        _warnings(findings, recipe.accepted),
        _limits(recipe),
        _disclosures(tells),
        _versions(report),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(recipe: Recipe, report: ModelReport) -> str:
    chosen = recipe.chosen.model if recipe.chosen else report.chosen
    label = MODELS[chosen].label if chosen in MODELS else escaped(chosen)
    lines = [
        f"# Model card: {escaped(recipe.target)}",
        f"This model predicts {QUESTIONS[recipe.task]} **{escaped(recipe.target)}**.",
        f"- Task: {TASKS[recipe.task].lower()}",
        f"- Kind of model: {label}",
    ]
    if recipe.task == "binary":
        threshold = "0.5" if recipe.threshold is None else f"{recipe.threshold:g}, chosen by a person"
        lines.append(
            f"- Positive class: {escaped(recipe.positive)}, from a probability of {threshold} (threshold)"
        )
    if report.created:
        lines.append(f"- Made: {escaped(report.created)}")
    return f"{lines[0]}\n\n{lines[1]}\n\n" + "\n".join(lines[2:])


def _data(recipe: Recipe, report: ModelReport, source_sha: str) -> str:
    lines = [f"- File: {escaped(recipe.source.name or 'not named')}"]
    if source_sha:
        lines.append(f"- SHA-256 of the file: `{source_sha}`")
    read = f"the model reads {len(model_columns(recipe)):,} of them"
    lines.append(f"- {report.row_words}, {counted(report.columns, 'column')}; {read}")
    return "## Data\n\n" + "\n".join(lines)


def _validation(recipe: Recipe, report: ModelReport) -> str:
    lines = [f"- {escaped_sentence(report.words)}"] if report.words else []
    if recipe.split.order == "file":
        lines.append(f"- {FILE_ORDER}")
    lines += [f"- {escaped_sentence(sentence)}" for sentence in unused(recipe)]
    score = report.cv_score
    if score is not None and score.value is not None:
        interval = span(score.low, score.high, score.value)
        behind = f" (95% interval {interval})" if interval else _reason(score.why)
        value = number(score.value, score.low, score.high)
        where = f", {report.folds}" if report.folds else ""
        lines.append(f"- In validation{where}: {_metric(report.metric)} {value}{behind}")
    if report.unbeaten:
        lines.append(f"- **No better than the baseline?** {escaped_sentence(report.unbeaten)}")
    if report.undefined:
        lines.append(f"- {escaped_sentence(report.undefined)}")
    if report.copies:
        lines.append(f"- **Copies.** {escaped_sentence(report.copies)}")
    if report.doubt:
        lines.append(f"- **Too good?** {escaped_sentence(report.doubt)}")
    if report.carried:
        lines.append(f"- **One column carries it.** {escaped_sentence(report.carried)}")
    if report.hold_out:
        lines.append(f"- {escaped_sentence(report.hold_out)}")
    if report.advice is not None:
        lines.append(f"- **{escaped_sentence(report.advice.title)}** {escaped_sentence(report.advice.words)}")
    lines += _interval(report.interval)
    lines += [f"- **No {one.part}.** {escaped_sentence(one.problem)}" for one in report.left_out]
    text = "## How it was tested\n\n" + "\n".join(lines)
    return f"{text}\n\n{_test(report)}"


def _interval(known: Conformal | str) -> list[str]:
    """What is said of the interval of a predicted number."""
    why = f"No interval of a single prediction: {known}." if known else ""
    text = why if isinstance(known, str) else known.words
    return [f"- {escaped_sentence(text)}"] if text else []


def _test(report: ModelReport) -> str:
    if not report.test:
        return report.scores.no_test
    lines = ["| metric on the locked test set | value | 95% interval | baseline |", "|---|---|---|---|"]
    for metric, score in report.test.items():
        value = "not defined" if score.value is None else number(score.value, score.low, score.high)
        baseline = report.baseline.get(metric)
        plain = "not defined" if baseline is None else number(baseline, score.value, score.low, score.high)
        interval = span(score.low, score.high, score.value) or _none(score.why)
        lines.append(f"| {_metric(metric)} | {value} | {interval} | {plain} |")
    unfound = f"\n\n**No positive is found.** {escaped_sentence(report.unfound)}" if report.unfound else ""
    return "\n".join(lines) + f"{unfound}\n\n{_looks(report)}"


def _looks(report: ModelReport) -> str:
    """How often the test rows, or some of them, were opened."""
    opened, rows, before = report.test_opened, report.test_rows, report.test_rows_opened
    if opened == 1:
        more = f" Whether that was the first look is not known: {not_noted(report.test_unknown)}."
        return f"The test rows were opened once.{more if report.test_unknown else ''}"
    some = (
        f" Of {counted(rows, 'row')}, {before:,} had been opened before these scores were made."
        if before
        else ""
    )
    return (
        f"The test rows were opened {counted(opened, 'time')}: every look after the first makes these "
        f"scores too good.{some}"
    )


def _reason(why: str) -> str:
    return escaped_sentence(f" (no interval: {why})") if why else ""


def _none(why: str) -> str:
    return escaped_sentence(f"none: {why}") if why else "not known"


def _metric(name: str) -> str:
    return METRICS[name].label if name in METRICS else escaped(name)


def _columns(recipe: Recipe, importance: Sequence[tuple[str, float]]) -> str:
    if importance:
        places = decimals(*(value for _, value in importance))
        rows = [f"| {escaped(name)} | {fixed(value, places)} |" for name, value in importance[:MOST_COLUMNS]]
        return "## Columns\n\n| column | importance |\n|---|---|\n" + "\n".join(rows)
    rows = [f"| {escaped(column.name)} | {column.kind} |" for column in model_columns(recipe)[:MOST_COLUMNS]]
    more = len(model_columns(recipe)) - len(rows)
    text = "## Columns\n\n| column | kind |\n|---|---|\n" + "\n".join(rows)
    return text + (f"\n\nNot listed: {counted(more, 'column')}." if more > 0 else "")


def _warnings(findings: Sequence[Finding], accepted: Sequence[Accepted]) -> str:
    serious = [finding for finding in findings if finding.severity in ("warn", "error")]
    if not serious:
        return ""
    reasons = {one.key: one.reason for one in accepted}
    lines = [f"- {_warning(finding, reasons)}" for finding in serious]
    return "## Warnings of the checks\n\n" + "\n".join(lines)


def _warning(finding: Finding, reasons: Mapping[tuple[str, str], str]) -> str:
    about = f"{escaped(finding.code)} {escaped(finding.column)}".strip()
    text = f"{about}: {escaped_sentence(finding.reason)}"
    reason = reasons.get((finding.code, finding.column))
    if reason is not None:
        return f"{text} Let stand, because: {escaped_sentence(reason)}"
    return f"**Not mended; the scores may mislead.** {text}" if finding.severity == "error" else text


def _limits(recipe: Recipe) -> str:
    lines = [
        "- It has learned how things were when the data was collected. Compare new data with it first.",
        "- It finds patterns, not causes: changing a column does not change the outcome as the model says.",
        "- Rows unlike the training rows get an answer too, and nothing in the answer shows it.",
    ]
    if keeps_rows(recipe):
        lines.append(
            "- **Privacy: this file contains training rows**; this kind of model or step is made of them."
        )
    return "## Limits\n\n" + "\n".join(lines)


def _disclosures(tells: Sequence[Disclosure]) -> str:
    """What the files beside the card tell about rows, file by file, then column by column."""
    if not tells:
        return ""
    lines = [f"- `{one.file}`: {escaped_sentence(one.text)}" for one in tells if not one.column]
    columns = [one for one in tells if one.column]
    rows = [f"| {escaped(one.column)} | {escaped_sentence(one.text)} |" for one in columns[:MOST_COLUMNS]]
    text = "## What this file tells about your rows\n\n" + "\n".join(lines)
    if rows:
        text += "\n\n| column | in reference\\_profile.json |\n|---|---|\n" + "\n".join(rows)
    more = len(columns) - len(rows)
    return text + (f"\n\nand {counted(more, 'more column')}." if more > 0 else "")


def _versions(report: ModelReport) -> str:
    versions = {"foldline": __version__, **report.versions}
    listed = ", ".join(f"{escaped(name)} {escaped(version)}" for name, version in versions.items())
    return (
        f"## Versions and rights\n\nMade with {listed}.\n\n"
        "The rights in the model follow from the rights in the data; whoever hands it on sees to both. "
        "The libraries in requirements.txt have licences of their own."
    )


def escaped_sentence(text: object) -> str:
    """A sentence that may quote data, escaped; longer than a name may be."""
    return escaped(text, 2_000)
