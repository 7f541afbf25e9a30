"""A measured figure, the machine it was measured on, and the table of both."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from core.engine.context import available_cores

PACKAGES = ("streamlit", "pandas", "numpy", "scikit-learn", "lightgbm", "duckdb", "pyarrow")
HEAD = ("what", "measured", "side by side with", "figure", "aim", "")
CPU_FACTS = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        bench: the sub-benchmark.
        what: in words, with the size of the data.
        measured: what was measured, with unit.
        against: what it is compared to, measured in the same run; empty when the figure stands alone.
        value: the figure that the aim is about.
        unit: ``x`` for a ratio, else of the figure.
        aim: the largest value aimed at, or None where there is none.
    """

    bench: str
    what: str
    measured: str
    against: str
    value: float
    unit: str
    aim: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the aim was reached; empty without one."""
        if self.aim is None:
            return ""
        return "reached" if self.value <= self.aim else "missed"

    def cells(self) -> tuple[str, ...]:
        aim = "" if self.aim is None else f"<= {self.aim:g} {self.unit}"
        return (self.what, self.measured, self.against, f"{self.value:.3g} {self.unit}", aim, self.verdict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; ``Figure(**facts)`` is the way back."""
        return asdict(self)


def machine() -> list[str]:
    """What has to be known of the machine to read a figure, one fact a line."""
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return [
        f"{_processor()}, {available_cores()} cores, {memory:.0f} GB of memory",
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        versions,
    ]


def _processor() -> str:
    if CPU_FACTS.exists():
        for line in CPU_FACTS.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(figure.cells() for figure in figures)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
