"""Batches are the same however they travel; what goes wrong in a worker is one sentence."""

import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cornernet.config import PenaltyReduction, PreprocessConfig
from cornernet.data import loading
from cornernet.data.coco import CocoSource, read_coco
from cornernet.data.loading import Division, batches
from cornernet.data.samples import Batch, Sample, SampleSource, ShapesSource, TrainingSet
from tests.coco_scene import write_folder
from tests.tiny import TINY

Usage = namedtuple("Usage", "total used free")


def training_set(source: SampleSource) -> TrainingSet:
    return TrainingSet(
        source=source,
        start=5,
        longer_side=64,
        model=TINY,
        preprocess=PreprocessConfig(longer_side=64, multiple=64),
        reduction=PenaltyReduction(),
    )


def three_kinds(index: int, longer_side: int) -> Sample:
    sample = ShapesSource(1)(index, longer_side)
    return Sample(image=sample.image, boxes_xyxy_px=sample.boxes_xyxy_px, labels=sample.labels % 3)


def first(source: SampleSource, workers: int, count: int = 3) -> list[Batch]:
    division = Division(batch_size=2)
    return [batch for (batch,) in islice(batches(training_set(source), division, workers), count)]


@pytest.fixture
def small_shared_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    loading._tell_once.cache_clear()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**20, 2**20 - 1000, 1000))


def alike(ours: list[Batch], theirs: list[Batch]) -> bool:
    return len(ours) == len(theirs) and all(
        a.pixels.equal(b.pixels)
        and a.targets.top_left.heatmap.equal(b.targets.top_left.heatmap)
        and a.targets.bottom_right.offset.equal(b.targets.bottom_right.offset)
        and a.targets.is_object.equal(b.targets.is_object)
        for a, b in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_give_what_one_process_gives(
    workers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert alike(first(three_kinds, workers), first(three_kinds, 0))
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("small_shared_memory")
def test_full_shared_memory_is_told_once_and_changes_no_batch(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert alike(first(three_kinds, 2), first(three_kinds, 0))
    first(three_kinds, 1)
    said = capsys.readouterr().err
    assert said.startswith("/dev/shm is too small for batches on their way (0 MiB free), so ")
    assert said.count("\n") == 1


PROGRAM = """
from tests.test_loading import alike, first, three_kinds
assert alike(first(three_kinds, 2, 30), first(three_kinds, 0, 30))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small /dev/shm")
def test_a_container_with_little_shared_memory_trains() -> None:
    small = ["unshare", "--mount", "--map-root-user"]
    mount = "mount -t tmpfs -o size=256k tmpfs /dev/shm && exec "
    if subprocess.run([*small, "sh", "-c", mount + "true"], capture_output=True).returncode:
        pytest.skip("this user may not mount")
    done = subprocess.run(
        [*small, "sh", "-c", mount + '"$0" "$@"', sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("too small for batches") == 1


def damaged(folder: Path, content: bytes | None) -> SampleSource:
    source = CocoSource(read_coco(write_folder(folder), None), seed=1)
    if content is not None:
        (folder / "2.png").write_bytes(content)
    return source


def png_of(width: int, height: int, path: Path) -> bytes:
    Image.fromarray(np.zeros((height, width), np.uint8)).save(path / "large.png")
    return (path / "large.png").read_bytes()


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("fault", ["damaged", "too large", "gone"])
def test_a_faulty_image_is_named_in_one_sentence(tmp_path: Path, workers: int, fault: str) -> None:
    content = b"no image" if fault == "damaged" else png_of(8000, 6000, tmp_path)
    source = damaged(tmp_path, content)
    if fault == "gone":
        (tmp_path / "2.png").unlink()
    with pytest.raises(ValueError, match=r"^Expected [^\n]*2\.png[^\n]*$") as refusal:
        first(source, workers)
    assert "Traceback" not in str(refusal.value)


def broken(index: int, longer_side: int) -> Sample:
    if index == 8:
        raise KeyError("colour")
    return three_kinds(index, longer_side)


@pytest.mark.parametrize("workers", [0, 1])
def test_any_other_error_names_the_sample(workers: int) -> None:
    sentence = r"^Expected [^\n]* number 8 of the run cannot be made: KeyError 'colour'\.$"
    with pytest.raises(ValueError, match=sentence):
        first(broken, workers)


def ending(index: int, longer_side: int) -> Sample:
    if torch.utils.data.get_worker_info() is not None:
        os.kill(os.getpid(), signal.SIGKILL)  # as a system out of memory does
    return three_kinds(index, longer_side)


def test_a_worker_that_dies_is_told_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"^Expected the processes [^\n]*worker [^\n]*$"):
        first(ending, 1)
