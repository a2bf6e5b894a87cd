"""A training that cannot become good stops, says so, and keeps its last good state."""

import math
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cornernet.checkpoints import CheckpointError, load_checkpoint
from cornernet.cli import main
from cornernet.config import DecodeConfig, PreprocessConfig, TrainConfig
from cornernet.presets import PRESETS, Preset
from cornernet.training import export
from cornernet.training import train as loop
from cornernet.training.health import PATIENCE, WINDOW, DivergedError, Health, fault_of_values
from cornernet.training.state import new_network
from tests.tiny import TINY

MODEL = replace(TINY, stacks=1, categories=8)


def fate(losses: list[float]) -> str:
    """Say at which step a run with these losses is stopped, and why."""
    watch = Health()
    for step, loss in enumerate(losses):
        try:
            watch.expect_loss(loss)
        except DivergedError as error:
            return f"{step}: {error}"
    return "goes on"


@pytest.mark.parametrize(
    ("losses", "told"),
    [
        ([30.0, math.nan], "1: the loss is nan"),
        ([math.inf], "0: the loss is inf"),
        ([30.0] * WINDOW + [1e6], f"{WINDOW}: the loss rose from 30 to "),
        ([30.0 * 1.1**step for step in range(300)], "the loss rose"),
        ([30.0 / (1 + step) for step in range(900)], "goes on"),
        ([30.0 / (1 + step) for step in range(900)] + [2.0] * 900, "goes on"),  # a larger input
        ([30.0, 5.0] * 500, "goes on"),
        ([10.0] * 100 + [500.0] + [10.0] * 100, "goes on"),  # one bad batch
        ([0.0] * 300, "goes on"),
    ],
)
def test_a_lost_run_is_told_from_a_rough_one(losses: list[float], told: str) -> None:
    assert told in fate(losses)


def test_gradients_that_are_no_numbers_are_borne_for_a_while() -> None:
    watch = Health()
    for norm in ([math.nan] * (PATIENCE - 1) + [1.0]) * 3 + [math.inf] * (PATIENCE - 1):
        watch.expect_gradient(norm)
    with pytest.raises(DivergedError, match="10 gradients in a row"):
        watch.expect_gradient(math.nan)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("stem.0.conv.weight", 1e5, "stem.0.conv.weight reaches 1e+05"),
        ("stem.0.conv.weight", -1e5, "stem.0.conv.weight reaches -1e+05"),
        ("stem.0.conv.weight", math.nan, "stem.0.conv.weight reaches nan"),
        ("stem.0.bn.running_var", 1e5, None),
        ("stem.0.bn.running_var", math.inf, "stem.0.bn.running_var reaches inf"),
        ("stem.0.bn.running_mean", -math.inf, "stem.0.bn.running_mean reaches -inf"),
    ],
)
def test_values_that_a_checkpoint_cannot_hold_are_found(
    name: str, value: float, told: str | None
) -> None:
    network = new_network(MODEL, seed=1)
    assert fault_of_values(network) is None
    network.state_dict()[name].view(-1)[0] = value
    assert fault_of_values(network) == told


@pytest.fixture(autouse=True)
def tiny_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    preset = Preset(
        model=MODEL,
        preprocess=PreprocessConfig(longer_side=64, multiple=16),
        decode=DecodeConfig(),
        train=TrainConfig(
            minutes=1.0, input_sizes=((0.0, 64),), warmup_steps=1, batch_size=2, workers=0
        ),
    )
    monkeypatch.setitem(PRESETS, "tiny", preset)


def train(folder: Path, *more: str) -> int:
    return main(["train", "--preset", "tiny", "--out", str(folder), *more])


@pytest.mark.parametrize(
    ("checkpoint_minutes", "rate", "kept", "told"),
    [
        (0.0, 1e6, 3, "reaches"),  # told by the weights, when they are to be saved
        (5.0, 1e30, 1, "the loss is nan"),
        (5.0, math.nan, 1, "the loss is nan"),
    ],
)
def test_a_run_that_diverges_ends_with_its_last_good_state(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    checkpoint_minutes: float,
    rate: float,
    kept: int,
    told: str,
) -> None:
    tiny = PRESETS["tiny"]
    config = replace(tiny.train, checkpoint_minutes=checkpoint_minutes)
    monkeypatch.setitem(PRESETS, "tiny", replace(tiny, train=config))
    monkeypatch.setattr(loop, "learning_rate_at", lambda _, step, __: rate if step >= 3 else 1e-3)
    folder = tmp_path / "run"
    assert train(folder, "--steps", "8") == 2
    said = capsys.readouterr().err
    assert "Trained" not in said
    last = said.splitlines()[-1]
    assert last.startswith("cornernet: Expected a training that converges, but ")
    assert told in last
    assert last.endswith(
        f"; the state after {kept} steps is kept, and --resume --out {folder} --change "
        "--learning-rate 0.0002 goes on from it."
    )
    assert fault_of_values(load_checkpoint(folder / "run.safetensors").network) is None
    monkeypatch.undo()
    monkeypatch.setitem(PRESETS, "tiny", tiny)
    resume = ["train", "--resume", "--out", str(folder), "--change", "--learning-rate", "2e-4"]
    assert main(resume) == 0
    assert "Trained 8 steps on 16 images" in capsys.readouterr().err


def test_a_run_that_diverges_at_once_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    assert train(folder, "--steps", "8", "--learning-rate", "1e6") == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.endswith(
        "; no state was good enough to keep, so begin again with --learning-rate 100000."
    )
    assert sorted(path.name for path in folder.iterdir()) == ["settings.json"]
    assert train(folder, "--steps", "2") == 0


def test_what_cannot_be_used_is_not_called_trained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: str) -> None:
        raise CheckpointError(f"Expected finite answers to a grey image, but {path} gives others.")

    monkeypatch.setattr(export, "check", refuse)
    folder = tmp_path / "run"
    assert train(folder, "--steps", "2") == 2
    said = capsys.readouterr().err
    assert "finite answers" in said
    assert "Trained" not in said
    assert not list(folder.glob("run.*"))


@pytest.mark.parametrize(
    ("bytes_a_file", "left"),
    [
        (200, []),
        (10_000, ["settings.json"]),  # the first state has no room
        (200_000, ["settings.json"]),
    ],
)
def test_a_full_disk_is_one_sentence_and_leaves_no_half_of_a_file(
    bytes_a_file: int, left: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with files_of_at_most(bytes_a_file):
        assert train(tmp_path / "run", "--steps", "2") == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("cornernet: Expected room for ")
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == left


def test_a_disk_that_fills_up_keeps_what_was_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    assert train(folder, "--steps", "2") == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    resume = ["train", "--resume", "--out", str(folder)]
    with files_of_at_most(10_000):
        assert main([*resume, "--change", "--steps", "4"]) == 2
    assert "Expected room for " in capsys.readouterr().err.splitlines()[-1]
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(after) == set(before)
    assert after["checkpoint.pt"] == before["checkpoint.pt"]
    assert main(resume) == 0


@contextmanager
def files_of_at_most(count: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_too_little_memory_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def rate(_: TrainConfig, step: int, __: float) -> float:
        if step == 2:
            raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate 2 GiB.")
        return 1e-3

    monkeypatch.setattr(loop, "learning_rate_at", rate)
    folder = tmp_path / "run"
    assert train(folder, "--steps", "4") == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("cornernet: Expected memory for batches of 2 images, but the CPU")
    load_checkpoint(folder / "run.safetensors")
    monkeypatch.setattr(loop, "learning_rate_at", lambda *_: 1e-3)
    resume = ["train", "--resume", "--out", str(folder), "--change", "--batch-size", "1"]
    assert main(resume) == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--batch-size", "1"], "a batch of at least 2 images of 16 pixels, but 1"),
        (["--batch-size", "0"], "a batch of 1 to 4096 images, but 0"),
        (["--batch-size", "1000000"], "a batch of 1 to 4096 images, but 1000000"),
        (["--seed", str(2**64)], "a seed from 0 to 2**63 - 1, but 18446744073709551616"),
        (["--workers", "100000"], "0 to 256 workers, but 100000"),
        (["--device", "cpu:x"], "a device such as cpu or cuda:0, but 'cpu:x'"),
        (["--device", "cpu:7"], "a number below 1 in the device, but 'cpu:7'"),
        (["--learning-rate", "nan"], "a learning rate above 0, but nan"),
        (["--seed", "-1"], "a seed from 0 to 2**63 - 1, but -1"),
        (["--workers", "-1"], "0 to 256 workers, but -1"),
    ],
    ids=" ".join,
)
def test_impossible_settings_write_nothing(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    given: list[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tiny = PRESETS["tiny"]
    config = replace(tiny.train, input_sizes=((0.0, 16), (0.5, 64)))
    monkeypatch.setitem(PRESETS, "tiny", replace(tiny, train=config))
    assert train(tmp_path / "run", "--steps", "2", *given) == 2
    assert f"cornernet: Expected {told}" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--steps", "0"], "steps above 0, but 0"),
        (["--steps", "-5"], "steps above 0, but -5"),
        (["--minutes", "0"], "minutes above 0, but 0.0"),
        (["--minutes", "inf"], "minutes above 0, but inf"),
        (["--minutes", "nan"], "minutes above 0, but nan"),
    ],
    ids=" ".join,
)
def test_impossible_lengths_write_nothing(
    tmp_path: Path, given: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(tmp_path / "run", *given) == 2
    assert f"cornernet: Expected {told}" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "run").write_text("mine")
    for folder in (tmp_path / "run", tmp_path / "run" / "inside"):
        assert train(folder, "--steps", "2", "--data", "nothing.json") == 2
        said = capsys.readouterr().err
        assert said.startswith("cornernet: Expected a folder that can be written, but ")
    assert (tmp_path / "run").read_text() == "mine"


def test_batches_of_one_train(tmp_path: Path) -> None:
    assert train(tmp_path / "run", "--steps", "2", "--batch-size", "1") == 0
