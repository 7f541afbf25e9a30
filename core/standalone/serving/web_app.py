"""The service itself: routes, keys, limits, and errors that say little."""

from __future__ import annotations

import hmac
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pandas as pd
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ..counts import first_of
from ..rows.trained_column import RowNote
from .bodies import Asked, asked_in_records, asked_in_tensors, parsed_body
from .limits import Limits
from .openapi import document
from .refusal import RefusedRequestError
from .served_model import ServedModel
from .traffic import Traffic

Handler = Callable[[Request], Awaitable[Response]]
Read = Callable[[Any, Any, int], Asked]
Answered = tuple[pd.DataFrame, list[RowNote], Asked]
DATATYPES = {"int64": "INT64", "float64": "FP64", "bool": "BOOL"}
"""Those of the Open Inference Protocol for labels and numbers; all else is text."""
LISTED, LONGEST = 5, 80
"""So many names that the model does not read are listed, each cut to so many characters."""
UNFORESEEN = RefusedRequestError(500, "BUG", "The request failed in a way that was not foreseen.")


def web_app(model: ServedModel, key: str = "", limits: Limits | None = None) -> Starlette:
    """The service of one model.

    Args:
        key: that every request but those for health must show; no key is asked for when empty.
    """
    service = _Service(model, key, limits or Limits())
    named = f"/v2/models/{model.name}"
    routes = [
        ("/rows", service.rows, "POST", True),
        ("/openapi.json", service.openapi, "GET", True),
        ("/metrics", service.metrics, "GET", True),
        ("/v2", service.server, "GET", False),
        ("/v2/health/live", service.live, "GET", False),
        ("/v2/health/ready", service.live, "GET", False),
        (f"{named}/ready", service.live, "GET", False),
        (named, service.metadata, "GET", True),
        (f"{named}/infer", service.infer, "POST", True),
    ]
    return Starlette(
        routes=[
            Route(path, service.guarded(path, handler, locked), methods=[method])
            for path, handler, method, locked in routes
        ]
    )


class _Service:
    """The handlers of a service."""

    def __init__(self, model: ServedModel, key: str, limits: Limits) -> None:
        self._model, self._key, self._limits, self._traffic = model, key, limits, Traffic()

    def guarded(self, path: str, handler: Handler, locked: bool) -> Handler:
        """The handler behind the key, with every failure turned into a terse answer, and counted."""

        async def answer(request: Request) -> Response:
            started = time.perf_counter()
            try:
                if locked:
                    self._check_key(request)
                response = await handler(request)
            except RefusedRequestError as refusal:
                response = JSONResponse(refusal.facts(bool(self._key)), refusal.status)
            except Exception as error:  # noqa: BLE001 - a stranger is told nothing of it
                traceback.print_exception(error, file=sys.stderr)
                response = JSONResponse(UNFORESEEN.facts(False), UNFORESEEN.status)
            self._traffic.request(path, response.status_code, time.perf_counter() - started)
            return response

        return answer

    def _check_key(self, request: Request) -> None:
        if not self._key:
            return
        shown = request.headers.get("x-api-key") or request.headers.get("authorization", "")
        if not hmac.compare_digest(shown.removeprefix("Bearer ").encode(), self._key.encode()):
            raise RefusedRequestError(401, "KEY", "Show the key of this service.")

    async def _body(self, request: Request) -> Any:
        told = request.headers.get("content-length", "0")
        parts, size = [], int(told) if told.isdigit() else 0
        if size <= self._limits.body:
            size = 0
            async for part in request.stream():
                parts.append(part)
                size += len(part)
                if size > self._limits.body:
                    break
        if size > self._limits.body:
            raise RefusedRequestError(413, "BODY", f"The body has more than {self._limits.body:,} bytes.")
        return parsed_body(b"".join(parts))

    async def _answered(self, request: Request, read: Read) -> Answered:
        body = await self._body(request)
        return await run_in_threadpool(self._predicted, body, read)

    def _predicted(self, body: Any, read: Read) -> Answered:
        asked = read(body, tuple(self._model.columns), self._limits.rows)
        for name in asked.outputs:
            if name not in self._model.outputs:
                raise RefusedRequestError(422, "OUTPUT", "An output is asked for that there is not.", name)
        predictions, notes = self._model.answer(asked.rows)
        notes += _unread_note(asked.unread)
        self._traffic.rows(len(predictions), Counter({note.code: note.count for note in notes}))
        return predictions, notes, asked

    async def rows(self, request: Request) -> Response:
        """Predict records."""
        predictions, notes, _ = await self._answered(request, asked_in_records)
        columns = {name: predictions[name].tolist() for name in predictions.columns}
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return JSONResponse({"predictions": rows, "notes": _shown(notes), "model": self._name})

    @property
    def _name(self) -> dict[str, str]:
        return {"name": self._model.name, "version": self._model.version}

    async def infer(self, request: Request) -> Response:
        """Predict tensors, as the Open Inference Protocol has it; notes come as JSON text in a parameter."""
        predictions, notes, asked = await self._answered(request, asked_in_tensors)
        outputs = [
            {
                "name": name,
                "shape": [len(predictions)],
                "datatype": _datatype(predictions[name]),
                "data": predictions[name].tolist(),
            }
            for name in asked.outputs or predictions.columns
        ]
        facts = {"model_name": self._model.name, "model_version": self._model.version, "outputs": outputs}
        given = {"id": asked.id} if asked.id is not None else {}
        noted = {"parameters": {"notes": json.dumps(_shown(notes))}} if notes else {}
        return JSONResponse(facts | given | noted)

    async def metadata(self, request: Request) -> Response:
        """Names, types and shapes of what goes in and comes out."""
        inputs = [
            {"name": name, "shape": [-1], "datatype": "FP64" if one.physical == "number" else "BYTES"}
            for name, one in self._model.columns.items()
        ]
        labels = DATATYPES.get(self._model.labels or "float64", "BYTES")
        outputs = [
            {"name": name, "shape": [-1], "datatype": labels if name == "prediction" else "FP64"}
            for name in self._model.outputs
        ]
        facts = {"name": self._model.name, "versions": [self._model.version], "platform": "foldline"}
        return JSONResponse(facts | {"inputs": inputs, "outputs": outputs})

    async def server(self, request: Request) -> Response:
        """What this service is."""
        return JSONResponse({"name": "foldline", "version": "2", "extensions": []})

    async def live(self, request: Request) -> Response:
        """That it is there: the model was loaded and tested before the service began."""
        return JSONResponse({"live": True, "ready": True})

    async def openapi(self, request: Request) -> Response:
        """The OpenAPI document."""
        return JSONResponse(document(self._model, self._limits.rows))

    async def metrics(self, request: Request) -> Response:
        """Counts for Prometheus."""
        return PlainTextResponse(self._traffic.text(), media_type="text/plain; version=0.0.4")


def _unread_note(names: tuple[str, ...]) -> list[RowNote]:
    """A note on what was given and is not read, such as a column whose name is misspelled."""
    if not names:
        return []
    listed = first_of([repr(name[:LONGEST]) for name in names], LISTED)
    return [RowNote("NOT_READ", "", f"The model does not read {listed}.", "info", len(names))]


def _shown(notes: list[RowNote]) -> list[dict[str, str]]:
    return [
        {"code": one.code, "column": one.column, "severity": one.severity, "text": one.text} for one in notes
    ]


def _datatype(values: pd.Series) -> str:
    return DATATYPES.get(str(values.dtype), "BYTES")
