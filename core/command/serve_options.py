"""The options of ``serve``, and of ``promote`` and ``rollback``, which change who answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.command.numbers import within
from core.standalone.serving.limits import add_serve_arguments


def add_serve(commands: Any) -> None:
    """Add the parser of ``serve`` to those of the other commands."""
    serve = commands.add_parser("serve", help="answer requests over HTTP with a bundle or a deployment")
    of = "a bundle, or the folder of a deployment, whose log says who answers and gets the rows"
    serve.add_argument("served", type=Path, help=of)
    add_serve_arguments(serve)
    kept = serve.add_argument_group("of a deployment, whose answered rows are kept as batches")
    rows = "rows that become a batch, 5000 by default; what is no batch yet is on disk all the same"
    kept.add_argument("--batch-rows", type=within(1, 10**6, int), metavar="N", help=rows)
    time = "or after this time, by default 60"
    kept.add_argument("--batch-minutes", type=within(0.01, 10**5, float), metavar="M", help=time)
    key = "keep this column too, such as a key for labels; those of the training table are; may come again"
    kept.add_argument("--keep", action="append", default=[], metavar="COLUMN", help=key)


def add_promotion(commands: Any) -> None:
    """Add the parsers of ``join``, ``promote`` and ``rollback`` to those of the other commands."""
    join = commands.add_parser("join", help="let a model be tried beside the one at work in a deployment")
    join.add_argument("folder", type=Path, help="the folder of a deployment")
    join.add_argument("bundle", type=Path, help="of the challenger")
    promote = commands.add_parser("promote", help="put a challenger of a deployment to work")
    promote.add_argument("folder", type=Path, help="the folder of a deployment")
    which = "a challenger, by its label, its SHA-256 or the first digits of that, or by its bundle"
    promote.add_argument("model", help=which)
    back = commands.add_parser("rollback", help="put the model before back to work in a deployment")
    back.add_argument("folder", type=Path, help="the folder of a deployment")
    for command in (promote, back):
        command.add_argument("--reason", default="", help="why, in your words, for the log")
