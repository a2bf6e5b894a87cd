"""Where the files lie that the code reads beside itself: weights, lessons, a replay and others."""

from pathlib import Path

_HERE = Path(__file__).parent


def _find_assets() -> Path:
    """Return the folder: inside the installed package, else beside the package in a checkout."""
    installed = _HERE / "assets"
    return installed if installed.is_dir() else _HERE.parent / "assets"


ASSETS = _find_assets()
WEIGHTS = ASSETS / "weights"
EXPLORER = ASSETS / "explorer"
LESSONS = ASSETS / "lessons"
EXAMPLES = ASSETS / "examples"
REPLAY = ASSETS / "replay"
