"""The command line: ``python -m core suggest | run | predict | drift | profile``."""

from __future__ import annotations

import sys

from core.command.main import main
from core.command.reader_gone import outlive_readers

if __name__ == "__main__":
    outlive_readers()
    sys.exit(main(sys.argv[1:]))
