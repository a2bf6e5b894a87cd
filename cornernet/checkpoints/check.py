"""Verify a checkpoint that somebody has: what it is, whether it is whole, whether it computes."""

from dataclasses import dataclass
from pathlib import Path

import torch

from cornernet.checkpoints.files import load_checkpoint
from cornernet.checkpoints.known import KNOWN_MODELS, MEBIBYTE, find_checkpoint
from cornernet.checkpoints.layouts import LAYOUT_NAMES
from cornernet.checkpoints.published import published_fault, sha256_of
from cornernet.checkpoints.read import CheckpointError
from cornernet.model.network import CornerNet


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """What a file turned out to be."""

    path: Path
    layout: str
    megabytes: float
    sha256: str
    parameters: int
    stride: int
    categories: int
    largest_value: float
    largest_entry: str

    def lines(self) -> list[str]:
        """Describe it line by line."""
        return [
            f"{self.path}: {self.megabytes:.1f} MiB",
            f"layout: {self.layout}",
            f"SHA-256: {self.sha256}",
            f"parameters: {self.parameters:,}; categories: {self.categories}; "
            f"heatmap stride: {self.stride} pixels",
            f"all values are finite; the largest is {self.largest_value:.4g} "
            f"in {self.largest_entry}",
            "answers a grey image with finite maps",
        ]


def check(name_or_path: str) -> CheckReport:
    """Load a file strictly and run it once. Raise CheckpointError if anything is wrong with it."""
    path = find_checkpoint(name_or_path)
    checkpoint = load_checkpoint(name_or_path)
    known = KNOWN_MODELS.get(name_or_path)
    fault = published_fault(known, path) if known and known.url else None
    if fault:
        raise CheckpointError(f"Expected the published {path.name}, but {fault}.")
    network = checkpoint.network
    sizes = {k: float(v.abs().max()) for k, v in network.named_parameters()}
    largest = max(sizes, key=lambda name: sizes[name])
    _expect_finite_maps(network, path)
    return CheckReport(
        path=path,
        layout=LAYOUT_NAMES[checkpoint.layout],
        megabytes=path.stat().st_size / MEBIBYTE,
        sha256=sha256_of(path),
        parameters=sum(p.numel() for p in network.parameters()),
        stride=network.config.heatmap_stride,
        categories=network.config.categories,
        largest_value=sizes[largest],
        largest_entry=largest,
    )


@torch.inference_mode()
def _expect_finite_maps(network: CornerNet, path: Path) -> None:
    side = network.config.total_stride
    stack = network(torch.zeros(1, 3, side, side)).stacks[-1]
    for corner in stack.both:
        for maps in (corner.maps.logits, corner.maps.embedding, corner.maps.offset):
            if not torch.isfinite(maps).all():
                raise CheckpointError(
                    f"Expected finite answers to a grey image, but {path.name} gives others: "
                    "some weights are so large that sums overflow."
                )
