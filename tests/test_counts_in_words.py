"""A count and its noun agree, and lists are cut, by one helper: no text says ``1 rows``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.standalone.counts import agreeing, counted, counted_of, first_of, many

ROOT = Path(__file__).parent.parent
PRODUCT = sorted(path for part in ("core", "pages", "ui") for path in (ROOT / part).rglob("*.py"))
NOUNS = (
    "rows|columns|cells|values|levels|classes|folds|groups|texts|labels|fields|lines|names|members|dates|words|"
    "characters|trials|models|numbers|predictions|scores|segments|files|steps|sheets|formulas|units|spellings|"
    "things|pairs|differences|problems|copies|runs|bins|weights|edges|parts|lots|mistakes|combinations|rounds|"
    "days|times|tests|categories|projects|tables|bundles|features|findings|reports|versions"
)
AFTER = re.compile(
    rf"(?!of |the |with )[ \u00a0](?:(?!of |the |with |in |are |is )[a-z-]+ ){{0,2}}({NOUNS})\b"
)
MORE = re.compile(r"^[ -]*and more$|and # more\b")
HELPER = ROOT / "core" / "standalone" / "counts.py"
CONSTANT = re.compile(r"[A-Z_]{3,}")
NO_COUNTS = {
    "'together name' if len(names) > 1 else 'names'",
    "able",
    "group",
    "name",
    "self.columns[0]",
    "self.columns[1]",
    "words",
}
"""Expressions before a noun that are words, or numbers that are at least two."""


def texts_of(path: Path) -> Iterator[ast.JoinedStr]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(module) if isinstance(node, ast.JoinedStr))


def _is_count(value: ast.FormattedValue) -> bool:
    """Whether a value in a text may be a number of things: no share, no constant, not counted in words."""
    written = ast.unparse(value.value)
    form = value.format_spec.values if isinstance(value.format_spec, ast.JoinedStr) else []
    spec = "".join(str(part.value) for part in form if isinstance(part, ast.Constant))
    if spec.endswith(("%", "f", "g")) or value.conversion != -1:
        return False
    called = value.value.func if isinstance(value.value, ast.Call) else None
    if isinstance(called, ast.Name) and called.id in ("counted", "counted_of", "agreeing", "label", "repr"):
        return False
    names = [node for node in ast.walk(value.value) if isinstance(node, ast.Name)]
    is_constant = bool(names) and all(CONSTANT.fullmatch(node.id) or node.id == "count" for node in names)
    is_limit = bool(re.match(r"(self\._)?limits\.", written))
    return not (is_constant or is_limit or written in NO_COUNTS)


def uncounted(path: Path) -> list[str]:
    found = []
    for text in texts_of(path):
        for value, after in zip(text.values, text.values[1:], strict=False):
            if not (isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)):
                continue
            if AFTER.match(str(after.value)) and _is_count(value):
                found.append(f"{path}:{text.lineno}: {ast.unparse(value.value)}{after.value}")
    return found


def test_no_text_counts_by_hand() -> None:
    found = [line for path in PRODUCT if path != HELPER for line in uncounted(path)]
    assert not found, "\n".join(found)


BY_HAND = re.compile(
    r"""["'](is|was|has|[a-z]+s|)["'] if [^"'\n]* == 1 else ["'](are|were|have|[a-z]+|s)["']|[a-z]\{'s' if """
)
"""A verb or an s that is chosen by a number, in the source."""


def test_no_verb_agrees_by_hand() -> None:
    found = [
        f"{path}: {m[0]}" for path in PRODUCT for m in BY_HAND.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)
    assert BY_HAND.search("""f"{n} row{'s' if n > 1 else ''}" """)
    assert BY_HAND.search('are = "is" if len(x) == 1 else "are"')


def cut_by_hand(path: Path) -> list[str]:
    """Texts that end a list themselves: `` and more``, and `` and 3 more`` with any number."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr | ast.Constant):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            text = "".join(str(p.value) if isinstance(p, ast.Constant) else "#" for p in parts)
            if MORE.search(text):
                found.append(f"{path}:{node.lineno}: {text[:80]!r}")
    return found


def test_no_text_cuts_a_list_by_hand() -> None:
    found = [line for path in PRODUCT if path != HELPER for line in cut_by_hand(path)]
    assert not found, "\n".join(found)


def test_the_search_finds_what_it_is_for(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(
        'f"{len(a):,} rows", f"{n} different values", f"{n:,} " "cells", f"{share:.1%} rows", '
        'f"{MOST} rows", f"{counted(n, noun)} of 3 rows", f"{name!r} tests it", f"{n} of the rows"'
    )
    assert [line.split(": ")[1] for line in uncounted(path)] == [
        "len(a) rows",
        "n different values",
        "n cells",
    ]


@pytest.mark.parametrize(
    ("noun", "several"),
    [("row", "rows"), ("class", "classes"), ("category", "categories"), ("day", "days"), ("box", "boxes")],
)
def test_nouns_for_more_than_one(noun: str, several: str) -> None:
    assert many(noun) == several
    assert (counted(1, noun), counted(0, noun), counted(1200, noun)) == (
        f"1 {noun}",
        f"0 {several}",
        f"1,200 {several}",
    )


def test_what_follows_a_count_agrees_with_it() -> None:
    assert counted(1, "cell", "is") == "1 cell is"
    assert counted(2, "row", "lies") == "2 rows lie"
    assert counted_of(1, 200, "row", "has") == "1 of 200 rows has"
    assert counted_of(3, 1, "row", "has") == "3 of 1 row have"
    assert [agreeing(word, 2) for word in ("was", "goes", "does", "holds")] == ["were", "go", "do", "hold"]


@given(st.lists(st.text("ab", min_size=1), min_size=1, max_size=9), st.integers(1, 9))
def test_a_list_says_how_many_it_leaves_out(names: list[str], most: int) -> None:
    said = first_of(names, most, "column")
    left = len(names) - most
    assert said.startswith(", ".join(names[:most]))
    assert said.endswith("more column" if left == 1 else "more columns") == (left > 0)
    assert (f"and {left} more" in said) == (left > 0)
