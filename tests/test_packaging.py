"""The package works where it is installed, far from the repository."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from cornernet.paths import EXAMPLES

ROOT = Path(__file__).parents[1]
PAGE = """
import cornernet
from cornernet.ui import build_demo
from cornernet.ui.explorer.standalone import EXPLORER
from cornernet.ui.lessons import tour_stops
from cornernet.ui.shelf import Shelf

build_demo(Shelf("shapes", cornernet.load_detector))
print(cornernet.__file__, EXPLORER, len(tour_stops()), sep="\\n")
"""

pytestmark = pytest.mark.slow


def run(arguments: list[str], folder: Path) -> str:
    """Run a command without the repository on Python's path; give its standard output."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    result = subprocess.run(
        arguments,
        cwd=folder,
        env=environment | {"CORNERNET_PRECISION": "fp32", "GRADIO_ANALYTICS_ENABLED": "False"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run([*pip, "--wheel-dir", str(folder), str(ROOT)], folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own, which sees what is installed here."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "outer.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    run([*pip, "install", "--quiet", "--no-deps", str(wheel)], folder)
    return folder / "bin"


def test_the_wheel_holds_types_weights_assets_and_the_pins(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (metadata,) = (n for n in names if n.endswith(".dist-info/METADATA"))
        described = Parser().parsestr(archive.read(metadata).decode())
    assets = {f"cornernet/{p.relative_to(ROOT)}" for p in EXAMPLES.parent.glob("*/**/*.*")}
    assert {n for n in assets if "/docs/" not in n} <= names
    assert "cornernet/py.typed" in names
    assert {n.split("/")[0] for n in names} == {"cornernet", metadata.split("/")[0]}
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = {line.split("#")[0].strip() for line in lines} - {""}
    needed = described.get_all("Requires-Dist") or []
    assert {line for line in needed if "extra ==" not in line} == pins


def test_the_command_detects(installed: Path, tmp_path: Path) -> None:
    image = next(EXAMPLES.glob("*.png"))
    shown = run([str(installed / "cornernet"), "detect", str(image), "--json", "-"], tmp_path)
    (entry,) = json.loads(shown)
    assert entry["detections"]


def test_the_page_is_built_from_its_own_assets(installed: Path, tmp_path: Path) -> None:
    code, explorer, stops = run([str(installed / "python"), "-c", PAGE], tmp_path).splitlines()
    package = Path(code).parent
    assert installed.parent in package.parents
    assert Path(explorer) == package / "assets" / "explorer"
    assert int(stops) > 0
