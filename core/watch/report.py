"""A drift report as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from core.catalog.drift_tests import DRIFT_TESTS
from core.catalog.metrics import METRICS
from core.digits import difference, number, span
from core.recipe.difference import settings_words
from core.standalone.counts import counted
from core.watch.judge.column_facts import Histogram
from core.watch.judge.columns import ColumnDrift
from core.watch.judge.joint import Separation
from core.watch.result import DriftReport
from core.watch.words.grouped_issues import IssueGroup, grouped
from core.watch.words.wording import chance

PICTURES = 120
ROWS = 400
LONGEST = 60
WIDTH, HEIGHT = 180, 48
WORDS = {
    "drift": "Drift",
    "weak": "Weak",
    "minor": "Minor",
    "look": "Look at it",
    "stable": "Stable",
    "too_few_rows": "Too few rows",
    "not_computed": "Not compared",
    "broken": "Broken",
    "worse": "Worse",
    "better": "Better",
    "same": "No difference seen",
    "no_reference": "Nothing to compare with",
}
SEVERITIES = {"error": "Unsafe", "warn": "Look at it", "info": "Good to know"}
STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2430;--dim:#5b6675;--line:#d9dee5;--old:#8a97a8;--new:#0b6bcb;
--drift:#b42318;--minor:#8a5a00;--stable:#18794e}
@media (prefers-color-scheme:dark){:root{--bg:#12161c;--fg:#e6eaf0;--dim:#a0abb9;--line:#2d3540;--old:#8a97a8;
--new:#5aa9f5;--drift:#ff8a7a;--minor:#f0b955;--stable:#5fce9b}}
body{background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;
padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .2rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}p{margin:.3rem 0}
.dim{color:var(--dim)}
.lead{font-size:1.15rem;font-weight:600}summary{cursor:pointer}
.verdict{border-left:4px solid var(--line);padding:.5rem 1rem;margin:1rem 0}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;
border-bottom:1px solid var(--line)}th{font-weight:600;color:var(--dim)}td{overflow-wrap:anywhere}
td:first-child{min-width:8rem}td.n,th.n{text-align:right;white-space:nowrap}
.drift,.broken,.worse,.error{color:var(--drift)}.minor,.look,.weak,.warn,.too_few_rows{color:var(--minor)}
.stable,.better,.same{color:var(--stable)}
.state{font-weight:600;white-space:nowrap}.old{fill:var(--old);opacity:.55}.new{fill:none;stroke:var(--new);
stroke-width:1.5}
"""


def html(report: DriftReport, title: str = "Drift report") -> str:
    """The report as one HTML page under 500 kB: no scripts, nothing loaded, light and dark.

    Columns come by impact; past the first ROWS only their number is told, the JSON holds all.
    """
    sections = [
        _head(report, title),
        _score(report),
        _findings(report),
        _columns(
            "Columns, by impact on the model" if _ranked(report) else "Columns, by size of change",
            report.columns,
        ),
        _columns("Predictions and target", report.outputs),
        f'<p class="dim">{escape(report.basis)}</p>' if report.basis else "",
        _joint(report),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{''.join(sections)}</body></html>"
    )


def _ranked(report: DriftReport) -> bool:
    return any(column.importance is not None for column in report.columns)


def _head(report: DriftReport, title: str) -> str:
    verdict = report.verdict
    return (
        f"<h1>{escape(title)}</h1>"
        f'<p class="dim">{counted(report.n_current, "new row")} against {report.n_reference:,} of '
        "the reference. A change counts when it is beyond chance (at most 5% over "
        f"{counted(report.family, 'test')} together) and large enough (an effect of {report.delta:g}; 1% of "
        f"the rows for values never seen before).{_chosen(report)}</p>"
        f'<div class="verdict"><p class="state {verdict.state}">{WORDS[verdict.state]}</p>'
        f'<p class="lead">{escape(verdict.action)}</p><p>{escape(verdict.text)}</p></div>'
    )


def _chosen(report: DriftReport) -> str:
    words = settings_words(DRIFT_TESTS, report.tests)
    return f" Chosen for single tests: {escape('; '.join(words))}." if words else ""


def _score(report: DriftReport) -> str:
    """The score on new labels beside the one on the locked test rows, each with its interval."""
    score = report.performance
    if score is None:
        return ""
    now, then = score.now, score.holdout
    gap = difference(*score.difference) if score.difference else ""
    cells = [
        f'<td class="state {score.state}">{WORDS[score.state]}</td>',
        f'<td class="n">{_value(now.value, now.low, now.high) if now else ""}</td>',
        f'<td class="n">{_value(then.value, then.low, then.high) if then else ""}</td>',
        f'<td class="n">{escape(gap)}</td>',
        f"<td>{escape(_short(score.text, 15 * LONGEST))}</td>",
    ]
    name = escape(METRICS[now.metric].label) if now else "Score"
    head = (
        f'<th>State</th><th class="n">{name} now</th><th class="n">On the locked test rows</th>'
        '<th class="n">Now against then</th><th>In words</th>'
    )
    return _table("Score on the new labels (95% intervals)", head, [f"<tr>{''.join(cells)}</tr>"], 1)


def _value(value: float, low: float | None, high: float | None) -> str:
    return f"{number(value, low, high)} ({span(low, high, value) or 'no interval'})"


def _findings(report: DriftReport) -> str:
    if not report.findings:
        return ""
    rows = [_group(one) for one in grouped(report.findings)]
    return _table("What was noticed", "<th>Severity</th><th>What</th>", rows, len(rows))


def _group(one: IssueGroup) -> str:
    text = escape(_short(one.text, 6 * LONGEST))
    if not one.is_all:
        every = "".join(f"<p>{escape(_short(reason, 4 * LONGEST))}</p>" for reason in one.reasons[:ROWS])
        left = len(one.reasons) - ROWS
        every += f'<p class="dim">{left:,} more are in the JSON.</p>' if left > 0 else ""
        text = f"<details><summary>{text}</summary>{every}</details>"
    return f'<tr><td class="state {one.severity}">{SEVERITIES[one.severity]}</td><td>{text}</td></tr>'


def _columns(heading: str, columns: Iterable[ColumnDrift]) -> str:
    listed = list(columns)
    if not listed:
        return ""
    rows = [_row(column, number < PICTURES) for number, column in enumerate(listed[:ROWS])]
    head = (
        '<th>Column</th><th>State</th><th class="n">Effect</th><th class="n">Could be chance</th>'
        '<th class="n">Importance</th><th>Before (grey) and now (line)</th><th>Why</th>'
    )
    return _table(heading, head, rows, len(listed))


def _table(heading: str, head: str, rows: list[str], total: int) -> str:
    more = f'<p class="dim">{total - len(rows):,} more are in the JSON.</p>' if total > len(rows) else ""
    return (
        f"<h2>{heading}</h2><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}"
    )


def _row(column: ColumnDrift, picture: bool) -> str:
    drawn = _picture(column.name, column.details.histogram) if picture else ""
    return (
        f"<tr><td>{escape(_short(column.name))}<br><span class='dim'>{escape(column.kind)}</span></td>"
        f'<td class="state {column.state}">{WORDS[column.state]}</td>'
        f'<td class="n">{_number(column.effect, ".3f")}</td><td class="n">{chance(column.q)}</td>'
        f'<td class="n">{_number(column.importance, ".1%")}</td><td>{drawn}</td>'
        f"<td>{escape(_short(column.reason, 5 * LONGEST))}</td></tr>"
    )


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _short(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _picture(name: str, histogram: Histogram | None) -> str:
    """Bars for the reference, an outline for the new data, on shared bins."""
    if not histogram:
        return ""
    old, new = histogram.reference, histogram.current
    top = max([*old, *new, 1e-9])
    step = WIDTH / max(1, len(old))
    heights = [[round(HEIGHT * share / top, 1) for share in side] for side in (old, new)]
    bars = "".join(
        f'<rect class="old" x="{i * step:.1f}" y="{HEIGHT - h:.1f}" width="{step * 0.9:.1f}" height="{h:g}"/>'
        for i, h in enumerate(heights[0])
        if h
    )
    line = " ".join(
        f"{i * step:.1f},{HEIGHT - h:.1f} {(i + 1) * step:.1f},{HEIGHT - h:.1f}"
        for i, h in enumerate(heights[1])
    )
    label = escape(f"Distribution of {_short(name)} before and now", quote=True)
    return (
        f'<svg role="img" aria-label="{label}" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 -1 {WIDTH} {HEIGHT + 2}">'
        f'{bars}<polyline class="new" points="{line}"/></svg>'
    )


def _joint(report: DriftReport) -> str:
    parts = (
        ("All columns together", report.joint),
        ("Relations between columns", report.joint.relations),
    )
    rows = [_separation(label, separation) for label, separation in parts]
    auc = '<th class="n">AUC (0.5 is guessing)</th>'
    head = f'<th>Question</th><th>State</th>{auc}<th class="n">p</th><th>Why</th>'
    return _table("Rows as a whole", head, rows, len(rows))


def _separation(label: str, separation: Separation) -> str:
    auc = "" if separation.auc is None else format(max(separation.auc, 0.5), ".3f")
    return (
        f'<tr><td>{label}</td><td class="state {separation.state}">{WORDS[separation.state]}</td>'
        f'<td class="n">{auc}</td><td class="n">{_number(separation.p, ".2g")}</td>'
        f"<td>{escape(_short(separation.reason, 5 * LONGEST))}</td></tr>"
    )
