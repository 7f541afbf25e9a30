"""``python -m core.engine ROOT``: the engine of one workspace."""

from __future__ import annotations

import sys
from pathlib import Path

from core.engine.server import main

if len(sys.argv) != 2:
    sys.exit("usage: python -m core.engine ROOT")
sys.exit(main(Path(sys.argv[1])))
