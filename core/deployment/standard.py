"""What the models of a deployment are held to: what was promised of them when they began to work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from core.deployment.deployment import Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.model_entries import Promoted
from core.digits import number
from core.drift.profile.document import ReferenceProfile
from core.errors import FoldlineError
from core.export.bundle.open import reference_in
from core.watch.decision.baseline import baseline_of_score, held_to
from core.watch.decision.window import Baseline
from core.watch.labelled_score import holdouts_of


@dataclass(frozen=True)
class Standard:
    """What a model is held to.

    Attributes:
        baseline: None when it was never tested.
        text: why that is not simply its own hold-out, in a sentence; else empty.
    """

    baseline: Baseline | None
    text: str = ""


def baseline_in(profile: Mapping[str, Any] | None) -> Baseline | None:
    """What a model did on its hold-out, by the reference profile of its bundle; None when not tested.

    Raises:
        FoldlineError: ``REFERENCE`` when it says what cannot be.
    """
    if profile is None:
        return None
    reference = ReferenceProfile.from_dict(dict(profile))
    if reference.hold_out is not None:
        try:
            return Baseline.model_validate(dict(reference.hold_out))
        except ValidationError as error:
            problem = "The bundle's memory of its test rows is not one."
            raise FoldlineError("REFERENCE", problem, "Export the model again.") from error
    known = holdouts_of(reference.metric)
    return baseline_of_score(known[0].name, known[0].value, known[0].low, known[0].high, 0) if known else None


def standard_of(folder: DeploymentFolder, now: Deployment, model: str) -> Standard:
    """What a model of the deployment is held to: its own hold-out, or that of the model before it if better.

    Before it is the one that worked when it was first promoted.

    Raises:
        FoldlineError: ``REFERENCE`` as ``baseline_in``; as ``DeploymentFolder.model`` and ``reference_in``.
    """
    own = baseline_in(reference_in(folder.model(model)))
    turns = (one for one in now.moves if isinstance(one, Promoted) and one.model == model)
    first = next(turns, None)
    if own is None or first is None:
        return Standard(own)
    try:
        before = baseline_in(reference_in(folder.model(first.previous)))
    except FoldlineError as error:
        return Standard(own, f"What the model before it did on its hold-out is not known: {error.problem}")
    held = held_to(own, before)
    if held is own:
        return Standard(own)
    held = held.model_copy(update={"calibration": own.calibration})
    text = (
        f"It is held to {number(held.score, own.score)} {held.label}, which the model before it had on its "
        f"hold-out, as that is better than its own {number(own.score, held.score)}."
    )
    return Standard(held, text)
