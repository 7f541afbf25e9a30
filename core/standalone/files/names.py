"""The names of the columns of a file: none blank, none twice, none endless."""

from __future__ import annotations

LONGEST_NAME = 200


def trimmed_name(name: str) -> str:
    """A name on one line, without blanks around it."""
    return " ".join(name.replace("\x00", "").split())


def unique_names(header: list[str]) -> list[str]:
    """Unique names of at most 200 characters for the cells of a header, in order.

    A second ``a`` becomes ``a_2``, or the next number that no other column has; a blank becomes ``column_1``
    by its position. The same header always gives the same names.
    """
    trimmed = [trimmed_name(name) for name in header]
    taken = set(trimmed)
    names: list[str] = []
    used: set[str] = set()
    counters: dict[str, int] = {}
    for position, name in enumerate(trimmed, 1):
        wanted = (name or f"column_{position}")[:LONGEST_NAME]
        unique = _unique_name(wanted, used, taken if wanted in used or not name else set(), counters)
        used.add(unique)
        names.append(unique)
    return names


def _unique_name(wanted: str, used: set[str], taken: set[str], counters: dict[str, int]) -> str:
    if wanted not in used and wanted not in taken:
        return wanted
    number = counters.get(wanted, 1)
    while True:
        number += 1
        end = f"_{number}"
        name = wanted[: LONGEST_NAME - len(end)] + end
        if name not in used and name not in taken:
            counters[wanted] = number
            return name
