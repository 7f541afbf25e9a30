"""Ways to search the hyperparameters of a model; all run in one trial loop through Optuna."""

from __future__ import annotations

from typing import Any

from optuna.samplers import GridSampler, RandomSampler, TPESampler

from core.spec import Catalog, Param, Search


class Cells(GridSampler):
    """Every combination of the given values once, in an order drawn by the seed."""

    def after_trial(self, *_: Any) -> None:
        """Nothing: Optuna would stop its own loop here, and our loop counts the cells itself."""


SEARCHES: Catalog[Search] = Catalog(
    "search",
    [
        Search(
            "tpe",
            "Bayesian (TPE)",
            "Learns from finished trials where good hyperparameters lie.",
            TPESampler,
            (
                Param(
                    "n_startup_trials",
                    10,
                    1,
                    100,
                    help="Random trials before it starts to learn; a search of no more trials is random.",
                    tune=False,
                    label="Random trials at first",
                ),
            ),
            {"multivariate": True, "constant_liar": True},
            icon="psychology",
        ),
        Search(
            "random",
            "Random",
            "Draws hyperparameters at random: a fair and robust start.",
            RandomSampler,
            icon="casino",
        ),
        Search(
            "grid",
            "Grid",
            "Tries every combination of a few values of each hyperparameter.",
            Cells,
            (
                Param(
                    "points",
                    3,
                    2,
                    10,
                    help="Values of each number, at least; more where there are trials for them.",
                    tune=False,
                    label="Values of each number",
                ),
            ),
            icon="grid_on",
            enumerates="points",
        ),
    ],
)
