"""What is said where a new table lacks columns that the model needs."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from ..counts import agreeing, counted, first_of
from .checks import SHOWN

OTHER_SEPARATOR = "Does the file have another separator?"


def missing_columns(names: Sequence[str], needed: Sequence[str]) -> tuple[str, str, str] | None:
    """The first missing column, the problem and a remedy; None where every needed column is there.

    Args:
        names: of the new table.
        needed: names of the columns that the model takes.
    """
    missing = [name for name in needed if name not in names]
    if not missing:
        return None
    listed, are = first_of(list(map(repr, missing)), SHOWN), agreeing("is", len(missing))
    problem = f"{counted(len(missing), 'column')} that the model needs {are} missing: {listed}."
    return missing[0], problem, _remedy(names, needed, missing)


def _remedy(names: Sequence[str], needed: Sequence[str], missing: Sequence[str]) -> str:
    if len(names) == 1 < len(needed):
        return OTHER_SEPARATOR
    spare = [name for name in names if name not in needed]
    folded = {name.casefold().strip(): name for name in spare}
    pairs = []
    for name in missing:
        close = difflib.get_close_matches(name.casefold().strip(), list(folded), n=1, cutoff=0.6)
        if close:
            pairs.append(f"rename {folded[close[0]]!r} to {name!r}")
    if pairs:
        return f"Perhaps {'; '.join(pairs[:SHOWN])}."
    if len(missing) == len(needed) <= len(names):
        first = names[0][:40]
        return f"Is the first line of the file its header? Names were read from it, such as {first!r}."
    return "Add them, or use a model trained without them."
