"""The explorer's JavaScript: its own tests, its types, its form."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cornernet.ui.explorer.bundle import EXPLORER

FOLDER = Path(__file__).parent / "explorer"


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None and "CI" not in os.environ:
        pytest.skip("no Node.js on this machine")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def packages() -> Path:
    """Install the pinned packages that only the tests need, once."""
    folder = FOLDER / "node_modules"
    installed, wanted = folder / ".package-lock.json", FOLDER / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < wanted.stat().st_mtime:
        if shutil.which("npm") is None and "CI" not in os.environ:
            pytest.skip("no npm on this machine")
        run("npm", "ci", "--no-audit", "--no-fund")
    return folder


def test_pure_parts(node: str) -> None:
    run(node, "--test", *(str(p) for p in sorted(FOLDER.glob("*.test.js"))))


@pytest.mark.slow
def test_types(node: str, packages: Path) -> None:
    run(node, str(packages / "typescript" / "bin" / "tsc"), "-p", "tsconfig.json")


@pytest.mark.slow
def test_format_and_lint(packages: Path) -> None:
    biome = packages / ".bin" / "biome"
    run(str(biome), "check", "--error-on-warnings", ".", str(EXPLORER))
