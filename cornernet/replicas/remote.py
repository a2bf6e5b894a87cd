"""The page's side: a detector whose network runs in replicas; all else is computed here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from cornernet.checkpoints import load_checkpoint
from cornernet.detector import Detector
from cornernet.fast import CellMaps, cell_heads
from cornernet.model.corner_pool import Scan
from cornernet.model.folding import fold
from cornernet.model.network import CornerNet, StackOutput
from cornernet.replicas.answering import Facts, fingerprint
from cornernet.replicas.wire import Sent, received
from cornernet.stages import stage

Ask = Callable[..., Any]  # (a method of `Answering`, what it takes) -> what it returns


class RemoteNetwork:
    """What `FastNetwork` does, done by replicas."""

    def __init__(self, name: str, network: CornerNet, facts: Facts, ask: Ask) -> None:
        self.name, self.dtype, self.place = name, facts.dtype, f"replicas: {facts.device}"
        self._heads, self._ask = cell_heads(network), ask

    def __call__(self, pixels: Tensor) -> StackOutput[CellMaps]:
        """Compute all that is needed of every cell."""
        return self.run(pixels)[0]

    def run(self, pixels: Tensor) -> tuple[StackOutput[CellMaps], str | None]:
        """Give the output and a notice, or none."""
        output, notice = self._ask("look", self.name, pixels)
        return self._received(output, -1), notice

    def features(self, pixels: Tensor, stacks: int | None = None) -> Tensor:
        """Run up to the features of the last hourglass, or of as many as are said."""
        features: Tensor = self._ask("features", self.name, pixels, stacks)
        return features

    def predict(
        self, features: Tensor, stack: int = -1, scans: tuple[Scan, Scan] | None = None
    ) -> StackOutput[CellMaps]:
        """Run the branches of an hourglass on its features, if need be with other scans."""
        return self._received(self._ask("predict", self.name, features, stack, scans), stack)

    def _received(self, output: Sent, stack: int) -> StackOutput[CellMaps]:
        return received(output, self._heads[stack])


@dataclass(frozen=True, eq=False, kw_only=True)
class RemoteDetector(Detector):
    """A detector that has only the weights that it needs itself; the others stay on the disk."""

    fast: RemoteNetwork

    @property
    def place(self) -> str:
        """Name where the network runs."""
        return self.fast.place

    def run(self, pixels: Tensor) -> tuple[StackOutput[CellMaps], str | None]:
        """Run the network on normalised pixels."""
        with stage("network"):
            return self.fast.run(pixels)


def load_remote(name: str | Path, ask: Ask) -> RemoteDetector:
    """Load a model here and in a replica. Raise ValueError, in one sentence, as `load_detector`."""
    checkpoint = load_checkpoint(name)
    network = checkpoint.network.eval()
    facts: Facts = ask("facts", str(name))
    if facts.fingerprint != fingerprint(network):
        raise ValueError(f"Expected the same weights of {name} on all machines, but they differ.")
    for branch in network.stack(-1).branches.both:
        fold(branch)  # the explorer follows evidence through it
    return RemoteDetector(
        name=checkpoint.name,
        network=network,
        fast=RemoteNetwork(str(name), network, facts, ask),
        categories=checkpoint.categories,
        preprocess=checkpoint.preprocess,
        decode_config=checkpoint.decode,
        device=torch.device("cpu"),
    )
