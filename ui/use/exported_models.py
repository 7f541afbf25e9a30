"""The models that were packed in this project, and whether they still belong to the recipe."""

from __future__ import annotations

from dataclasses import dataclass

from core.engine.job_specs import ExportSpec
from core.recipe.difference import export_words
from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.recipe.usage import Export
from core.results.bundle import ExportResult
from core.store.models import ModelVersion
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import stored_if_known
from ui.jobs.staleness import Standing, changes
from ui.widgets import state


@dataclass(frozen=True)
class Packed:
    """A packed model: what is shown of it, and the version it is in the registry."""

    result: ExportResult
    version: ModelVersion

    @property
    def recipe(self) -> Recipe:
        """The recipe it was made from."""
        return self.version.recipe

    @property
    def told(self) -> tuple[str, ...]:
        """The columns that name nobody, as was said when it was packed."""
        return self.recipe.export.told

    @property
    def has_joblib(self) -> bool:
        """Whether model.joblib lies in it."""
        return "model.joblib" in self.result.members


def start() -> None:
    """Pack the model of the recipe on screen; for a button."""
    job_panel.start_clicked("export", lambda: ExportSpec(recipe=state.recipe()))


def _packed(version: ModelVersion) -> Packed | None:
    """The version with what is shown of it; None when that was stored in a form that is not known."""
    result = stored_if_known(ExportResult, version.result)
    if result is None:
        return None
    return Packed(result.model_copy(update={"result": version.result}), version)


def newest() -> Packed | None:
    """The champion, or None when nothing was packed."""
    version = workspace().champion(project())
    return None if version is None else _packed(version)


def newest_for(recipe: Recipe) -> Packed | None:
    """The newest version of this recipe and its rows, if it has what was chosen; else None."""
    wanted = recipe.export
    versions = workspace().versions(project(), fingerprint=fingerprint(recipe, "fit"), part=wanted.part)
    packed = _packed(versions[0]) if versions else None
    fits = packed is not None and (packed.has_joblib or not wanted.joblib)
    same = packed is not None and (packed.result.made_up, packed.told) == (wanted.made_up, wanted.told)
    return packed if packed and fits and same else None


def standing(packed: Packed, recipe: Recipe) -> Standing[ExportResult]:
    """Whether it is what the recipe asks for, and what is different."""
    wanted = recipe.export
    # A file that has model.joblib as well serves those who do not ask for it.
    joblib = packed.has_joblib and wanted.joblib
    then = Export(part=packed.version.part, joblib=joblib, made_up=packed.result.made_up, told=packed.told)
    words = [*changes(packed.recipe, recipe, "fit"), *export_words(then, wanted)]
    same = packed.version.fingerprint == fingerprint(recipe, "fit")
    return Standing(packed.result, same and not words, tuple(words))


def lacks_test(packed: Packed) -> bool:
    """Whether the test set was opened for this model after it was packed."""
    tested = workspace().find_result(project(), "evaluate", fingerprint(packed.recipe, "fit"))
    return tested is not None and not packed.result.report.test
