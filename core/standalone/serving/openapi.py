"""The OpenAPI document of a service, with the columns of its model and a row that works."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..rows.trained_column import TrainedColumn
from .served_model import MODEL_NAME, ServedModel

MOST_LEVELS = 50
LABEL_TYPES = {"int64": "integer", "float64": "number", "bool": "boolean", "str": "string"}
ERROR = {"$ref": "#/components/schemas/Error"}


def document(model: ServedModel, most_rows: int) -> dict[str, Any]:
    """The document, OpenAPI 3.1."""
    row = {
        "type": "object",
        "properties": {name: _column(column) for name, column in model.columns.items()},
    }
    outputs = {name: _output(name, model) for name in model.outputs}
    rows = {
        "type": "object",
        "required": ["rows"],
        "properties": {"rows": {"type": "array", "maxItems": most_rows, "items": row}},
    }
    answers = {
        "type": "object",
        "properties": {
            "predictions": {"type": "array", "items": {"type": "object", "properties": outputs}},
            "notes": {"type": "array", "items": {"type": "object"}},
            "model": {"type": "object"},
        },
    }
    error = {
        "type": "object",
        "properties": {"error": {"type": "object", "properties": {"code": {"type": "string"}}}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Predicts {model.manifest['target']}", "version": model.version},
        "paths": {"/rows": {"post": _post(model)}, **_protocol()},
        "components": {
            "schemas": {"Rows": rows, "Predictions": answers, "Error": error},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}},
        },
    }


def _post(model: ServedModel) -> dict[str, Any]:
    example = {
        "rows": [dict(zip(model.sample["columns"], row, strict=True)) for row in model.sample["rows"][:1]]
    }
    refused = {"description": "refused", "content": {"application/json": {"schema": ERROR}}}
    predicted = {
        "description": "a prediction for each row",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Predictions"}}},
    }
    body = {"schema": {"$ref": "#/components/schemas/Rows"}, "example": example}
    return {
        "summary": "Predict rows; null is no value, columns that are not named count as null.",
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {"200": predicted, **dict.fromkeys(("400", "401", "413", "422"), refused)},
    }


def _protocol() -> dict[str, Any]:
    """The paths of the Open Inference Protocol, version 2."""
    answered = {"responses": {"200": {"description": "answered"}}}
    gets = ("/v2", "/v2/health/live", "/v2/health/ready", f"/v2/models/{MODEL_NAME}")
    paths: dict[str, Any] = {path: {"get": answered} for path in (*gets, f"/v2/models/{MODEL_NAME}/ready")}
    paths[f"/v2/models/{MODEL_NAME}/infer"] = {"post": answered}
    return paths


def _column(column: TrainedColumn) -> dict[str, Any]:
    if column.physical == "number":
        ends = {"low": column.low, "high": column.high}
        told = "" if None in ends.values() else f"in training about {column.low} to {column.high}"
        return {"type": ["number", "null"]} | ({"description": told} if told else {})
    if column.complete and len(column.levels) <= MOST_LEVELS:
        return {"type": ["string", "null"], "examples": list(column.levels)}
    written = f"written as {column.format}" if column.format else ""
    return {"type": ["string", "null"]} | ({"description": written} if written else {})


def _output(name: str, model: ServedModel) -> dict[str, Any]:
    if name != "prediction" or not model.labels:
        return {"type": "number"}
    labels = pd.DataFrame({"prediction": pd.array(list(model.manifest["classes"]), dtype="str")})
    typed = model.written(labels)
    return {"type": LABEL_TYPES[model.labels], "enum": typed["prediction"].tolist()}
