"""What a run would cost is measured, and nothing is trained or written."""

import os
from pathlib import Path

import pytest
import torch

from cornernet.cli import main
from cornernet.config import TrainConfig
from cornernet.training.plan import Plan
from tests.runs import TINY_PRESET


def make_plan(config: TrainConfig, loader_images: float, devices: int = 1) -> Plan:
    return Plan(
        preset="tiny",
        parameters=1234,
        device=torch.device("cpu"),
        devices=devices,
        input_size=80,
        batch_size=10,
        step_seconds=0.5,
        loader_images=loader_images,
        gibibytes=1.5,
        config=config,
    )


@pytest.mark.parametrize(
    ("loader_images", "devices", "told"),
    [
        (100.0, 1, ["the network sets the pace", "100 steps, 0.0 hours", "14.2 days on 1 such"]),
        (5.0, 1, ["the loader sets the pace", "56.7 days on 1 such device"]),
        (100.0, 4, ["3.5 days on 4 such devices, if each adds its whole speed"]),
    ],
)
def test_the_slower_of_the_two_sets_the_pace(
    loader_images: float, devices: int, told: list[str]
) -> None:
    """49 x 500,000 images at 20 a second take 14.2 days."""
    lines = "\n".join(make_plan(TrainConfig(steps=100), loader_images, devices).lines())
    assert all(each in lines for each in told)


def test_a_run_of_minutes_tells_its_images() -> None:
    lines = "\n".join(make_plan(TrainConfig(minutes=2.0), 100.0).lines())
    assert "2 minutes, about 2,400 images" in lines


@pytest.mark.usefixtures("tiny_preset")
def test_a_plan_writes_nothing(
    tmp_path: Path,
    annotations: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    data = ["--data", str(annotations), "--image-root", str(annotations.parent / "images")]
    settings = ["--preset", "tiny", "--workers", "0", "--batch-size", "4", "--accumulate", "2"]
    before = sorted(os.walk(tmp_path))
    assert main(["train", "--plan", "--device", "cpu", *data, *settings]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 5
    assert printed[0].startswith("tiny: ")
    assert f"4 images of {TINY_PRESET.train.input_sizes[-1][1]} pixels" in printed[1]
    assert sorted(os.walk(tmp_path)) == before


def test_a_plan_is_of_a_run_that_is_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--plan", "--resume"]) == 2
    assert "--plan or --resume" in capsys.readouterr().err
