"""The desk of a deployment: the champion answers, and follows what the log says while requests come."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pandas as pd

from core.deployment.folder import DeploymentFolder
from core.deployment.serving_keeper import Keeper
from core.deployment.serving_spool import SHARE, Answered, answered_line
from core.errors import FoldlineError
from core.export.bundle.open import Bundle, open_bundle
from core.lack_of_memory import is_memory
from core.standalone.serving.bodies import Asked
from core.standalone.serving.served_model import ServedModel

LOOK = 0.5
"""Seconds between two looks at the log; a look costs one question to the file system."""
AGAIN = 10.0
"""Seconds until a model that was refused is tried again."""
DIGITS = 12
"""Of the SHA-256 of a model, as answers name it."""


def served_model(bundle: Bundle, version: str = "") -> ServedModel:
    """The model of an opened bundle, to answer requests.

    Args:
        version: as answers name it; by default when it was written.
    """
    documents = (bundle.manifest, bundle.schema, bundle.sample)
    manifest, schema, sample = (json.loads(one.model_dump_json()) for one in documents)
    return ServedModel(bundle.pipeline, manifest, schema, sample, version)


class DeploymentDesk:
    """Answers with the champion of a deployment, hands over when another one is, and keeps the rows.

    A champion that cannot be used is told, and the one before goes on.

    Args:
        keep: further columns that are kept where requests name them, such as a key for labels.
        say: tells the operator something.

    Attributes:
        model: that answers now.
        refused: code of why the model that the log names does not; empty when it does.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when the log names no model; as ``open_bundle``.
    """

    def __init__(
        self, folder: DeploymentFolder, keeper: Keeper, keep: Sequence[str], say: Callable[[str], None]
    ) -> None:
        self._folder, self._keeper, self._keep, self._say = folder, keeper, tuple(keep), say
        self._models: dict[str, str] = {}
        self._seen = self._look()
        self._sha = folder.state().working()
        self.model = self._opened(self._sha)
        self.switches, self.refused = 0, ""
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._follow, daemon=True)
        self._watch.start()

    def kept(self, model: ServedModel) -> Sequence[str]:
        """The columns of the training table that the model does not read, and those that were named."""
        return tuple(name for name in (*model.others, *self._keep) if name not in model.columns)

    def answered(self, model: ServedModel, asked: Asked, predictions: pd.DataFrame) -> None:
        """Hands the rows to who keeps them."""
        names = [name for name in predictions.columns if name.startswith(SHARE)] or ["prediction"]
        said = {name: predictions[name].tolist() for name in names}
        line = answered_line(len(predictions), asked.cells, said)
        self._keeper.put(Answered(self._models[model.version], len(predictions), line))

    def health(self) -> dict[str, Any]:
        """The model at work, whether rows are kept, and the codes of what is wrong."""
        problems = [code for code in (self._keeper.problem, self.refused) if code]
        return {"model": self.model.version, "keeping": not self._keeper.problem, "problems": problems}

    def figures(self) -> Sequence[str]:
        """Lines for Prometheus."""
        keeper = self._keeper
        counts = {
            "kept_rows_total": keeper.written,
            "lost_rows_total": keeper.lost,
            "rounds_total": keeper.rounds,
            "failed_rounds_total": keeper.failures,
            "model_switches_total": self.switches,
        }
        gauges = {
            "waiting_rows": keeper.waiting,
            "keeping": int(not keeper.problem),
            "model_refused": int(bool(self.refused)),
            f'model_info{{version="{self.model.version}"}}': 1,
        }
        lines = []
        for kind, values in (("counter", counts), ("gauge", gauges)):
            for name, value in values.items():
                plain = name.partition("{")[0]
                lines += [f"# TYPE foldline_{plain} {kind}", f"foldline_{name} {value}"]
        return lines

    def close(self) -> None:
        """Stops looking at the log, and has the rows that were not written yet written and taken in."""
        self._over.set()
        self._watch.join()
        self._keeper.close()

    def _opened(self, sha: str) -> ServedModel:
        model = served_model(open_bundle(self._folder.model(sha)), sha[:DIGITS])
        self._models[model.version] = sha
        return model

    def _look(self) -> tuple[int, ...]:
        with suppress(OSError):
            facts = os.stat(self._folder.log)
            return (facts.st_ino, facts.st_size, facts.st_mtime_ns)
        return ()

    def _follow(self) -> None:
        """The thread that looks at the log."""
        while not self._over.wait(AGAIN if self.refused else LOOK):
            now = self._look()
            if now == self._seen and not self.refused:
                continue
            self._seen = now
            try:
                self._hand_over()
            except FoldlineError as error:
                self._refuse(error.code, error.problem)
            except Exception as error:  # noqa: BLE001 - the model at work goes on, whatever the new one does
                self._refuse("MEMORY" if is_memory(error) else "BUG", f"It failed: {type(error).__name__}.")

    def _hand_over(self) -> None:
        sha = self._folder.state().working()
        if sha != self._sha:
            model = self._opened(sha)
            self._say(f"Model {model.version} answers from now on, in place of {self.model.version}.")
            self.model, self._sha = model, sha
            self.switches += 1
        self.refused = ""

    def _refuse(self, code: str, problem: str) -> None:
        """Notes why the model that the log names does not answer."""
        if code != self.refused:
            self._say(f"{problem} Model {self.model.version} goes on answering.")
        self.refused = code
