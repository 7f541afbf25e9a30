"""The parts of a long job: one that fails after models were fitted is named, and the others still count."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from core.errors import FoldlineError
from core.lack_of_memory import is_memory, too_much
from core.results.base import FailedPart

V = TypeVar("V")


@dataclass
class Parts:
    """What became of the parts of a job.

    Attributes:
        failed: those that gave nothing, with the reason.
    """

    failed: list[FailedPart] = field(default_factory=list)

    def of(self, part: str, work: Callable[[], V], otherwise: V) -> V:
        """What the work of a part gives, or ``otherwise`` when it fails.

        Args:
            part: its name for people, such as ``"importance"``.
        """
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - whatever it was, what the other parts gave is kept
            self.failed.append(FailedPart(part=part, **_facts(part, error).as_dict()))
            return otherwise


def _facts(part: str, error: Exception) -> FoldlineError:
    if is_memory(error):
        return too_much()
    if isinstance(error, FoldlineError):
        return error
    traceback.print_exception(error, file=sys.stderr)  # the job's log
    text = f"{type(error).__name__}: {error}".partition("\n")[0][:300]
    return FoldlineError("BUG", f"The part {part} failed in a way that was not foreseen ({text}).")
