"""A run that is ended in any way goes on from a whole state, and its log tells each step once."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from cornernet.cli import main
from cornernet.training import saving
from cornernet.training.log import CsvLog
from cornernet.training.saving import Saver
from cornernet.training.state import Progress, checkpoint_path, load_run, previous_path, save_run
from cornernet.training.train import train
from tests.test_training import CONFIG, equal, fresh, make_run, read_log

HOLE = bytes(1000)


def state_after(steps: int) -> saving.TrainState:
    """Give a state that differs from that after another number of steps."""
    state = fresh()
    with torch.no_grad():
        for parameter in state.network.parameters():
            parameter.fill_(steps)
    return state


@pytest.fixture
def saved_twice(tmp_path: Path) -> Path:
    for steps in (1, 2):
        save_run(tmp_path, state_after(steps), Progress(steps=steps))
    return tmp_path


@pytest.mark.parametrize("place", [n / 12 for n in range(13)])
def test_a_hole_in_a_checkpoint_is_found(
    saved_twice: Path, place: float, capsys: pytest.CaptureFixture[str]
) -> None:
    path, resumed = checkpoint_path(saved_twice), fresh()
    content = bytearray(path.read_bytes())
    start = min(int(place * len(content)), len(content) - len(HOLE))
    content[start : start + len(HOLE)] = HOLE
    path.write_bytes(content)
    progress = load_run(saved_twice, resumed)
    assert equal(resumed, state_after(progress.steps))
    told = capsys.readouterr().err
    assert progress.steps == (1 if told else 2)
    if told:
        assert told.startswith("Going on from the checkpoint before the last one, since ")
        assert "checkpoint.pt is damaged" in told


def test_most_holes_do_matter(saved_twice: Path) -> None:
    """The test above would hold, too, if nothing was ever found."""
    path = checkpoint_path(saved_twice)
    content = path.read_bytes()
    middle = content.index(torch.full((500,), 2.0).numpy().tobytes())
    path.write_bytes(content[:middle] + HOLE + content[middle + len(HOLE) :])
    assert load_run(saved_twice, fresh()).steps == 1
    previous_path(saved_twice).unlink()
    with pytest.raises(ValueError, match=r"checkpoint\.pt is damaged: the checksum of"):
        load_run(saved_twice, fresh())


def test_a_crash_between_two_files_loses_none(saved_twice: Path) -> None:
    checkpoint_path(saved_twice).unlink()
    assert load_run(saved_twice, fresh()).steps == 1


def test_a_young_run_is_saved_within_a_minute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saves: list[float] = []
    monkeypatch.setattr(saving, "save_run", lambda _, __, progress: saves.append(progress.seconds))
    saver = Saver(tmp_path, fresh(), CONFIG)
    for step in range(1, 80):
        saver.after_step(Progress(steps=step, seconds=10.0 * step))
    assert saves == [10.0, 70.0, 370.0, 670.0]
    saver.save(Progress(steps=79, seconds=790.0))
    saver.save(Progress(steps=79, seconds=790.0))
    assert saves[4:] == [790.0]


def test_the_log_of_a_killed_run_has_no_row_twice(tmp_path: Path) -> None:
    whole = make_run(tmp_path / "whole")
    train(whole, fresh(), Progress())
    killed = make_run(tmp_path / "killed")
    state = fresh()
    train(killed, state, Progress())
    log = killed.folder / "log.csv"
    log.write_text(log.read_text() + "7,14,1.5,0.0")  # killed while it wrote
    save_run(killed.folder, state_after(4), Progress(steps=4, images=8))
    resumed = fresh()
    train(killed, resumed, load_run(killed.folder, resumed))
    assert [row["steps"] for row in read_log(killed.folder)] == list("123456")
    head, *rows = csv.reader(log.read_text().splitlines())
    assert {len(row) for row in rows} == {len(head)}


@pytest.mark.parametrize(
    ("text", "steps", "kept"),
    [
        ("", 5, None),
        ("steps,a\n", 5, None),
        ("steps,a\n1,x\n2,y\n", 0, None),
        ("steps,a\n1,x\n2,y\n", 1, ["1"]),
        ("steps,a\n1,x\n2,y", 5, ["1"]),
        ("steps,a\n1,x\n2\n3,z\n", 5, ["1", "3"]),
        ("steps,a\nnoise,x\n2,y\n", 5, ["2"]),
        ("a,steps\n", 5, None),
        ("\0\0\0\0\n", 5, None),
        ("a,b\n1,2\n", 5, None),
    ],
)
def test_a_log_is_cut_at_a_step(
    text: str, steps: int, kept: list[str] | None, tmp_path: Path
) -> None:
    log = CsvLog(tmp_path / "log.csv")
    log.path.write_text(text)
    log.keep_until(steps)
    assert log.path.exists() == (kept is not None)
    assert [row["steps"] for row in log.rows()] == (kept or [])


def test_without_a_log_there_is_nothing_to_cut(tmp_path: Path) -> None:
    CsvLog(tmp_path / "log.csv").keep_until(3)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("is_whole_group", [False, True])
def test_sigterm_saves(is_whole_group: bool, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "cornernet", "train", "--batch-size", "2", "--workers", "1"]
    with subprocess.Popen(
        [*command, "--steps", "100000", "--out", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        end = time.monotonic() + 300
        while not checkpoint_path(folder).exists() and time.monotonic() < end:
            assert process.poll() is None
            time.sleep(0.1)
        (os.killpg if is_whole_group else os.kill)(process.pid, signal.SIGTERM)
        _, said = process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGTERM
    assert "cornernet: stopped and saved; go on with " in said
    assert "Traceback" not in said
    assert (folder / "run.safetensors").exists()
    assert not list(folder.glob("*.new"))
    assert main(["models", "check", str(folder / "run.safetensors")]) == 0
