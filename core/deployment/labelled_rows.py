"""The labelled rows of batches as one table: what a successor learns from and is tested on."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from core.deployment.deployment import Batch, Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.kept_rows import given_rows
from core.deployment.labelling import as_stored
from core.deployment.labels import newest
from core.errors import FoldlineError
from core.export.bundle.open import Bundle


def labelled_rows(
    folder: DeploymentFolder, now: Deployment, bundle: Bundle, batches: Collection[str] = ()
) -> pd.DataFrame:
    """(n, p) the rows that have a label, in the order in which they came, with the label in its column.

    Args:
        bundle: of the champion, which says what the column of labels is called and how it is stored.
        batches: ids of the batches that are wanted; all of them when empty.

    Raises:
        FoldlineError: ``LABELS`` when no row has a label, ``DAMAGED``.
    """
    wanted = [one for name, one in now.batches.items() if one.labels and (not batches or name in batches)]
    if not wanted:
        hint = "Give labels to a batch first; they can come later and in parts."
        raise FoldlineError("LABELS", "None of these batches has a label.", hint, bundle.recipe.target)
    rows = pd.concat([_rows(folder, one, bundle.recipe.target) for one in wanted], ignore_index=True)
    return rows.assign(
        **{bundle.recipe.target: as_stored(rows[bundle.recipe.target], bundle.schema.target_type)}
    )


def _rows(folder: DeploymentFolder, batch: Batch, target: str) -> pd.DataFrame:
    frame = given_rows(folder.batch(batch.scored.batch, batch.scored.file))
    labels = newest(*(folder.labels(one.file) for one in batch.labelled))
    return frame.iloc[labels.index.to_numpy()].assign(**{target: labels.to_numpy(object)})
