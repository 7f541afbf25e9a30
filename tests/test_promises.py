"""docs/promises.md names a test for each promise, and the tests it names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "promises.md"
LINES = PAGE.read_text(encoding="utf-8").splitlines()
PROMISES = [line for line in LINES if line.startswith("| ") and not line.startswith("| promise |")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?")


def test_every_line_of_a_table_belongs_to_one_with_a_head() -> None:
    pairs = zip(["", *LINES], LINES, strict=False)
    heads = [line for last, line in pairs if line.startswith("|") and not last.startswith("|")]
    assert heads
    assert set(heads) == {"| promise | test |"}


def test_no_promise_stands_twice() -> None:
    words = [line.split(" | ")[0] for line in PROMISES]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda line: line[2:60])
def test_the_test_of_a_promise_is_there(promise: str) -> None:
    named = NAMED.findall(promise)
    assert named, "no test is named"
    for path, function in named:
        text = (HERE.parent / path).read_text(encoding="utf-8")
        assert not function or f"def {function}(" in text, f"{path} has no {function}"
