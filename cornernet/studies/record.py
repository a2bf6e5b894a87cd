"""What a study found, as a file: written whole, and read by the page."""

import json
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from cornernet.device import available_cores, describe
from cornernet.paths import ASSETS
from cornernet.writing import whole_file

STUDIES_FOLDER = ASSETS / "studies"
Record = dict[str, Any]


def provenance(device: torch.device) -> Record:
    """Return where and with what figures are made."""
    return {
        "commit": _commit(),
        "device": describe(device),
        "machine": platform.machine(),
        "cores": available_cores(),
        "torch": torch.__version__,
    }


def _commit() -> str | None:
    """Return the code's commit, marked if files differ from it; None where there is no git."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip()


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record. Raise ValueError, in one sentence, if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"Expected a folder that can be written, but: {error}.") from error
    with whole_file(path) as new:
        new.write_text(json.dumps(record, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read_record(path: Path) -> Record | None:
    """Read a record; None if there is none."""
    try:
        record: Record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return record
