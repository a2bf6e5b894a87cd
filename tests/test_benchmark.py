"""The benchmark measures what it says; no test asserts a time."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from cornernet.cli import main
from cornernet.config import DecodeConfig, PreprocessConfig
from cornernet.evaluation.benchmark import STAGES, benchmark
from cornernet.evaluation.ways import Subject, straightforward, ways_of
from cornernet.model.network import CornerNet
from cornernet.peaks import find_peaks

CPU = torch.device("cpu")


@pytest.fixture
def subject(tiny_network: CornerNet) -> Subject:
    return Subject(
        name="tiny",
        network=tiny_network,
        preprocess=PreprocessConfig(longer_side=64, multiple=16),
        decode=DecodeConfig(top_k=10, min_score=0.0, max_embedding_distance=10.0),
        categories=("red", "green", "blue"),
    )


def convolution_flops(network: CornerNet, hw: tuple[int, int]) -> int:
    """Count multiplications and additions from the shapes of what each convolution gives."""
    total = 0

    def count(module: torch.nn.Module, _: object, output: torch.Tensor) -> None:
        nonlocal total
        assert isinstance(module, torch.nn.Conv2d)
        total += 2 * output.numel() * module.weight[0].numel()

    last = [m for m in (*network.stem.modules(), *network.links.modules())]
    for index, stack in enumerate(network.stacks):
        parts = (
            stack.modules()
            if index == len(network.stacks) - 1
            else [
                *stack.hourglass.modules(),
                *stack.conv.modules(),
            ]
        )
        last += list(parts)
    handles = [m.register_forward_hook(count) for m in last if isinstance(m, torch.nn.Conv2d)]
    straightforward(network).look(torch.zeros(1, 3, *hw))
    for handle in handles:
        handle.remove()
    return total


def test_ways_find_the_same_and_flops_are_those_of_the_convolutions(subject: Subject) -> None:
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    expected = convolution_flops(subject.network, (64, 64)) / 1e9
    measured = benchmark(subject, image, runs=2, device=CPU)
    slow, quick = measured[:2]
    assert (slow.way, slow.precision, quick.way) == ("straightforward", "float32", "fast")
    assert slow.gflop == pytest.approx(expected, rel=1e-6)
    assert quick.gflop < slow.gflop
    assert slow.speed_up == slow.cpu_speed_up == 1
    for row in measured:
        assert row.runs == 2
        assert set(row.stages) == set(STAGES)
        for timing in row.stages.values():
            assert 0 < timing.least <= timing.median <= timing.most
    pixels = torch.randn(1, 3, 64, 64)
    found = [find_peaks(way.look(pixels)[0], subject.decode) for way in ways_of(subject, CPU)]
    assert torch.equal(found[0].cell_xy, found[1].cell_xy)


@pytest.mark.slow
def test_the_command_prints_a_table_and_writes_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "times.json"
    command = ["benchmark", "--size", "96x64", "--runs", "1", "--device", "cpu"]
    assert main([*command, "--json", str(out)]) == 0
    table = capsys.readouterr().out
    assert "| straightforward | float32 |" in table
    assert "| fast | float32 |" in table
    report = json.loads(out.read_text())
    assert report["model"] == "shapes"
    assert report["image"] == "96x64"
    for way in report["ways"]:
        assert way["peak_mebibytes"] > 50
    assert main([*command, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["machine"]["torch"] == torch.__version__
