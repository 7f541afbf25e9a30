"""The labelled rows of batches as one table: what a successor learns from and is tested on."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from core.deployment.deployment import Batch, Deployment
from core.deployment.folder import DeploymentFolder
from core.deployment.kept_rows import OWN, given_rows
from core.deployment.labelling import as_stored
from core.deployment.labels import ROW, newest
from core.errors import FoldlineError
from core.export.bundle.open import Bundle

CAME = f"{OWN}labelled"
"""The number of the log's entry that brought the first label of a row."""


def labelled_rows(
    folder: DeploymentFolder,
    now: Deployment,
    bundle: Bundle,
    batches: Collection[str] = (),
    as_labelled: bool = False,
) -> pd.DataFrame:
    """(n, p) the rows that have a label, with the label in its column.

    Args:
        bundle: of the champion, which says what the column of labels is called and how it is stored.
        batches: ids of the batches that are wanted; all of them when empty.
        as_labelled: in the order in which their first labels came, so that rows of today stand before those
            of tomorrow wherever they belong, as a bet that is looked at again asks for; else as they came.

    Raises:
        FoldlineError: ``LABELS`` when no row has a label, ``DAMAGED``.
    """
    target = bundle.recipe.target
    wanted = [one for name, one in now.batches.items() if one.labels and (not batches or name in batches)]
    if not wanted:
        hint = "Give labels to a batch first; they can come later and in parts."
        raise FoldlineError("LABELS", "None of these batches has a label.", hint, target)
    rows = pd.concat([_rows(folder, one, target) for one in wanted], ignore_index=True)
    order = rows.pop(CAME)
    if as_labelled:
        rows = rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    return rows.assign(**{target: as_stored(rows[target], bundle.schema.target_type)})


def _rows(folder: DeploymentFolder, batch: Batch, target: str) -> pd.DataFrame:
    frame = given_rows(folder.batch(batch.scored.batch, batch.scored.file))
    files = [folder.labels(one.file) for one in batch.labelled]
    labels = newest(*files)
    first = pd.concat(
        [pd.Series(entry.seq, index=file[ROW]) for entry, file in zip(batch.labelled, files, strict=True)]
    )
    came = first[~first.index.duplicated()].reindex(labels.index)
    rows = frame.iloc[labels.index.to_numpy()]
    return rows.assign(**{target: labels.to_numpy(object), CAME: came.to_numpy()})
