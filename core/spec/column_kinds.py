"""The kinds of columns: all that the rest of the program asks about one stands in its entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.spec.words import Kind, Role


@dataclass(frozen=True)
class KindFacts:
    """What a kind of column means.

    Attributes:
        label: on screen.
        group: of preparation stages that it goes through; empty for what no model takes as it is.
        read_as: the physical type its cells are read as; empty for numbers or texts, as they came.
        levels: whether it has levels, which are known and can be counted.
    """

    label: str
    group: str = ""
    read_as: Literal["number", "datetime", "text", ""] = ""
    levels: bool = False


COLUMN_KINDS: Mapping[Kind, KindFacts] = {
    "numeric": KindFacts("Number", "numeric", "number"),
    "categorical": KindFacts("Category", "categorical", levels=True),
    "boolean": KindFacts("Two values", "categorical", levels=True),
    "datetime": KindFacts("Date", "datetime", "datetime"),
    "text": KindFacts("Text", "text", "text"),
    "id": KindFacts("Id", read_as="text"),
    "constant": KindFacts("Constant"),
}
WITH_LEVELS: tuple[Kind, ...] = tuple(kind for kind, facts in COLUMN_KINDS.items() if facts.levels)
PREPARED: tuple[Kind, ...] = tuple(kind for kind, facts in COLUMN_KINDS.items() if facts.group)
"""The kinds that steps prepare and features take."""


def may_join(kind: Kind, role: Role) -> bool:
    """Whether spellings of the values of a column can be joined: of categories, and of groups of any kind."""
    return role == "group" or (role != "time" and kind in WITH_LEVELS)
