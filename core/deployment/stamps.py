"""What every entry of a deployment's log carries, and the ids that it may name."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
BatchId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
FileId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}-[0-9a-f]{16}$")]


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(_finite)]
"""A number; what is not finite counts as none, as JSON has no word for it."""
