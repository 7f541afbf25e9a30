"""A model that answers requests: the numbers of predict.py, and refusals that tell a stranger nothing."""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.read import read
from core.export.bundle.open import open_bundle
from core.standalone.serving.desk import Desk, OneModel
from core.standalone.serving.refusal import RefusedRequestError
from core.standalone.serving.served_model import ServedModel
from core.standalone.serving.web_app import Limits, web_app
from tests.export_support import Case, fitted, raw_table, recipe_for, stored

Answered = tuple[int, Any]


class Service:
    """A service that is asked within this process, as a server would."""

    def __init__(self, asked: ServedModel | Desk, key: str = "", limits: Limits | None = None) -> None:
        desk = OneModel(asked) if isinstance(asked, ServedModel) else asked
        self.model, self._app = desk.model, web_app(desk, key, limits)

    def ask(self, path: str, body: Any = None, key: str = "") -> Answered:
        """Status and body of the answer; bytes are sent as they are, all else as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return asyncio.run(self._ask("GET" if body is None else "POST", path, sent, key))

    async def _ask(self, method: str, path: str, body: bytes, key: str) -> Answered:
        got: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            got.append(message)

        headers = [(b"x-api-key", key.encode())] if key else []
        scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
        await self._app({**scope, "http_version": "1.1", "root_path": "", "scheme": "http"}, receive, send)
        text = b"".join(one.get("body", b"") for one in got[1:]).decode()
        return got[0]["status"], json.loads(text) if text.startswith(("{", "[")) else text


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    table = stored(tmp_path_factory.mktemp("serving"))
    return fitted(*table, recipe_for(table[1], "binary", "logistic_regression", positive="yes"))


@pytest.fixture(scope="module")
def bundle(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return case.bundle(tmp_path_factory.mktemp("served") / "bundle.zip")


@pytest.fixture(scope="module")
def model(bundle: Path) -> ServedModel:
    opened = open_bundle(bundle)
    parts = (opened.manifest, opened.schema, opened.sample)
    return ServedModel(opened.pipeline, *(json.loads(part.model_dump_json()) for part in parts))


@pytest.fixture(scope="module")
def service(model: ServedModel) -> Service:
    return Service(model)


def row_of(model: ServedModel, place: int = 0) -> dict[str, Any]:
    return dict(zip(model.sample["columns"], model.sample["rows"][place], strict=True))


def first_prediction(sample: Any) -> Any:
    """That of a row by itself: sums of many rows at once are rounded in another order."""
    first = {name: cells[0] for name, cells in sample["predictions"].items()}
    shares = {name: cell for name, cell in first.items() if name != "prediction"}
    return {"prediction": first["prediction"]} | {k: pytest.approx(v, abs=1e-12) for k, v in shares.items()}


def test_rows_get_the_stored_predictions(service: Service) -> None:
    rows = [row_of(service.model, place) for place in range(len(service.model.sample["rows"]))]
    status, answer = service.ask("/rows", {"rows": rows})
    assert status == 200
    for name, expected in service.model.sample["predictions"].items():
        assert [one[name] for one in answer["predictions"]] == expected
    assert service.model.wrong_predictions() == 0


def test_the_protocol_gives_the_same(service: Service) -> None:
    row = row_of(service.model)
    types = {int: "FP64", float: "FP64", type(None): "BYTES"}
    inputs = [
        {"name": name, "shape": [1, 1], "datatype": types.get(type(cell), "BYTES"), "data": [[cell]]}
        for name, cell in row.items()
    ]
    status, answer = service.ask("/v2/models/model/infer", {"inputs": inputs})
    assert status == 200
    got = {one["name"]: one["data"][0] for one in answer["outputs"]}
    assert got == first_prediction(service.model.sample)
    status, told = service.ask("/v2/models/model")
    assert {one["name"] for one in told["inputs"]} == set(row)
    assert service.ask("/v2/health/live")[0] == service.ask("/v2/health/ready")[0] == 200


def _tensors(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "shape": [1],
            "datatype": "FP64" if isinstance(cell, float) else "BYTES",
            "data": [cell],
        }
        for name, cell in row.items()
    ]


def test_what_is_odd_is_told_in_either_form(service: Service) -> None:
    """An unreadable number, a level that training had not, and a name that the model does not read."""
    row = row_of(service.model) | {"age": "hoch", "city": "Atlantis", "Age": 3.0}
    notes = service.ask("/rows", {"rows": [row]})[1]["notes"]
    assert {"NOT_READ"} < {note["code"] for note in notes}
    assert {note["column"] for note in notes} >= {"age", "city"}
    _, answer = service.ask("/v2/models/model/infer", {"id": "7", "inputs": _tensors(row)})
    assert json.loads(answer["parameters"]["notes"]) == notes
    assert answer["id"] == "7"


def test_the_protocol_gives_the_outputs_that_are_wanted_and_refuses_doubles(service: Service) -> None:
    inputs = _tensors(row_of(service.model))
    path = "/v2/models/model/infer"
    _, answer = service.ask(path, {"inputs": inputs, "outputs": [{"name": "prediction"}]})
    assert [one["name"] for one in answer["outputs"]] == ["prediction"]
    assert "parameters" not in answer
    refused = service.ask(path, {"inputs": inputs, "outputs": [{"name": "salary"}]})
    assert (refused[0], refused[1]["error"]["code"]) == (422, "OUTPUT")
    refused = service.ask(path, {"inputs": [*inputs, inputs[0]]})
    assert (refused[0], refused[1]["error"]["code"]) == (422, "TWICE")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "JSON"),
        (b'{"rows": [{"age": NaN}]}', 400, "JSON"),
        (b"[" * 100_000, 400, "JSON"),
        (b'{"rows": [{"age": "\\ud83d"}]}', 400, "JSON"),
        (b'{"rows": [{"\\uD800": 1}]}', 400, "JSON"),
        ({"rows": 3}, 400, "FORM"),
        ([[1]], 400, "FORM"),
        ({"rows": []}, 422, "NO_ROWS"),
        ({"rows": [{"salary of the boss": 1}]}, 422, "COLUMN"),
        (b'{"rows": [{"age": 1, "age": 2}]}', 422, "TWICE"),
        ({"rows": [{"age": 1}] * 21}, 413, "ROWS"),
        (b'{"rows": "' + b"x" * 5000 + b'"}', 413, "BODY"),
    ],
)
def test_what_is_refused_is_refused_in_a_code(model: ServedModel, body: Any, status: int, code: str) -> None:
    most = 4000 if code == "BODY" else 200_000
    got, answer = Service(model, limits=Limits(body=most, rows=20)).ask("/rows", body)
    assert (got, answer["error"]["code"]) == (status, code)
    assert "column" not in answer["error"]
    assert not any(name in json.dumps(answer) for name in ("income", "salary", "city"))


def test_a_cell_that_is_a_list_is_refused(service: Service) -> None:
    row = row_of(service.model) | {"age": [1, 2]}
    assert service.ask("/rows", {"rows": [row]})[1]["error"]["code"] == "CELL"


@pytest.mark.parametrize("cell", [1.7e308, "1.7e308", -1.7e308])
def test_a_number_that_overflows_is_refused_or_predicted(service: Service, cell: Any) -> None:
    row = row_of(service.model)
    for name, column in service.model.columns.items():
        if column.physical == "number":
            status, answer = service.ask("/rows", {"rows": [row | {name: cell}]})
            assert status == 200 or (status, answer["error"]["code"]) == (422, "CELL"), name


def test_a_key_is_asked_for_and_then_the_column_is_named(model: ServedModel) -> None:
    locked = Service(model, key="secret")
    row = row_of(model)
    for path in ("/rows", "/v2/models/model/infer"):
        assert locked.ask(path, {"rows": [row]})[0] == 401
        assert locked.ask(path, {"rows": [row]}, key="secre")[0] == 401
    for path in ("/openapi.json", "/metrics", "/v2/models/model"):
        assert locked.ask(path)[0] == 401
    assert locked.ask("/v2/health/live")[0] == 200
    assert locked.ask("/rows", {"rows": [row]}, key="secret")[0] == 200
    refused = locked.ask("/rows", {"rows": [{"age": 1}]}, key="secret")[1]
    assert refused["error"]["column"] in model.columns


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_cell_breaks_it_and_null_is_no_value(service: Service, data: st.DataObject) -> None:
    """Whatever stands in a cell, the answer is a prediction or a refusal in a code."""
    cell = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=20)
    )
    row = {name: data.draw(cell) for name in service.model.columns}
    status, answer = service.ask("/rows", {"rows": [row]})
    if status == 200:
        shares = [v for k, v in answer["predictions"][0].items() if k != "prediction"]
        assert math.isclose(sum(shares), 1, abs_tol=1e-9)
    else:
        assert (status, answer["error"]["code"]) == (422, "CELL")


def test_what_is_odd_is_told_and_counted(model: ServedModel) -> None:
    service = Service(model)
    row = row_of(model) | {"age": "old"}
    status, answer = service.ask("/rows", {"rows": [row]})
    assert status == 200
    assert any(note["code"] == "TYPE" and note["column"] == "age" for note in answer["notes"])
    text = service.ask("/metrics")[1]
    assert 'foldline_odd_cells_total{code="TYPE"} 1' in text
    assert "foldline_rows_total 1" in text
    assert 'foldline_requests_total{path="/rows",status="200"} 1' in text


def test_the_document_names_every_column_and_its_example_works(service: Service) -> None:
    document = service.ask("/openapi.json")[1]
    row = document["components"]["schemas"]["Rows"]["properties"]["rows"]["items"]["properties"]
    assert set(row) == set(service.model.columns)
    body = document["paths"]["/rows"]["post"]["requestBody"]["content"]["application/json"]
    assert service.ask("/rows", body["example"])[0] == 200


LABELS = {
    "1 and 2": ({"yes": "1", "no": "2"}, [1, 2], "integer", "INT64"),
    "true and false": ({"yes": "true", "no": "false"}, [False, True], "boolean", "BOOL"),
    "halves": ({"yes": "0.5", "no": "1.5"}, [0.5, 1.5], "number", "FP64"),
    "words": ({"yes": "ja", "no": "nein"}, ["ja", "nein"], "string", "BYTES"),
}


@pytest.mark.parametrize(("words", "values", "type_of_json", "datatype"), LABELS.values(), ids=LABELS)
def test_labels_are_what_they_were_in_training(
    tmp_path: Path, words: dict[str, str], values: list[Any], type_of_json: str, datatype: str
) -> None:
    """As JSON values, in tensors, and in what the service says of itself."""
    table = raw_table(120)
    path = tmp_path / "data.csv"
    table.assign(flag=table["flag"].replace(words)).to_csv(path, index=False)
    reading = read(path, "data.csv")
    handle = reading.table("data.csv")
    recipe = recipe_for(handle, "binary", "logistic_regression", positive=words["yes"])
    opened = open_bundle(fitted(path, handle, reading.frame, recipe).bundle(tmp_path / "bundle.zip"))
    parts = (opened.manifest, opened.schema, opened.sample)
    served = ServedModel(opened.pipeline, *(json.loads(part.model_dump_json()) for part in parts))
    service = Service(served)
    assert served.wrong_predictions() == 0
    rows = [row_of(served, place) for place in range(len(served.sample["rows"]))]
    got = [one["prediction"] for one in service.ask("/rows", {"rows": rows})[1]["predictions"]]
    assert {type(label) for label in got} == {type(values[0])}
    assert set(got) <= set(values)
    said = service.ask("/openapi.json")[1]["components"]["schemas"]["Predictions"]["properties"]
    label = said["predictions"]["items"]["properties"]["prediction"]
    assert (label["type"], sorted(label["enum"])) == (type_of_json, values)
    _, answer = service.ask("/v2/models/model/infer", {"inputs": _tensors(rows[0])})
    first = next(one for one in answer["outputs"] if one["name"] == "prediction")
    assert (first["datatype"], first["data"]) == (datatype, got[:1])
    outputs = service.ask("/v2/models/model")[1]["outputs"]
    assert next(one for one in outputs if one["name"] == "prediction")["datatype"] == datatype


@pytest.mark.parametrize("cell", [True, False, "True", "true", "FALSE"])
def test_true_in_a_column_of_numbers_is_told(service: Service, cell: Any) -> None:
    """Alone or beside others it is 1 or 0, as in a file, and that is said."""
    row = row_of(service.model)
    number = 1.0 if str(cell).lower() == "true" else 0.0
    for rows in ([row | {"age": cell}], [row | {"age": cell}, row]):
        answer = service.ask("/rows", {"rows": rows})[1]
        assert [note["column"] for note in answer["notes"] if note["code"] == "TRUE_FALSE"] == ["age"]
        plain = service.ask("/rows", {"rows": [row | {"age": number}, *rows[1:]]})[1]
        assert answer["predictions"] == plain["predictions"]
    assert not [n for n in service.ask("/rows", {"rows": [row]})[1]["notes"] if n["code"] == "TRUE_FALSE"]


def test_a_bundle_serves_alone_and_ends_in_peace(bundle: Path, tmp_path: Path) -> None:
    """serve.py without Foldline: the numbers of its sample, and SIGTERM ends it with 0."""
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "serve.py", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE) as server:
        try:
            _wait(port)
            sample = json.loads((tmp_path / "sample.json").read_text())
            row = dict(zip(sample["columns"], sample["rows"][0], strict=True))
            url = f"http://127.0.0.1:{port}/rows"
            asked = urllib.request.Request(url, json.dumps({"rows": [row]}).encode())
            with urllib.request.urlopen(asked, timeout=30) as answered:
                got = json.loads(answered.read())["predictions"][0]
            assert got == first_prediction(sample)
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(30)
    assert code in (0, -signal.SIGTERM)
    assert "starlette==" in (tmp_path / "requirements-serve.txt").read_text()
    assert (tmp_path / "Dockerfile").read_text().startswith("FROM python:3.")


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/health/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the service did not begin")


def test_numbers_are_taken_as_in_a_file(service: Service) -> None:
    """A number and the same number as text are one; true is a level as a file writes it."""
    row = row_of(service.model)
    as_text = {name: str(cell) if isinstance(cell, float) else cell for name, cell in row.items()}
    one, other = (service.ask("/rows", {"rows": [each]})[1]["predictions"] for each in (row, as_text))
    assert one == other
    assert np.isfinite(one[0]["probability_yes"])


CELL = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["", " ", "NA", "17", "1,5", "yes", "2024-02-30", "2024-02-03", "2024-02-03 10:00+02:00"]
    )
    | st.text(max_size=12)
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_row_is_made_ready_as_a_table_is(model: ServedModel, data: st.DataObject) -> None:
    """What is quick for one row gives the same cells, types and notes, the first time and again."""
    plain = row_of(model, data.draw(st.integers(0, len(model.sample["rows"]) - 1)))
    cells = {name: [data.draw(CELL | st.just(plain[name]))] for name in model.columns}
    try:
        typed, notes = model._made(cells)
    except RefusedRequestError as refused:
        with pytest.raises(RefusedRequestError, match=refused.code):
            model._single.made(cells)
        return
    for _ in range(2):
        quick, told = model._single.made(cells)
        pd.testing.assert_frame_equal(quick, typed)
        assert told == notes
