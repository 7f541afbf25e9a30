"""The kinds of job and the function that does each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.engine.context import Context

TASKS: dict[str, Callable[[Context], dict[str, Any]]] = {}
