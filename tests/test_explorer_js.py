"""The explorer's JavaScript: its own tests, its types, its form."""

import re
from pathlib import Path

import pytest

from cornernet.paths import EXPLORER
from tests.javascript import FOLDER, run

MODULES = sorted(EXPLORER.rglob("*.js"))
SHEETS_AND_MODULES = [*sorted(EXPLORER.rglob("*.css")), *MODULES]
# A module names only modules of its own layer and of those before it.
LAYERS = (("types", "answer-types"), ("twins",), ("kit",), ("panels",), ("main",), ("page",))
NAMED = re.compile(r"""(?:from |import\()"(\.[^"]+)\.js\"""")


def test_pure_parts(node: str) -> None:
    run(node, "--test", *(str(p) for p in sorted(FOLDER.glob("*.test.js"))))


@pytest.mark.slow
def test_types(node: str, packages: Path) -> None:
    run(node, str(packages / "typescript" / "bin" / "tsc"), "-p", "tsconfig.json")


@pytest.mark.slow
def test_format_and_lint(packages: Path) -> None:
    biome = packages / ".bin" / "biome"
    run(str(biome), "check", "--error-on-warnings", ".", str(EXPLORER))


def layer_of(module: Path) -> int:
    name = module.relative_to(EXPLORER).parts[0].removesuffix(".js")
    return next(rank for rank, names in enumerate(LAYERS) if name in names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(EXPLORER)))
def test_layers(path: Path) -> None:
    """Hold imports, and types that comments name, to the order of the layers."""
    for name in NAMED.findall(path.read_text(encoding="utf-8")):
        named = (path.parent / f"{name}.js").resolve()
        assert named.is_file()
        assert layer_of(named) <= layer_of(path), f"{path.name} names {name}"


@pytest.mark.parametrize("path", SHEETS_AND_MODULES, ids=lambda p: str(p.relative_to(EXPLORER)))
def test_lines_are_short(path: Path) -> None:
    """Hold comments and long words to what the formatter does to code."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [k for k, line in enumerate(lines, 1) if len(line) > 120]
