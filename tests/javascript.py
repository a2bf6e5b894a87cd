"""How the tests run JavaScript outside a browser."""

import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent / "explorer"


def run(*command: str) -> None:
    """Run a command in the folder of the explorer's tests; fail with what it printed."""
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
