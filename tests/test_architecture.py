"""The order of the modules, and habits that the whole code keeps."""

import ast
from pathlib import Path

import pytest

from cornernet.paths import EXPLORER
from tests.order import ORDER

PACKAGE = Path(__file__).parents[1] / "cornernet"

RANK = {name: rank for rank, group in enumerate(ORDER) for name in group}
FILES = sorted(PACKAGE.rglob("*.py"))


def group_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cornernet"):
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.startswith("cornernet")}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_data_flows_one_way(path: Path) -> None:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    if parts == ("__init__",):
        return
    rank = RANK[parts[0]]
    for module in imports_of(path):
        assert RANK[group_of(module)] <= rank, f"{parts} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_habits(path: Path) -> None:
    source = path.read_text()
    for habit in (
        "inplace=True",
        "register_forward_hook",
        "matplotlib.pyplot",
    ):
        assert habit not in source
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "weights_only":
            assert ast.literal_eval(node.value) is True
    assert path.name not in ("utils.py", "misc.py", "helpers.py")


MOST_LINES, MOST_IN_A_FUNCTION, MOST_ARGUMENTS = 200, 40, 5


def test_no_file_is_too_long() -> None:
    """The explorer's too, whose functions its linter measures."""
    too_long = [
        str(path.relative_to(folder))
        for folder, pattern in ((PACKAGE, "*.py"), (EXPLORER, "*.js"), (EXPLORER, "*.css"))
        for path in folder.rglob(pattern)
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    ]
    assert too_long == []


def test_no_function_does_too_much() -> None:
    too_much = [
        f"{path.name} {node.name}"
        for path in (*FILES, PACKAGE.parent / "app.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and does_too_much(node)
    ]
    assert too_much == []


def does_too_much(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = function.args
    named = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    count = len(set(named) - {"self", "cls"})
    return lines > MOST_IN_A_FUNCTION or count > MOST_ARGUMENTS


@pytest.mark.parametrize(("lines", "arguments", "expected"), [
    (39, 5, False),
    (40, 5, True),
    (2, 6, True),
])  # fmt: skip
def test_what_does_too_much(lines: int, arguments: int, expected: bool) -> None:
    names = "self, " + ", ".join(f"a{n}" for n in range(arguments))
    source = f"def f({names}):\n" + "    pass\n" * lines
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert does_too_much(function) is expected


def test_inference_loads_no_training_code_and_importing_has_no_effect() -> None:
    closure, queue = set(), ["cornernet.detector"]
    while queue:
        module = queue.pop()
        closure.add(module)
        folder = PACKAGE.joinpath(*module.split(".")[1:])
        path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        if path.exists():
            queue += [m for m in imports_of(path) if m not in closure]
    assert not {group_of(m) for m in closure} & {
        "training",
        "data",
        "analysis",
        "evaluation",
        "ui",
        "figures",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_verbs_are_no_names_of_things(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    assert not names & {"told", "said", "seen", "asked", "wishes"}
