"""The part of core/standalone that a script needs, cut out by reading its syntax tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from core.errors import FoldlineError


@dataclass(frozen=True)
class Inlined:
    """What a script carries: import statements, and definitions in the order of the file."""

    imports: tuple[str, ...]
    code: str


def inline(source: str, names: set[str]) -> Inlined:
    """The named classes and functions of modules with everything in them that they use.

    Args:
        source: the text of modules that import nothing of Foldline but each other, by relative imports.
        names: top-level classes and functions.

    Raises:
        FoldlineError: ``SOURCE`` when the module has no definition of that name.
    """
    tree = ast.parse(source)
    defined = {name: node for node in tree.body for name in _defines(node)}
    for name in sorted(names - defined.keys()):
        raise FoldlineError("SOURCE", f"The standalone modules have no {name!r}.", "Update Foldline.", name)
    needed = _closure(names, defined)
    kept = [node for node in tree.body if any(name in needed for name in _defines(node))]
    blocks = [_text(source, node) for node in kept]
    used = set().union(*(_uses(node) for node in kept)) if kept else set()
    return Inlined(tuple(_imports(tree, used)), "\n\n\n".join(blocks))


def _defines(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _uses(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _closure(names: set[str], defined: dict[str, ast.stmt]) -> set[str]:
    needed: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting |= (_uses(defined[name]) & defined.keys()) - needed
    return needed


def _text(source: str, node: ast.stmt) -> str:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])


def _imports(tree: ast.Module, used: set[str]) -> list[str]:
    """One statement for each imported name in use; ``__future__`` stays at the head of the script."""
    out = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and not node.level and node.module != "__future__":
            out += [
                f"from {node.module} import {_alias(a)}" for a in node.names if (a.asname or a.name) in used
            ]
        elif isinstance(node, ast.Import):
            out += [f"import {_alias(a)}" for a in node.names if (a.asname or a.name).split(".")[0] in used]
    return out


def _alias(name: ast.alias) -> str:
    return f"{name.name} as {name.asname}" if name.asname else name.name
