"""Long names in little room: what tells them apart is what stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import count

from ui.widgets.text import visible

WHOLE = 10_000
"""Characters of a name that are looked at; a longer one is told apart by its number."""


def distinct_names(names: Iterable[object], limit: int) -> list[str]:
    """Names as lines of at most ``limit`` characters that stay different where the names are.

    A name that is too long loses its end, unless others would then look the same: those lose what they have
    in common at their beginning, else their middle, and as a last resort bear a number.

    Args:
        limit: at least 12.
    """
    full = [visible(name, WHOLE) for name in names]
    shown = [_end_cut(name, limit) for name in full]
    for cut in (_beginning_cut, _middle_cut):
        alike = _alike(full, shown)
        beginning = _common(name for name, clash in zip(full, alike, strict=True) if clash)
        shown = [
            cut(name, limit, beginning) if clash else now
            for name, now, clash in zip(full, shown, alike, strict=True)
        ]
    return _numbered(full, shown, limit)


def by_name(names: Iterable[str], limit: int) -> dict[str, str]:
    """Name -> how ``distinct_names`` shows it beside the others."""
    different = list(dict.fromkeys(names))
    return dict(zip(different, distinct_names(different, limit), strict=True))


def shortened(names: Iterable[str], limit: int) -> Callable[[str], str]:
    """How a widget shows one of the names that it offers."""
    short = by_name(names, limit)
    return lambda name: short.get(name) or visible(name, limit)


def numbered(names: Mapping[str, str]) -> Callable[[str], str]:
    """How a widget shows what it offers by id: by its name, and a number where others share that.

    Streamlit knows an option by its words: of two that read alike it gives the last, whichever was chosen.

    Args:
        names: id -> name, in the order in which they are offered.
    """
    often = Counter(names.values())
    taken = {name for name, times in often.items() if times == 1}
    shown = {}
    for each, name in names.items():
        free = (f"{name} ({place})" for place in count(1) if f"{name} ({place})" not in taken)
        shown[each] = name if often[name] == 1 else next(free)
        taken.add(shown[each])
    return lambda each: shown[each]


def _alike(full: list[str], shown: list[str]) -> list[bool]:
    """Whether each name looks as another one does that is not the same."""
    behind: dict[str, set[str]] = {}
    for name, now in zip(full, shown, strict=True):
        behind.setdefault(now, set()).add(name)
    return [len(behind[now]) > 1 for now in shown]


def _common(names: Iterable[str]) -> int:
    """How many characters at the beginning names have in common, up to the last whole word."""
    ordered = sorted(names) or [""]
    first, last = ordered[0], ordered[-1]  # what these two share, all between them do
    length = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    shared = first[:length]
    ends = [place for place, char in enumerate(shared, start=1) if not char.isalnum()]
    return ends[-1] if ends else len(shared)


def _end_cut(name: str, limit: int) -> str:
    return name if len(name) <= limit else name[: limit - 1] + "…"


def _beginning_cut(name: str, limit: int, beginning: int) -> str:
    rest = name[beginning:]
    return _end_cut(f"…{rest}", limit) if beginning and rest else _middle_cut(name, limit, beginning)


def _middle_cut(name: str, limit: int, beginning: int) -> str:
    """The first third and the last two, as room goes."""
    if len(name) <= limit:
        return name
    head = limit // 3
    return f"{name[:head]}…{name[head + 1 - limit :]}"


def _numbered(full: list[str], shown: list[str], limit: int) -> list[str]:
    numbers = {name: place for place, name in enumerate(dict.fromkeys(full), start=1)}
    alike = _alike(full, shown)
    taken = Counter(now for now, clash in zip(shown, alike, strict=True) if not clash)
    result = []
    for name, now, clash in zip(full, shown, alike, strict=True):
        number = f" ({numbers[name]})"
        marked = f"{_end_cut(now, limit - len(number))}{number}" if clash else now
        result.append(marked if not clash or not taken[marked] else f"{marked}\u200b")
    return result
