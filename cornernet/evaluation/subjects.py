"""What a benchmark can measure, and the memory that one run of it takes at its peak."""

import multiprocessing
import sys
from pathlib import Path

import numpy as np
import torch

from cornernet.categories import names_for
from cornernet.checkpoints import load_checkpoint
from cornernet.evaluation.ways import Subject, fast, straightforward
from cornernet.image_reading import RgbArray
from cornernet.model.folding import fold
from cornernet.model.network import CornerNet
from cornernet.peaks import find_corners
from cornernet.presets import PRESETS


def subject_of(name: str, *, is_random: bool) -> Subject:
    """Return a model by name or path, or with random weights an architecture of the presets."""
    if not is_random:
        checkpoint = load_checkpoint(name, is_mapped=False)
        return Subject(
            name=checkpoint.name,
            network=checkpoint.network,
            preprocess=checkpoint.preprocess,
            decode=checkpoint.decode,
            categories=checkpoint.categories,
        )
    if name not in PRESETS:
        raise ValueError(f"Expected one of {', '.join(PRESETS)}, but {name!r} was given.")
    preset = PRESETS[name]
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = CornerNet(preset.model).eval().requires_grad_(False)
    return Subject(
        name=f"{name} (random weights)",
        network=network,
        preprocess=preset.preprocess,
        decode=preset.decode,
        categories=names_for(preset.model.categories),
    )


def noise_image(size_hw: tuple[int, int]) -> RgbArray:
    """Make an image whose content does not matter."""
    return np.random.default_rng(1).integers(0, 256, (*size_hw, 3)).astype(np.uint8)


def peak_mebibytes(
    name: str, size_hw: tuple[int, int], precision: str | None, *, is_random: bool
) -> float | None:
    """Return the most memory that a process of its own takes for loading and two runs on the CPU.

    `precision` None is the straightforward way. None where the system does not tell.
    """
    if sys.platform != "linux":
        return None
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        threads = torch.get_num_threads()
        return pool.apply(_peak, (name, size_hw, precision, is_random, threads))


@torch.inference_mode()
def _peak(
    name: str, size_hw: tuple[int, int], precision: str | None, is_random: bool, threads: int
) -> float:
    torch.set_num_threads(threads)
    subject = subject_of(name, is_random=is_random)
    pixels = subject.prepare(noise_image(size_hw)).pixels[None]
    if precision is None:
        way = straightforward(subject.network)
    else:
        way = fast(fold(subject.network), getattr(torch, precision))
    for _ in range(2):
        find_corners(way.look(pixels), subject.decode)
    status = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
