"""A short training that gives the same however it is divided; under `torchrun`, a part of it."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

from cornernet.categories import SHAPES
from cornernet.config import PreprocessConfig, TrainConfig
from cornernet.data.samples import Sample, ShapesSource
from cornernet.model.network import CornerNet
from cornernet.training.state import Progress, new_network, new_state
from cornernet.training.train import Run, train
from cornernet.training.world import current_world, joined
from tests.tiny import TINY

MODEL = replace(TINY, categories=len(SHAPES))
CONFIG = TrainConfig(
    steps=5,
    batch_size=6,
    input_sizes=((0.0, 80),),
    learning_rate=1e-3,
    warmup_steps=1,
    workers=0,
    log_every=1,
    frozen_until=(("stem.0.", 0.5),),  # so that what is shared changes on the way
)


def twins(index: int, longer_side: int) -> Sample:
    """Give batches of six images in which both halves are the same three."""
    return ShapesSource(1)(index // 6 * 3 + index % 3, longer_side)


def with_fixed_statistics(network: CornerNet) -> CornerNet:
    """Let batch normalisation use its running statistics, which do not change."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval().train = lambda *_, module=module: module
    return network


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is trained."""

    name: str
    has_twins: bool = False
    accumulate: int = 1
    batch_size: int = 6


CASES = (
    Case(name="fixed statistics"),
    Case(name="fixed statistics, uneven shares", batch_size=5),
    Case(name="fixed statistics, in parts", accumulate=2),
    Case(name="the same images in both halves", has_twins=True),
)


def trained(folder: Path, case: Case) -> CornerNet:
    """Train, write the log into a folder of its own, and give the network."""
    folder.mkdir(exist_ok=True)
    config = replace(CONFIG, accumulate=case.accumulate, batch_size=case.batch_size)
    network = new_network(MODEL, seed=1)
    if not case.has_twins:
        network = with_fixed_statistics(network)
    state = new_state(network, config, torch.device("cpu"))
    run = Run(
        config=config,
        model=MODEL,
        preprocess=PreprocessConfig(longer_side=80, multiple=16),
        source=twins if case.has_twins else ShapesSource(1),
        folder=folder,
        world=current_world(),
    )
    train(run, state, Progress())
    return state.network


if __name__ == "__main__":
    torch.set_num_threads(1)
    with joined("cpu") as world:
        for case in CASES:
            folder = Path(sys.argv[1], case.name)
            network = trained(folder, case)
            torch.save(network.state_dict(), folder / f"weights-{world.rank}.pt")
