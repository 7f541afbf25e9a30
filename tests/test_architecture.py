"""The directions of imports, the calls nobody may make, and the size of files and functions."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from core.spec import Catalog

ROOT = Path(__file__).resolve().parents[1]
STANDALONE = ROOT / "core" / "standalone"
MAY_TRAVEL = ("numpy", "pandas", "sklearn", "lightgbm")
FUNCTIONS_IN_TEXTS = {"core.export.code.script": ["build"]}
"""What is written anew for each recipe: the function around the pipeline of a script."""
ALSO_BY_ONE = {
    "core.standalone.files.parquet_cells": ("pyarrow",),
    "core.standalone.predict_command": ("skops",),
    "core.standalone.serving.serve_command": ("uvicorn",),
    "core.standalone.serving.web_app": ("starlette",),
}
"""A bundle's predict.py loads its model file; a script has none, so nothing else needs what reads it."""
MOST_LINES_OF_FILE = 250
MOST_LINES_OF_FUNCTION = 40
LATE = ("core.train", "core.evaluate", "core.export", "core.explain", "core.watch")
RUNNING = ("core.engine", "core.store")
MACHINES = ("sklearn", "lightgbm", "duckdb", "optuna", "mlflow", "dask", "pyspark", "skops")
# Package or module -> what it must not import. The longest matching name decides.
FORBIDDEN_IMPORTS = {
    "core": ("streamlit", "ui", "pages", "app", "plotly"),
    "core.errors": ("streamlit", "ui", "pages", "core"),
    "core.checks": ("streamlit", "ui", "pages", "core.catalog", "core.recipe", "core.build", *LATE, *RUNNING),
    "core.scoring": ("streamlit", "ui", "pages", "core.catalog", "core.recipe", "core.data", *LATE, *RUNNING),
    "core.drift": ("streamlit", "ui", "pages", "core.catalog", "core.recipe", "core.build", *LATE, *RUNNING),
    "core.spec": ("streamlit", "ui", "pages", "core.data", "core.catalog", "core.recipe", *LATE, *RUNNING),
    "core.data": ("streamlit", "ui", "pages", "core.catalog", "core.recipe", "core.build", *LATE, *RUNNING),
    "core.catalog": ("streamlit", "ui", "pages", "core.recipe", "core.build", *LATE, *RUNNING),
    "core.recipe": ("streamlit", "ui", "pages", "core.build", *LATE, *RUNNING),
    "core.build": ("streamlit", "ui", "pages", *LATE, *RUNNING),
    "core.train": ("streamlit", "ui", "pages", "core.export", "core.explain", "core.watch", "core.engine"),
    "core.evaluate": ("streamlit", "ui", "pages", "core.export", "core.explain", "core.watch", "core.engine"),
    "core.export": ("streamlit", "ui", "pages", "core.explain", "core.watch", "core.engine"),
    "core.explain": ("streamlit", "ui", "pages", "core.watch", "core.engine"),
    "core.watch": ("streamlit", "ui", "pages", "core.engine"),
    "core.deployment": ("streamlit", "ui", "pages", "core.engine", "core.store.base", "sqlite3"),
    "core.alerts": ("streamlit", "ui", "pages", "core.train", "core.export", "core.deployment", *RUNNING),
    "core.store": ("streamlit", "ui", "pages", "core.build", *LATE, "core.engine"),
    "ui": ("pages", "app", *MACHINES),
    "pages": ("pages", "app", *MACHINES),
    "app": MACHINES,
}
ORDINARY_WORDS = {"bins", "constant", "correlated", "duplicates", "elapsed", "frequency", "grid", "mean"}
ORDINARY_WORDS |= {"median", "precision", "random", "recall", "target"}
"""Ids of catalog entries that are also names of roles, kinds, statistics or keys of results."""
IDS_OUTSIDE_THE_CATALOG = {
    "core/drift/tests/text_classifier.py": "the loss of scikit-learn's SGDClassifier",
    "core/evaluate/confusion.py": "a key of its table",
    "core/export/model_file/arrays.py": "an attribute of scikit-learn's trees",
    "core/recipe/document.py": "the defaults of the recipe",
    "core/recipe/migrations.py": "ids that were renamed",
    "ui/charts/curves.py": "columns of the table of thresholds",
    "ui/evaluate/test_curves.py": "a column of the table of thresholds",
    "ui/evaluate/threshold.py": "a column of the table of thresholds",
    "ui/widgets/text.py": "how abbreviations are spelled",
}
FORBIDDEN_CALLS = {
    "eval": "no text becomes code",
    "exec": "no text becomes code",
    "pickle.load": "loading a pickle runs code",
    "pickle.loads": "loading a pickle runs code",
    "pickle.Unpickler": "loading a pickle runs code",
    "joblib.load": "loading a pickle runs code",
    "yaml.load": "it makes any object; use safe_load",
    "yaml.unsafe_load": "it makes any object; use safe_load",
    "st.html": "data could be in it",
    "components.html": "data could be in it",
    "components.v1.html": "data could be in it",
}
FORBIDDEN_METHODS = {
    "read_pickle": "loading a pickle runs code",
    "query": "DataFrame.query runs text as code",
    "eval": "DataFrame.eval runs text as code",
    "extractall": "a member's name may leave the folder; read members by name",
    "MarkdownColumn": "data would be read as Markdown",
}
FORBIDDEN_KEYWORDS = ("unsafe_allow_html", "allow_pickle")
BARE_CACHES = ("st.cache_data", "st.cache_resource")


@cache
def product() -> tuple[Path, ...]:
    """All Python files that are shipped."""
    folders = [ROOT / name for name in ("core", "ui", "pages")]
    return tuple(sorted([ROOT / "app.py", *(path for folder in folders for path in folder.rglob("*.py"))]))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, at the top or inside a function."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = base_of(path, node)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def base_of(path: Path, node: ast.ImportFrom) -> str:
    """The module that a ``from`` names; only what travels in bundles may name it relatively."""
    if not node.level:
        return node.module or ""
    assert STANDALONE in path.parents, f"{path}: relative import on line {node.lineno}"
    package = module_name(path.parents[node.level - 1] / "__init__.py")
    return f"{package}.{node.module}" if node.module else package


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement at the top of a module defines."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def rule_of(module: str) -> tuple[str, ...]:
    packages = [package for package in FORBIDDEN_IMPORTS if within(module, package)]
    return FORBIDDEN_IMPORTS[max(packages, key=len)] if packages else ()


def wrong_imports(path: Path) -> list[str]:
    module = module_name(path)
    banned = rule_of(module)
    return [f"{module} imports {name}" for name in imports(path) if any(within(name, b) for b in banned)]


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of a name or a chain of attributes, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def wrong_calls(module: ast.Module, *, page: bool = False) -> list[str]:
    """The forbidden things in a module, each with its line."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            found += [f"line {node.lineno}: {what}" for what in wrong_call(node)]
        if page and isinstance(node, ast.Attribute) and dotted(node) in BARE_CACHES:
            found.append(f"line {node.lineno}: {dotted(node)}: a cache needs its owner in the key")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            if any(within(name, banned) for name in names for banned in ("cloudpickle", "dill", "marshal")):
                found.append(f"line {node.lineno}: imports a pickler")
    return found


def wrong_call(call: ast.Call) -> Iterator[str]:
    name = dotted(call.func)
    for banned, reason in FORBIDDEN_CALLS.items():
        if name == banned or ("." in banned and name.endswith(f".{banned}")):
            yield f"{name}: {reason}"
    if isinstance(call.func, ast.Attribute) and call.func.attr in FORBIDDEN_METHODS:
        yield f".{call.func.attr}: {FORBIDDEN_METHODS[call.func.attr]}"
    for keyword in call.keywords:
        off = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        if keyword.arg in FORBIDDEN_KEYWORDS and not off:
            yield f"{keyword.arg}= is not False"
        if keyword.arg == "trusted" and isinstance(keyword.value, ast.Call | ast.Constant):
            yield "trusted= must be our own list"


def functions(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Name and length, docstring not counted, of each function."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if ast.get_docstring(node, clean=False) is not None:
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield node.name, lines


def package_of(name: str) -> str:
    """``core.data`` of ``core.data.text.cells``: the part of core that a module belongs to."""
    return ".".join(name.split(".")[:2])


def packages_of_core() -> dict[str, set[str]]:
    """Each package of core, and each module that lies beside them -> those that it imports."""
    found: dict[str, set[str]] = {}
    for path in product():
        own = package_of(module_name(path))
        if own.startswith("core."):
            found.setdefault(own, set()).update(package_of(name) for name in imports(path))
    return {own: (names & found.keys()) - {own} for own, names in found.items()}


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """What is left of a graph when all is taken away that imports nothing of the rest."""
    rest = dict(graph)
    while free := [name for name, names in rest.items() if not names & rest.keys()]:
        for name in free:
            del rest[name]
    return sorted(rest)


def test_there_are_no_circles_between_the_packages_of_core() -> None:
    assert not circle_in(packages_of_core())
    assert circle_in({"a": {"b"}, "b": {"a"}, "c": {"a"}, "d": set()}) == ["a", "b", "c"]


def catalog_ids() -> frozenset[str]:
    """The ids of all entries of all catalogs."""
    found: set[str] = set()
    for path in sorted((ROOT / "core" / "catalog").rglob("*.py")):
        module = importlib.import_module(module_name(path))
        found.update(*(one.ids() for one in vars(module).values() if isinstance(one, Catalog)))
    return frozenset(found)


def ids_in(module: ast.Module, ids: frozenset[str]) -> list[str]:
    """The catalog ids, and beginnings of ids, that a module names."""
    texts = [
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    ]
    starts = {text for text in texts if text.endswith("_") and any(one.startswith(text) for one in ids)}
    return sorted((ids & set(texts)) - ORDINARY_WORDS | starts)


def test_catalog_ids_stay_in_the_catalog() -> None:
    ids = catalog_ids()
    assert len(ids) > 100
    assert ids >= ORDINARY_WORDS
    outside = [path for path in product() if not within(module_name(path), "core.catalog")]
    found = {str(path.relative_to(ROOT)): ids_in(tree(path), ids) for path in outside}
    unlisted = {file: names for file, names in found.items() if names and file not in IDS_OUTSIDE_THE_CATALOG}
    assert not unlisted
    assert all(found[file] for file in IDS_OUTSIDE_THE_CATALOG), "an exception without a case"
    assert ids_in(ast.parse("x.startswith('dummy_')"), ids) == ["dummy_"]


def test_imports_go_one_way() -> None:
    wrong = [line for path in product() for line in wrong_imports(path)]
    assert not wrong, "\n".join(wrong)


def test_what_travels_imports_only_what_a_bundle_may() -> None:
    allowed = (*sys.stdlib_module_names, *MAY_TRAVEL, "core.standalone")
    for path in sorted(STANDALONE.rglob("*.py")):
        mine = (*allowed, *ALSO_BY_ONE.get(module_name(path), ()))
        wrong = [name for name in imports(path) if not any(within(name, one) for one in mine)]
        assert not wrong, f"{module_name(path)} imports {wrong}"
        assert "core." not in path.read_text(encoding="utf-8"), (
            f"{path.name} names a module that stays behind"
        )


def code_in_texts(module: ast.Module) -> list[str]:
    """The functions that stand in texts of a module, where neither mypy nor ruff sees them."""
    texts = [node.value for node in ast.walk(module) if isinstance(node, ast.Constant)]
    return re.findall(r"(?m)^ *def (\w+)\(", "\n".join(text for text in texts if isinstance(text, str)))


def test_code_that_ships_is_code() -> None:
    found = {module_name(path): code_in_texts(tree(path)) for path in product()}
    assert {name: names for name, names in found.items() if names} == FUNCTIONS_IN_TEXTS


def test_what_travels_has_no_name_twice() -> None:
    """A script carries it all in one file."""
    paths = [path for path in sorted(STANDALONE.rglob("*.py")) if path.name != "__init__.py"]
    names = Counter(name for path in paths for node in tree(path).body for name in defined(node))
    assert not [name for name, times in names.items() if times > 1]


def test_the_rules_have_someone_to_bind() -> None:
    modules = [module_name(path) for path in product()]
    for package in FORBIDDEN_IMPORTS:
        assert any(within(module, package) for module in modules), (
            f"no module is bound by the rule of {package}"
        )


def test_core_loads_without_streamlit() -> None:
    code = (
        "import importlib, pkgutil, sys, core\n"
        "for found in pkgutil.walk_packages(core.__path__, 'core.'):\n"
        "    if not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
        "assert 'core.spec' in sys.modules\n"
        "print([name for name in ('streamlit', 'ui', 'plotly') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_every_page_starts_with_the_router_guard() -> None:
    pages = sorted((ROOT / "pages").glob("*.py"))
    assert pages
    for page in pages:
        body = [
            node
            for node in tree(page).body
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            and not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        ]
        wanted = ["from ui.frame.router import through_router", "through_router()"]
        assert [ast.unparse(node) for node in body[:2]] == wanted, (
            f"{page.name} does not start with the guard"
        )


def test_nothing_forbidden_is_called() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} {line}"
        for path in product()
        for line in wrong_calls(tree(path), page="pages" in path.parts)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "code",
    [
        "eval(x)",
        "pickle.loads(x)",
        "joblib.load(x)",
        "frame.query(x)",
        "pd.eval(x)",
        "archive.extractall()",
        "st.markdown(x, unsafe_allow_html=True)",
        "st.components.v1.html(x)",
        "st.html(x)",
        "np.load(x, allow_pickle=yes)",
        "load(x, trusted=get_untrusted_types(file=x))",
        "import cloudpickle",
        "st.column_config.MarkdownColumn()",
    ],
)
def test_the_search_for_forbidden_calls_finds(code: str) -> None:
    assert wrong_calls(ast.parse(code))


def test_a_page_may_not_cache_without_an_owner() -> None:
    code = ast.parse("@st.cache_data\ndef rows(): pass")
    assert wrong_calls(code, page=True)
    assert not wrong_calls(code)


def test_files_and_functions_stay_small() -> None:
    files = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in product()}
    sizes = {
        (str(path.relative_to(ROOT)), name): n for path in product() for name, n in functions(tree(path))
    }
    print(f"files: median {median(files.values())} lines (target near 100), over 250:")
    print(*(f"  {n} {name}" for name, n in files.items() if n > 250), sep="\n")
    print(f"functions: median {median(sizes.values())} lines (target under 10), over 40:")
    print(*(f"  {n} {file} {name}" for (file, name), n in sizes.items() if n > 40), sep="\n")
    assert {name: n for name, n in files.items() if n > MOST_LINES_OF_FILE} == {}
    assert {key: n for key, n in sizes.items() if n > MOST_LINES_OF_FUNCTION} == {}
