"""Loading takes little more memory than the file is large."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.published import COLUMNS, Column, weights, write_layout

PROGRAM = """
import sys, torch
from cornernet.checkpoints import load_checkpoint

def kibibytes(field):
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1])

load_checkpoint("shapes")  # all code that is imported late
before = kibibytes("VmRSS:")
network = load_checkpoint(sys.argv[1]).network
print(kibibytes("VmHWM:") - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("layout", COLUMNS)
def test_the_process_grows_by_at_most_1_3_times_the_file(tmp_path: Path, layout: Column) -> None:
    path = write_layout(tmp_path, weights("hourglass104", is_tiny=False), layout)
    size = path.stat().st_size
    command = [sys.executable, "-c", PROGRAM, str(path)]
    root = Path(__file__).parents[1]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    path.unlink()
    grown = int(result.stdout) * 1024
    print(f"{layout}: {size / 2**20:.0f} MiB, grew by {grown / size:.3f} of it")  # noqa: T201
    assert 0.5 * size < grown <= 1.3 * size
