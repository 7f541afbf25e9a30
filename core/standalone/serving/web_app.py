"""The service itself: routes, keys, limits, and errors that say little."""

from __future__ import annotations

import hmac
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ..counts import first_of
from ..rows.trained_column import RowNote
from .bodies import Asked, Wanted, asked_in_records, asked_in_tensors, parsed_body
from .desk import Desk
from .limits import Limits
from .openapi import document
from .refusal import RefusedRequestError
from .served_model import MODEL_NAME, ServedModel
from .traffic import Traffic

Handler = Callable[[Request], Awaitable[Response]]
Read = Callable[[Any, Wanted], Asked]
VERSION_HEADER = "x-model-version"
"""The header of an answer that says which model gave it."""
DATATYPES = {"int64": "INT64", "float64": "FP64", "bool": "BOOL"}
"""Those of the Open Inference Protocol for labels and numbers; all else is text."""
GONE = 499
"""Counted for a client that has hung up before its request was whole; nobody gets it."""
LISTED, LONGEST = 5, 80
"""So many names that the model does not read are listed, each cut to so many characters."""
UNFORESEEN = RefusedRequestError(500, "BUG", "The request failed in a way that was not foreseen.")


@dataclass(frozen=True, eq=False)
class _Answered:
    """Predictions with the model that gave them, what was odd about the rows, and what was asked."""

    model: ServedModel
    predictions: pd.DataFrame
    notes: list[RowNote]
    asked: Asked

    @property
    def headers(self) -> dict[str, str]:
        return {VERSION_HEADER: self.model.version}


def web_app(desk: Desk, key: str = "", limits: Limits | None = None) -> Starlette:
    """The service of the model that a desk has.

    Args:
        key: that every request but those for health must show; no key is asked for when empty.
    """
    service = _Service(desk, key, limits or Limits())
    named = f"/v2/models/{MODEL_NAME}"
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

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(desk.close)

    return Starlette(
        routes=[
            Route(path, service.guarded(path, handler, locked), methods=[method])
            for path, handler, method, locked in routes
        ],
        lifespan=lifespan,
    )


class _Service:
    """The handlers of a service."""

    def __init__(self, desk: Desk, key: str, limits: Limits) -> None:
        self._desk, self._key, self._limits, self._traffic = desk, key, limits, Traffic()

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
            except ClientDisconnect:
                response = Response(status_code=GONE)
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

    async def _answered(self, request: Request, read: Read) -> _Answered:
        body = await self._body(request)
        return await run_in_threadpool(self._predicted, body, read)

    def _predicted(self, body: Any, read: Read) -> _Answered:
        """The answer of the model that is at work when the request is read; all of it comes from that one."""
        model = self._desk.model
        asked = read(body, Wanted(tuple(model.columns), self._desk.kept(model), self._limits.rows))
        for name in asked.outputs:
            if name not in model.outputs:
                raise RefusedRequestError(422, "OUTPUT", "An output is asked for that there is not.", name)
        predictions, notes = model.answer(asked.cells)
        notes += _unread_note(asked.unread)
        self._desk.answered(model, asked, predictions)
        self._traffic.rows(len(predictions), Counter({note.code: note.count for note in notes}))
        return _Answered(model, predictions, notes, asked)

    async def rows(self, request: Request) -> Response:
        """Predict records."""
        done = await self._answered(request, asked_in_records)
        columns = {name: done.predictions[name].tolist() for name in done.predictions.columns}
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        by = {"name": MODEL_NAME, "version": done.model.version}
        return JSONResponse(
            {"predictions": rows, "notes": _shown(done.notes), "model": by}, headers=done.headers
        )

    async def infer(self, request: Request) -> Response:
        """Predict tensors, as the Open Inference Protocol has it; notes come as JSON text in a parameter."""
        done = await self._answered(request, asked_in_tensors)
        predictions, id = done.predictions, done.asked.id
        outputs = [
            {
                "name": name,
                "shape": [len(predictions)],
                "datatype": _datatype(predictions[name]),
                "data": predictions[name].tolist(),
            }
            for name in done.asked.outputs or predictions.columns
        ]
        facts = {"model_name": MODEL_NAME, "model_version": done.model.version, "outputs": outputs}
        given = {"id": id} if id is not None else {}
        noted = {"parameters": {"notes": json.dumps(_shown(done.notes))}} if done.notes else {}
        return JSONResponse(facts | given | noted, headers=done.headers)

    async def metadata(self, request: Request) -> Response:
        """Names, types and shapes of what goes in and comes out."""
        model = self._desk.model
        inputs = [
            {"name": name, "shape": [-1], "datatype": "FP64" if one.physical == "number" else "BYTES"}
            for name, one in model.columns.items()
        ]
        labels = DATATYPES.get(model.labels or "float64", "BYTES")
        outputs = [
            {"name": name, "shape": [-1], "datatype": labels if name == "prediction" else "FP64"}
            for name in model.outputs
        ]
        facts = {"name": MODEL_NAME, "versions": [model.version], "platform": "foldline"}
        return JSONResponse(facts | {"inputs": inputs, "outputs": outputs})

    async def server(self, request: Request) -> Response:
        """What this service is."""
        return JSONResponse({"name": "foldline", "version": "2", "extensions": []})

    async def live(self, request: Request) -> Response:
        """That it is there: a model is loaded and tested before it answers."""
        return JSONResponse({"live": True, "ready": True} | self._desk.health())

    async def openapi(self, request: Request) -> Response:
        """The OpenAPI document."""
        return JSONResponse(document(self._desk.model, self._limits.rows))

    async def metrics(self, request: Request) -> Response:
        """Counts for Prometheus."""
        more = "".join(f"{line}\n" for line in self._desk.figures())
        return PlainTextResponse(self._traffic.text() + more, media_type="text/plain; version=0.0.4")


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
