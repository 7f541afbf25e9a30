"""The model card says in plain words what is known, and shows text from data literally."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.checks.finding import Finding
from core.export.card import card
from core.export.markdown import LONGEST, escaped
from core.recipe.document import Candidate, Choice, ColumnChoice, Prepare, Recipe, Source
from core.results.bundle import ModelReport
from core.results.evaluate import ScoreInterval

RECIPE = Recipe(
    source=Source(name="churn.csv", rows=1234),
    target="churned",
    positive="yes",
    columns=(
        ColumnChoice(name="![x](http://evil/x.png)", kind="categorical"),
        ColumnChoice(name="age", kind="numeric"),
        ColumnChoice(name="churned", kind="boolean", role="target"),
    ),
    chosen=Candidate(id="c1", model="logistic_regression"),
    threshold=0.3,
)
REPORT = ModelReport(
    task="binary",
    metric="roc_auc",
    cv_score=ScoreInterval(value=0.8123, low=0.79, high=0.83),
    test={"roc_auc": ScoreInterval(value=0.805, low=0.78, high=0.83)},
    baseline={"roc_auc": 0.5},
    test_opened=1,
    rows=1234,
    columns=3,
    words="Test: 20% drawn at random.",
    versions={"numpy": "2.4.0"},
)


def test_card_holds_what_is_known() -> None:
    text = card(RECIPE, REPORT, source_sha="ab" * 32)
    for part in (
        "churned",
        "churn.csv",
        "ab" * 32,
        "1,234 rows, 3 columns; the model reads 2",
        "0.812 (95% interval 0.790 to 0.830)",
        "| 0.805 | 0.780 to 0.830 | 0.500 |",
        "opened once",
        "0.3, chosen by a person",
        "Logistic regression",
        "numpy 2.4.0",
    ):
        assert part in text, part


def test_the_card_counts_the_rows_that_were_left_out() -> None:
    text = card(RECIPE, REPORT.model_copy(update={"without_target": 174, "repeated": 1}))
    assert "1,409 rows (left out: 174 without a target, 1 duplicate; 1,234 remain), 3 columns" in text
    assert "left out" not in card(RECIPE, REPORT)


def test_the_importances_of_the_card_have_the_same_decimals() -> None:
    text = card(RECIPE, REPORT, importance=[("age", 0.1234), ("b", 0.1), ("c", 0.0004), ("d", 0.0)])
    rows = re.findall(r"^\| \w+ \| ([\d.]+) \|$", text, re.MULTILINE)
    assert len(rows) == 4 and len({len(row) for row in rows}) == 1


def test_card_never_runs_text_from_data() -> None:
    reason = "![y](http://evil/y.png) tells all"
    findings = [Finding(code="LEAK", severity="warn", column="<b>x", reason=reason)]
    text = card(RECIPE, REPORT, importance=[("[a](b)|c", 0.5)], findings=findings)
    assert "![" not in text and "[x]" not in text and "[a]" not in text and not re.search(r"(?<!\\)<b>", text)
    assert r"\[a\](b)\|c" in text
    assert "tells all" in text


def test_card_says_when_the_test_was_opened_again_or_never() -> None:
    assert "2 times" in card(RECIPE, REPORT.model_copy(update={"test_opened": 2}))
    assert "never opened" in card(RECIPE, REPORT.model_copy(update={"test": {}, "test_opened": 0}))


@pytest.mark.parametrize(("opened", "words"), [(1, "once"), (2, "twice"), (7, "7 times")])
def test_rows_that_were_opened_for_another_recipe_are_not_called_closed(opened: int, words: str) -> None:
    text = card(RECIPE, REPORT.model_copy(update={"test": {}, "test_opened": opened}))
    assert f"were opened {words}, with an earlier recipe" in text
    assert "no test score of this model" in text and "never opened" not in text


@pytest.mark.parametrize("model", ["knn_classifier", "svm_classifier", "knn_regressor", "svm_regressor"])
def test_card_warns_of_stored_rows(model: str) -> None:
    recipe = RECIPE.model_copy(update={"chosen": Candidate(id="c1", model=model)})
    assert "contains training rows" in card(recipe, REPORT)
    assert "contains training rows" not in card(RECIPE, REPORT)


def test_card_warns_of_stored_rows_in_a_step() -> None:
    prepare = Prepare(columns={"age": {"missing": Choice(spec="neighbours")}})
    assert "contains training rows" in card(RECIPE.model_copy(update={"prepare": prepare}), REPORT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a*b_c", r"a\*b_c"),
        ("_a_", r"\_a\_"),
        ("monthly_charges (EUR): 1.5-2", "monthly_charges (EUR): 1.5-2"),
        ("- item", r"\- item"),
        ("12. item", r"12\. item"),
        (":red[x] 12:30", r"\:red\[x\] 12:30"),
        ("line\nbreak\x00", "line\ufffdbreak\ufffd"),
        ("$x$ `y` |", r"\$x\$ \`y\` \|"),
        ("x" * 500, "x" * (LONGEST - 1) + "\u2026"),
    ],
)
def test_escaped(text: str, expected: str) -> None:
    assert escaped(text) == expected


SIGNS = st.text(st.sampled_from("\\`*_~:$[](){}<>!#|&+-=.;/ @x1a\n\t'\"é"), max_size=40)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PLACES = {"": "", "- ": "", "- CODE ": ": reason", "## ": "", "| a | b |\n|---|---|\n| ": " | 1 |"}
"""What stands before the text in a document, and what behind it."""


@given(st.one_of(SIGNS, st.text(max_size=60)))
@example("&amp; &#42; <b>x</b> [a](b) ![a](b) `c` ~~d~~ 1) e")
@example("_a_ __b__ *c* a_b_c _d")
@example("1234. x")
@example("---")
def test_markdown_shows_the_text_itself(text: str) -> None:
    literal = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped(text))
    for before, behind in PLACES.items():
        tokens = MARKDOWN.parse(f"{before}{escaped(text)}{behind}")
        inline = [token for token in tokens if token.type == "inline"]
        pieces = [piece for token in inline for piece in token.children or []]
        assert {piece.type for piece in pieces} <= {"text", "text_special"}
        assert not {token.type for token in tokens} & {"html_block", "code_block", "fence", "hr"}
        shown = "".join(piece.content for piece in pieces)
        assert not literal or " ".join(literal.split()) in " ".join(shown.split())


def test_the_card_of_ordinary_names_has_no_backslash() -> None:
    findings = [
        Finding(
            code="LEAKAGE",
            severity="error",
            column="monthly_charges",
            reason="It gives churned away (Gini 1.000): -5.",
        )
    ]
    text = card(RECIPE.model_copy(update={"columns": RECIPE.columns[1:]}), REPORT, findings=findings)
    assert "\\" not in text
