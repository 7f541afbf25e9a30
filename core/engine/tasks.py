"""The kinds of job and the function that does each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.engine.context import Context
from core.engine.work.bundle import do_export, do_open
from core.engine.work.data import do_inspect, do_read
from core.engine.work.predict import do_predict
from core.engine.work.train import do_compare, do_evaluate, do_preview, do_tune
from core.engine.work.watch import do_drift
from core.results.base import Result

TASKS: dict[str, Callable[[Context], dict[str, Any] | Result]] = {
    "read": do_read,
    "inspect": do_inspect,
    "preview": do_preview,
    "compare": do_compare,
    "tune": do_tune,
    "evaluate": do_evaluate,
    "export": do_export,
    "open": do_open,
    "predict": do_predict,
    "drift": do_drift,
}
