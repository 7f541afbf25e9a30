"""How the rows of a recipe are split: the scheme, its description in words, and what are the same rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.recipe.document import Recipe, Split
from core.recipe.fingerprint import digest, fingerprint
from core.standalone.counts import agreeing, counted
from core.standalone.plan import HoldOut, TargetColumn

SMALL, MEDIUM, LARGE = 1_000, 20_000, 100_000
PROPORTIONAL = ", classes in proportion"
TIME_FIRST = "time first"
"""Marks splits with a time and groups: 0.1.0 placed a group at its first row."""
FILE_ORDER = (
    "Rows are drawn and learned from as they stand in the file: the same rows in another order give another "
    "split and another model."
)
"""What is said of a recipe whose rows are not taken by their content."""
ORDERED_FOLDS = 3
"""Folds in time or of whole groups where one tenth of the rows would be held out at random."""


def target_column(recipe: Recipe) -> TargetColumn:
    """How the target of a recipe is read, which says which rows are used."""
    choice = recipe.column(recipe.target)
    names = tuple(column.name for column in recipe.columns if column.kind != "id")
    return TargetColumn(
        name=recipe.target,
        number=recipe.task == "regression",
        missing=choice.missing,
        format=choice.format,
        decimal=recipe.source.read.decimal,
        distinct=names if recipe.drop_duplicates else None,
        marks=choice.marks,
        joined=tuple(choice.joined.items()),
        near=near_columns(recipe),
        within=recipe.apart,
    )


def near_columns(recipe: Recipe) -> tuple[str, ...]:
    """The columns by which near-duplicates are told, the target among them; none when they stay."""
    return (recipe.target, *(column.name for column in recipe.inputs)) if recipe.apart else ()


def hold_out(recipe: Recipe) -> HoldOut:
    """How the test set of a recipe is chosen among the rows that are used."""
    time, group = (next(iter(recipe.with_role(role)), None) for role in ("time", "group"))
    return HoldOut(
        share=recipe.split.test_size,
        seed=recipe.seed,
        proportional=recipe.task != "regression",
        group=group.name if group else "",
        group_missing=group.missing if group else (),
        time=time.name if time else "",
        time_kind=time.kind if time else "",
        time_format=time.format if time else "",
        time_missing=time.missing if time else (),
        decimal=recipe.source.read.decimal,
        by_content=recipe.split.order == "content",
        group_joined=tuple(group.joined.items()) if group else (),
    )


def test_key(recipe: Recipe) -> str:
    """Names the locked test set: recipes that lock other rows, or of another table, have another key."""
    target, how = asdict(target_column(recipe)) if recipe.target else None, hold_out(recipe)
    if target is not None and not recipe.apart:
        target = {name: value for name, value in target.items() if name not in ("near", "within")}
    if target is not None and not target["joined"]:
        del target["joined"]
    both = [TIME_FIRST] if how.time and how.group else []
    facts = asdict(how)
    if not how.by_content:  # 0.1.0 knew no other order
        del facts["by_content"]
    if not how.group_joined:
        del facts["group_joined"]
    return digest([recipe.source.table, target, facts, *both])


def test_keys(recipe: Recipe) -> tuple[str, ...]:
    """The names under which openings of the test set are found: today's, and that of 0.1.0 if it had one."""
    if recipe.split.order != "file" or recipe.apart:
        return (test_key(recipe),)
    roles = [(c.name, c.role) for c in recipe.columns if c.role in ("group", "time", "target")]
    split = [recipe.split.test_size, recipe.seed, recipe.drop_duplicates, recipe.task]
    return test_key(recipe), digest([recipe.source.table, roles, split])


def rows_key(recipe: Recipe) -> str:
    """Names the split into test set and folds; kinds and roles of other columns do not change it."""
    split = recipe.split
    return digest([test_key(recipe), split.scheme, split.folds, split.repeats])


def copies_key(recipe: Recipe) -> str:
    """What copies across the split depend on: the rows, the split, and the columns that are compared."""
    return digest([fingerprint(recipe, "data"), test_key(recipe)])


def scheme_of(split: Split, rows: int) -> tuple[str, int, int]:
    """Scheme, folds and repeats for so many training rows; ``auto`` goes by size.

    Under 1,000 rows 5 folds twice, under 20,000 5 folds, under 100,000 3 folds, above one tenth held out.
    """
    if split.scheme != "auto":
        return split.scheme, split.folds, split.repeats
    if rows < SMALL:
        return "repeated", 5, 2
    if rows < MEDIUM:
        return "kfold", 5, 1
    return ("kfold", 3, 1) if rows < LARGE else ("holdout", 1, 1)


def folds_asked(recipe: Recipe, rows: int) -> tuple[str, int, int]:
    """``scheme_of`` for so many training rows of a recipe.

    Rows in order of time, or in whole groups, are neither held out at random nor split into folds twice.
    """
    scheme, folds, repeats = scheme_of(recipe.split, rows)
    if not (recipe.with_role("time") or recipe.with_role("group")):
        return scheme, folds, repeats
    return "kfold", ORDERED_FOLDS if scheme == "holdout" else folds, 1


@dataclass(frozen=True)
class SplitFacts:
    """What is to be said of a split.

    Attributes:
        scheme, folds, repeats: as ``folds_asked``; folds as many as there are.
        share: of the rows that are the test set.
        test, train: numbers of rows.
        left_out: rows that are in neither, because their group comes again in the test set.
        time, group: names of the columns with these roles, or empty.
        test_in_proportion, folds_in_proportion: whether the classes are drawn in proportion.
        repeated: rows that are not used because they repeat an earlier one, or nearly do where ``near``.
    """

    scheme: str
    folds: int
    repeats: int
    share: float
    test: int
    train: int
    time: str = ""
    group: str = ""
    left_out: int = 0
    test_in_proportion: bool = False
    folds_in_proportion: bool = False
    repeated: int = 0
    near: bool = False


def split_words(facts: SplitFacts) -> str:
    """How rows are split, as a person would say it."""
    return (
        f"Test: {_test(facts)} ({counted(facts.test, 'row')}). Validation: {_folds(facts)}, from the others "
        f"({counted(facts.train, 'row')}).{_left_out(facts)}{_repeated(facts)}"
    )


def _left_out(facts: SplitFacts) -> str:
    if not facts.left_out:
        return ""
    return (
        f" Left out: {counted(facts.left_out, 'earlier row')} of groups in {facts.group} that come again in "
        "it."
    )


def _repeated(facts: SplitFacts) -> str:
    if not facts.repeated:
        return ""
    repeat = agreeing("repeats", facts.repeated)
    nearly = f" or nearly {repeat}" if facts.near else ""
    return f" Left out: {counted(facts.repeated, 'row')} that {repeat}{nearly} an earlier one."


def _test(facts: SplitFacts) -> str:
    if facts.time:
        return f"the last {facts.share:.0%} in time by {facts.time}"
    if facts.group:
        return f"whole groups of {facts.group} with {facts.share:.0%} of the rows"
    return f"{facts.share:.0%} drawn at random{PROPORTIONAL if facts.test_in_proportion else ''}"


def _folds(facts: SplitFacts) -> str:
    if facts.time:
        return (
            f"{counted(facts.folds, 'step')} forward in "
            f"time{', no group on both sides' if facts.group else ''}"
        )
    if facts.group:
        return f"{counted(facts.folds, 'fold')} of whole groups"
    proportion = PROPORTIONAL if facts.folds_in_proportion else ""
    if facts.scheme == "holdout":
        return f"one tenth held out{proportion}"
    times = f", {counted(facts.repeats, 'time')}" if facts.scheme == "repeated" else ""
    return f"{counted(facts.folds, 'fold')}{times}{proportion}"
