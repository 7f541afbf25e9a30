"""The statistical claims that Foldline makes in words, each with the simulation that backs it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A claim about chance, measured on tables whose truth is known.

    Attributes:
        words: what was found, in one sentence with its figure.
        simulation: name of the module in ``benchmarks/decided`` that measures it again.
        decision: number of the page in ``docs/decisions`` that holds the last figures, with their date.
    """

    words: str
    simulation: str
    decision: int


CLAIMS = {
    "test interval": Claim(
        "Where an interval is shown, it held the true score in 93 to 97 of 100 simulated tables of most "
        "kinds, as far as 200 to 1,000 draws can tell; of scores near 0 or 1 and of trends in time in more.",
        "coverage",
        25,
    ),
    "behind": Claim(
        "Of boards of equal models, 0 to 4 in 100 called any behind, in all simulated kinds but one (6); "
        "models that differ by their own randomness alone in 2 to 13 on folds (most where they are two to "
        "five), in 8 to 37 on a hold-out.",
        "boards",
        24,
    ),
    "gain": Claim("On 16 tables of pure chance one search was said to have gained something.", "gain", 24),
    "segment": Claim(
        "A model that is right was called worse somewhere in 0 to 8 of 100 simulated tables, by their kind.",
        "weak",
        20,
    ),
    "drift": Claim(
        "On 20 columns in which nothing changed, 0 or 1 of 100 comparisons raised a false alarm.",
        "alarms",
        13,
    ),
    "small change": Claim(
        "A class that grows from 2 to 4% in 500 rows is told in 35 of 100 comparisons, a variance of 1.5 "
        "times in 93.",
        "quiet",
        22,
    ),
    "leak": Claim(
        "Twelve kinds of planted leaks were named in 75 to 100 of 100 tables; of 68 clean ones none had an "
        "error, and none of 204 with the checks before.",
        "leaks",
        23,
    ),
}
"""By what the claim is about."""


def measured(about: str) -> str:
    """What backs a claim, for a help text in Markdown; KeyError when there is no such claim."""
    claim = CLAIMS[about]
    return f"Measured: {claim.words} (`python -m benchmarks.decided.{claim.simulation}`)"
