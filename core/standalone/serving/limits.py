"""What a request to a service may be, and the options that say so."""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a request may be.

    Attributes:
        body: bytes.
        rows: number of rows.
    """

    body: int = 10 * 2**20
    rows: int = 10_000


def add_serve_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of a service."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on; 0.0.0.0 for all")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--most-rows", type=int, default=Limits().rows, help="rows of a request")
    parser.add_argument("--most-bytes", type=int, default=Limits().body, help="bytes of a request")
