"""How a widget shows batches: files of the same name are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.deployment.deployment import Batch
from core.standalone.counts import counted
from ui.widgets.short_names import numbered
from ui.widgets.text import visible


def batch_names(batches: Iterable[Batch]) -> Callable[[str], str]:
    """Batch id -> name of its file, when it came, and how many of its rows have a label."""
    return numbered({one.scored.batch: _named(one) for one in batches})


def _named(batch: Batch) -> str:
    part = f"{batch.labels:,} of {counted(batch.scored.rows, 'row')} labelled"
    return f"{visible(batch.scored.source, 50)} · {batch.scored.at[:16].replace('T', ' ')} · {part}"
