"""What travels as data, written down as code: a frozen plan, and the number of threads."""

from __future__ import annotations

from dataclasses import fields

from core.standalone.plan import TableFile, Training

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ONE_THREAD = "# Sums depend on the number of threads in their last digits, so there is one.\n" + "\n".join(
    f'os.environ["{name}"] = "1"' for name in THREADS
)
"""Lines that come before numeric libraries are imported."""


def plan_source(plan: TableFile | Training) -> str:
    """The call that makes an equal plan, one field a line."""
    lines = [f"    {field.name}={_value(getattr(plan, field.name))},\n" for field in fields(plan)]
    return f"{type(plan).__name__}(\n{''.join(lines)})"


def _value(value: object) -> str:
    if not isinstance(value, dict):
        return repr(value)
    return "{" + "".join(f"\n        {key!r}: {one!r}," for key, one in value.items()) + "\n    }"
