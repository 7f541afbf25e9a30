"""The ``serve`` command: a bundle that answers requests over HTTP."""

from __future__ import annotations

import argparse
import json
import sys

from core.command.outputs import Answer
from core.command.session import existing
from core.export.bundle.open import open_bundle
from core.standalone.serving.served_model import ServedModel


def serve_command(asked: argparse.Namespace) -> Answer:
    """Serve a bundle until the program is stopped."""
    from core.standalone.serving.serve_command import serve  # a web server, which no other command needs

    bundle = open_bundle(existing(asked.bundle))
    documents = (bundle.manifest, bundle.schema, bundle.sample)
    manifest, schema, sample = (json.loads(one.model_dump_json()) for one in documents)
    model = ServedModel(bundle.pipeline, manifest, schema, sample)
    print(f"Serving {manifest['target']} on http://{asked.host}:{asked.port}", file=sys.stderr, flush=True)
    serve(model, asked)
    return {"served": True}, "Stopped."
