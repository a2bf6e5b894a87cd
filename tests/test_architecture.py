"""The order of the modules, and habits that the whole code keeps."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "cornernet"

# A module imports only from groups before its own (or its own); the README shows the same list.
ORDER = (
    ("paths", "config", "categories", "device", "image_formats"),
    ("preprocess",),
    ("model",),
    ("boxes",),
    ("peaks",),
    ("decode", "combine", "fast", "observation"),
    ("checkpoints",),
    ("detector", "presets", "report"),
    ("data",),
    ("analysis",),
    ("training",),
    ("figures",),
    ("evaluation",),
    ("ui",),
    ("commands",),
    ("cli", "__main__"),
)
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
    assert len(source.splitlines()) <= 250


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
