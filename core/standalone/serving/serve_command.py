"""What a bundle's serve.py does: load the model beside it, test it, and answer until it is stopped."""

from __future__ import annotations

import argparse
import os
import sys

import uvicorn

from ..predict_command import stored_document, stored_model
from .desk import Desk, OneModel
from .limits import Limits, add_serve_arguments
from .served_model import ServedModel
from .web_app import web_app

KEY = "FOLDLINE_API_KEY"
"""The variable of the environment that holds the key; without it none is asked for."""
SECONDS_TO_END = 10


def serve_main(folder: str) -> None:
    """Obey the command line of a bundle's serve.py.

    Args:
        folder: where the bundle was unpacked.
    """
    parser = argparse.ArgumentParser(description="Answer requests over HTTP with the model beside this file.")
    add_serve_arguments(parser)
    given = parser.parse_args()
    manifest, schema = stored_document(folder, "manifest.json"), stored_document(folder, "schema.json")
    sample = stored_document(folder, "sample.json")
    serve(OneModel(ServedModel(stored_model(folder), manifest, schema, sample)), given)


def serve(desk: Desk, given: argparse.Namespace) -> None:
    """Answer requests until SIGTERM or Ctrl-C; those under way are answered first, for ten seconds.

    Args:
        given: the options of ``add_serve_arguments``.
    """
    if desk.model.wrong_predictions():
        sys.exit("The model does not give its stored predictions here; install requirements.txt.")
    key = os.environ.get(KEY, "")
    if not key:
        print(f"No key is asked for; set {KEY} to ask for one.", file=sys.stderr)
    app = web_app(desk, key, Limits(given.most_bytes, given.most_rows))
    uvicorn.run(
        app,
        host=given.host,
        port=given.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_END,
    )
