"""The modules of core/standalone as text: whole for a bundle, in one piece for a script."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import core.standalone

FOLDER = Path(core.standalone.__file__).parent


def copies() -> dict[str, bytes]:
    """The content of each module under its name in a bundle, such as ``foldline_transformers/cells.py``."""
    paths = sorted(FOLDER.rglob("*.py"))
    return {
        f"{core.standalone.MODULE}/{path.relative_to(FOLDER).as_posix()}": path.read_bytes() for path in paths
    }


@cache
def one_piece() -> str:
    """All definitions in one text: a module stands after those that it imports."""
    paths = [path for path in sorted(FOLDER.rglob("*.py")) if path.name != "__init__.py"]
    order = TopologicalSorter({path: _imported(path) for path in paths}).static_order()
    return "\n".join(path.read_text(encoding="utf-8") for path in order)


def _imported(path: Path) -> list[Path]:
    """The modules of the package that a module imports."""
    paths = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1]
            paths.append(base.joinpath(*(node.module or "").split(".")).with_suffix(".py"))
    return paths
