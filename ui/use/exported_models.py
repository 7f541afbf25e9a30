"""The models that were packed in this project, and whether they still belong to the recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.recipe.document import Recipe
from core.recipe.fingerprint import fingerprint
from core.recipe.labels import EXPORT_PARTS
from core.recipe.usage import LearnedFrom
from core.store.models import ModelVersion
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import stored
from ui.jobs.staleness import Standing, changes
from ui.widgets import state


@dataclass(frozen=True)
class Packed:
    """A packed model: what is shown of it, and the version it is in the registry."""

    payload: dict[str, Any]
    version: ModelVersion

    @property
    def recipe(self) -> Recipe:
        """The recipe it was made from."""
        return self.version.recipe

    @property
    def has_joblib(self) -> bool:
        """Whether model.joblib lies in it."""
        return "model.joblib" in self.payload["members"]


def start(part: str, joblib: bool) -> None:
    """Pack the model of the recipe on screen; for a button."""
    job_panel.start_clicked(
        "export",
        lambda: {"recipe": state.recipe().model_dump(mode="json"), "part": part, "joblib": joblib},
    )


def _packed(version: ModelVersion) -> Packed:
    return Packed({**stored(version.result), "result": version.result}, version)


def newest() -> Packed | None:
    """The champion, or None when nothing was packed."""
    version = workspace().champion(project())
    return None if version is None else _packed(version)


def newest_for(print_of_fit: str, part: LearnedFrom, joblib: bool) -> Packed | None:
    """The newest version of this fingerprint and these rows, if it has what was chosen; else None."""
    versions = workspace().versions(project(), fingerprint=print_of_fit, part=part)
    packed = _packed(versions[0]) if versions else None
    return packed if packed and (packed.has_joblib or not joblib) else None


def standing(packed: Packed, recipe: Recipe, part: str, joblib: bool) -> Standing[dict[str, Any]]:
    """Whether it is what the recipe and the choices on screen ask for, and what is different."""
    words = list(changes(packed.recipe, recipe, "fit"))
    if packed.version.part != part:
        was, now = (EXPORT_PARTS[each].lower() for each in (packed.version.part, part))
        words.append(f"rows it learns from: {was} -> {now}")
    if joblib and not packed.has_joblib:
        words.append("model.joblib: no -> yes")
    same = packed.version.fingerprint == fingerprint(recipe, "fit")
    return Standing(packed.payload, same and not words, tuple(words))


def lacks_test(packed: Packed) -> bool:
    """Whether the test set was opened for this model after it was packed."""
    tested = workspace().find_result(project(), "evaluate", fingerprint(packed.recipe, "fit"))
    return tested is not None and not packed.payload["report"]["test"]
