"""Processes that train together compute what one would; how they begin, fail and go on."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cornernet.cli import main
from cornernet.data.loading import Division
from cornernet.device import PRECISION_VARIABLE
from cornernet.training.state import Progress, checkpoint_path
from tests.together import CASES, CONFIG, MODEL, Case, trained

ROOT = Path(__file__).parents[1]
TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node")


@contextmanager
def torchrun(processes: int, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Start processes on a free port; whatever happens, none is left."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), **variables}
    with subprocess.Popen(
        [*TORCHRUN, str(processes), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()  # torchrun ends those that it started


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    exact = {PRECISION_VARIABLE: "fp32"}  # in half precision, all differs by its rounding
    with torchrun(2, str(ROOT / "tests" / "together.py"), str(folder), **exact) as process:
        _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    return folder


def losses(folder: Path) -> list[list[float]]:
    rows = list(csv.DictReader((folder / "log.csv").read_text().splitlines()))
    names = ("heatmap", "pull", "push", "offset", "total", "gradient_norm")
    return [[float(row[name]) for name in names] for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_two_processes_compute_what_one_does(
    monkeypatch: pytest.MonkeyPatch, two: Path, tmp_path: Path, case: Case
) -> None:
    """Batch normalisation sees the same statistics here; with its own it would differ by design.

    By the images' own statistics many gradients are 0 but for rounding, of which Adam makes whole
    steps: there the first step alone is compared, its gradient by the norm.
    """
    monkeypatch.setenv(PRECISION_VARIABLE, "fp32")
    one = trained(tmp_path / "one", replace(case, accumulate=1)).state_dict()
    steps = 1 if case.has_twins else 5
    assert losses(two / case.name)[:steps] == [
        pytest.approx(row, rel=1e-3, abs=1e-5) for row in losses(tmp_path / "one")[:steps]
    ]
    both = [torch.load(two / case.name / f"weights-{rank}.pt") for rank in (0, 1)]
    for name, tensor in one.items():
        if not case.has_twins:
            torch.testing.assert_close(both[0][name], tensor, rtol=1e-3, atol=2e-5)
        if "running" not in name:
            assert both[1][name].equal(both[0][name]), name


@pytest.mark.parametrize(
    ("batch_size", "processes", "parts", "expected"),
    [
        (49, 10, 1, [[4], *[[5]] * 9]),  # as in the paper
        (6, 1, 1, [[6]]),
        (7, 2, 2, [[1, 2], [2, 2]]),
    ],
)
def test_each_image_of_a_batch_is_in_one_part_of_one_process(
    batch_size: int, processes: int, parts: int, expected: list[list[int]]
) -> None:
    places = [
        Division(batch_size=batch_size, process=rank, processes=processes, parts=parts).places
        for rank in range(processes)
    ]
    assert [[len(part) for part in parts] for parts in places] == expected
    assert [n for parts in places for part in parts for n in part] == list(range(batch_size))


def test_too_few_images_for_the_processes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^Expected batches of .* 4 parts, but 3 was given\.$"):
        replace(CONFIG, batch_size=3, accumulate=2).expect_to_fit(MODEL, processes=2)


@pytest.mark.slow
def test_several_processes_stop_together_and_one_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    command = ["-m", "cornernet", "train", "--out", str(folder), "--device", "cpu"]
    sizes = ["--batch-size", "4", "--workers", "0"]
    with torchrun(2, *command, *sizes, "--steps", "100000") as process:
        end = time.monotonic() + 300
        while not checkpoint_path(folder).exists() and time.monotonic() < end:
            assert process.poll() is None
            time.sleep(0.1)
        process.terminate()
        printed, told = process.communicate(timeout=120)
    assert told.count("cornernet: stopped and saved; go on with ") == 1
    assert told.count("2 processes, each on the CPU") == 1
    assert printed == ""
    steps = read_progress(folder).steps
    assert read_progress(folder).images == 4 * steps
    assert (folder / "run.safetensors").exists()
    resume = ["train", "--resume", "--out", str(folder), "--device", "cpu", "--change"]
    assert main([*resume, "--steps", str(steps + 1), "--accumulate", "2"]) == 0
    assert f"Trained {steps + 1} steps on {4 * (steps + 1)} images" in capsys.readouterr().err


def read_progress(folder: Path) -> Progress:
    saved = torch.load(checkpoint_path(folder), map_location="cpu", weights_only=True)
    return Progress(**saved["progress"])
