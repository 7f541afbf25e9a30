"""The command line: ``python -m core suggest | run | predict | drift | profile``."""

from __future__ import annotations

import sys

from core.command.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
