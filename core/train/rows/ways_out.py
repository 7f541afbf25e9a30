"""What can be chosen instead of a split that cannot be made: only what was tried and can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.document import Recipe

SHARES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
SEEDS = 3
MOST = 2
"""Ways of one kind that are named."""


def with_ways_out(error: FoldlineError, recipe: Recipe, split: Callable[[Recipe], object]) -> FoldlineError:
    """The error with a hint that names the shares, seeds and roles with which the rows can be split.

    Args:
        error: why they cannot be split as the recipe asks.
        split: raises where the rows cannot be split as another recipe asks.
    """
    ways = [words for words, _ in ways_out(recipe, split)]
    tried = (
        f"They can be split with {', or with '.join(ways)}."
        if ways
        else "No other share, seed or role that was tried helps: load more rows, or choose another target."
    )
    return FoldlineError(error.code, error.problem, " ".join(filter(None, (error.hint, tried))), error.where)


def ways_out(recipe: Recipe, split: Callable[[Recipe], object]) -> list[tuple[str, Recipe]]:
    """The nearest shares, seeds and roles with which rows can be split: in words, and as a recipe."""
    kinds = _shares(recipe), _seeds(recipe), _roles(recipe)
    return [
        way for kind in kinds for way in islice((one for one in kind if _can_be_had(one[1], split)), MOST)
    ]


def _can_be_had(recipe: Recipe, split: Callable[[Recipe], object]) -> bool:
    try:
        split(recipe)
    except FoldlineError:
        return False
    return True


def _shares(recipe: Recipe) -> Iterator[tuple[str, Recipe]]:
    asked = recipe.split.test_size
    for share in sorted(SHARES, key=lambda one: abs(one - asked)):
        if abs(share - asked) > 1e-9:
            yield f"a test set of {share:.0%}", edits.set_split(recipe, test_size=share)


def _seeds(recipe: Recipe) -> Iterator[tuple[str, Recipe]]:
    if recipe.with_role("group") and not recipe.with_role("time"):
        for seed in range(recipe.seed + 1, recipe.seed + 1 + SEEDS):
            yield f"the seed {seed}", recipe.model_copy(update={"seed": seed})


def _roles(recipe: Recipe) -> Iterator[tuple[str, Recipe]]:
    for role in ("group", "time"):
        for column in recipe.with_role(role):
            yield f"no role {role} for {column.name!r}", edits.set_role(recipe, column.name, "ignore")
