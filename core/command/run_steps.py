"""The steps of the ``run`` command: one that fails after the comparison is named, and the rest goes on."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from core.build import build
from core.catalog.baselines import is_baseline
from core.command.session import Session
from core.engine.job_specs import ExportSpec, RecipeSpec
from core.errors import FoldlineError
from core.recipe import edits
from core.recipe.consistency import with_chosen_named
from core.recipe.document import Recipe
from core.recipe.usage import Accepted
from core.results.base import FailedPart
from core.results.bundle import ExportResult
from core.results.carrier import question_of
from core.results.compare import CompareResult
from core.results.evaluate import EvaluateResult
from core.results.parts import Parts
from core.results.tune import TuneResult
from core.spec import Value
from core.train.ranking.simplest import with_margin
from core.train.ranking.wording import hold_out_words, overlap_words, undefined_words, verdict
from core.train.search_space import planned

SKIPPED = "The search was skipped."
TIME_OVER = "The time limit ended the comparison before all models had finished."


def check(recipe: Recipe) -> Recipe:
    """The recipe, when what it says of its model and search can be done: asked before anything is trained.

    Raises:
        FoldlineError: as ``with_chosen_named`` and ``build``, and ``planned`` when a search is planned.
    """
    if with_chosen_named(recipe).chosen is not None:
        build(recipe)
        if recipe.tuning.planned:
            planned(recipe)
    return recipe


class Run:
    """A run: what each step has found, None where it has not, and the steps that failed.

    Attributes:
        compared: what the comparison found; without it there is no run.
        conclusion: what the leaderboard says, in words.

    Raises:
        FoldlineError: as ``check``, and the comparison's own error.
    """

    def __init__(self, s: Session, recipe: Recipe) -> None:
        self.session, self.recipe, self.parts = s, check(recipe), Parts()
        self.compared = with_margin(s.ask(CompareResult, RecipeSpec(recipe=recipe)), recipe.margin)
        self.conclusion = conclusion(self.compared, recipe.accepted)
        self.tuned: TuneResult | None = None
        self.tested: EvaluateResult | None = None
        self.exported: ExportResult | None = None

    @property
    def failed(self) -> tuple[FailedPart, ...]:
        """The steps that gave nothing."""
        return tuple(self.parts.failed)

    def go_on(self, out: Path) -> None:
        """Choose the model, tune it if that is planned, open the test once, write the bundle."""
        chosen = self.parts.of("choice of a model", lambda: pick(self.compared, self.recipe), None)
        if chosen is None:
            return
        by_rank, self.recipe = self.recipe.chosen is None, chosen
        if self.recipe.tuning.planned:
            if by_rank and self.recipe.chosen and is_baseline(self.recipe.chosen.model):
                self.conclusion = f"{self.conclusion} {SKIPPED}"
            else:
                self._tune()
        asked = RecipeSpec(recipe=self.recipe)
        self.tested = self.parts.of("test", lambda: self.session.ask(EvaluateResult, asked), None)
        self.exported = self.parts.of("export", lambda: self._export(out), None)

    def _tune(self) -> None:
        asked = RecipeSpec(recipe=self.recipe)
        self.tuned = self.parts.of("search", lambda: self.session.ask(TuneResult, asked), None)
        if self.tuned is not None:
            best = self.tuned.best.all_params
            self.recipe = chosen_with_threshold(self.recipe, self.tuned.model, "tuned", **best)

    def _export(self, out: Path) -> ExportResult:
        s = self.session
        exported = s.ask(ExportResult, ExportSpec(recipe=self.recipe))
        shutil.copyfile(s.workspace.result_file(s.project, exported.result, "bundle.zip"), out / "bundle.zip")
        return exported


def conclusion(compared: CompareResult, accepted: Sequence[Accepted] = ()) -> str:
    """What the leaderboard of a comparison says, in words."""
    over = TIME_OVER if compared.cut_by == "time" else ""
    questions = compared.doubt, question_of(compared.carrier, accepted)
    words = *questions, verdict(compared), overlap_words(compared), hold_out_words(compared)
    return " ".join(filter(None, (*words, undefined_words(compared), over)))


def pick(compared: CompareResult, recipe: Recipe) -> Recipe:
    """The recipe with its model: the one it names, else the first of the leaderboard.

    Raises:
        FoldlineError: ``CANDIDATES`` when every candidate failed.
    """
    if recipe.chosen is not None:
        return recipe
    if not compared.board:
        reason = next((c.error.problem for c in compared.candidates if c.error), "")
        raise FoldlineError(
            "CANDIDATES", f"Every model failed. {reason}", "Look at the reasons and change the recipe."
        )
    best = compared.board[0].id
    candidate = next(c for c in recipe.candidates if c.id == best)
    return chosen_with_threshold(recipe, candidate.model, candidate.id, **candidate.params)


def chosen_with_threshold(recipe: Recipe, model: str, candidate_id: str, **params: Value) -> Recipe:
    """The recipe with this model; the threshold that it was given stays, since nobody took it back."""
    return edits.set_threshold(edits.choose(recipe, model, candidate_id, **params), recipe.threshold)
