"""Training samples: index in, normalised pixels and targets out, the same on every machine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor
from torch.utils.data import Dataset

from cornernet.boxes import LabelledBoxes
from cornernet.config import ModelConfig, PenaltyReduction, PreprocessConfig
from cornernet.data.shapes.scenes import Scene, draw_scene
from cornernet.data.targets import Targets, known_cells, make_targets
from cornernet.image_reading import RgbArray
from cornernet.preprocess import preprocess

T = TypeVar("T")


@dataclass(frozen=True, eq=False, kw_only=True)
class Sample:
    """An image and its true boxes, in its own pixels."""

    image: RgbArray
    boxes_xyxy_px: Float[Tensor, "n 4"]
    labels: Int64[Tensor, "n"]
    is_crowd: tuple[bool, ...] = ()  # COCO's regions of uncounted objects; empty for none
    is_ignored: tuple[bool, ...] = ()  # neither right nor wrong, as every crowd; empty for none
    areas_px2: tuple[float, ...] = ()  # of the objects' outlines; empty: as their boxes
    known_labels: frozenset[int] | None = None  # None: every category was looked for

    @property
    def boxes(self) -> LabelledBoxes:
        """Return the boxes with their labels."""
        return LabelledBoxes(boxes_xyxy_px=self.boxes_xyxy_px, labels=self.labels)

    @property
    def is_counted(self) -> Bool[Tensor, "n"]:
        """Separate the objects that are to be found from crowds and ignored ones."""
        if not self.is_ignored and not self.is_crowd:
            return torch.ones(len(self.labels), dtype=torch.bool)
        return ~torch.tensor(self.is_ignored or self.is_crowd, dtype=torch.bool)

    def chosen(self, rows: list[int]) -> "Sample":
        """Keep these objects, in this order."""
        return replace(
            self,
            boxes_xyxy_px=self.boxes_xyxy_px[rows],
            labels=self.labels[rows],
            is_crowd=_chosen(self.is_crowd, rows),
            is_ignored=_chosen(self.is_ignored, rows),
            areas_px2=_chosen(self.areas_px2, rows),
        )


def _chosen(values: tuple[T, ...], rows: list[int]) -> tuple[T, ...]:
    return tuple(values[row] for row in rows) if values else ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Batch:
    """What one training step takes."""

    pixels: Float[Tensor, "b 3 height width"]
    targets: Targets


# (index, longer side in pixels) -> sample
SampleSource = Callable[[int, int], Sample]


def sample_of(scene: Scene) -> Sample:
    """Turn a drawn scene into tensors."""
    return Sample(
        image=scene.image,
        boxes_xyxy_px=torch.from_numpy(scene.boxes_xyxy_px),
        labels=torch.from_numpy(scene.labels),
    )


@dataclass(frozen=True)
class ShapesSource:
    """Training scenes of a seed, in many sizes and aspect ratios."""

    seed: int

    def __call__(self, index: int, longer_side: int) -> Sample:
        """Draw scene `index`, at 0.75 to 1.5 times the size that the network will see."""
        rng = np.random.default_rng([self.seed, index])
        side = round(longer_side * rng.choice([0.75, 1.0, 1.5], p=[0.15, 0.65, 0.2]))
        return sample_of(draw_scene("train", self.seed, index, random_size_hw(rng, side)))


def random_size_hw(rng: np.random.Generator, longer_side: int) -> tuple[int, int]:
    """Choose a height and width: square half the time, else up to 5:3, lying or standing."""
    shorter = longer_side if rng.random() < 0.5 else round(longer_side * rng.uniform(0.6, 1.0))
    lying = (shorter, longer_side)
    return lying if rng.random() < 0.6 else lying[::-1]


def held_out_scene(seed: int, index: int) -> Scene:
    """Draw an evaluation scene with 240 to 400 pixels on its longer side."""
    rng = np.random.default_rng([seed, index])
    return draw_scene("evaluation", seed, index, random_size_hw(rng, int(rng.integers(240, 401))))


@dataclass(frozen=True, kw_only=True)
class TrainingSet(Dataset[tuple[Tensor, Targets]]):
    """An endless data set, seen from image `start` on at one input size."""

    source: SampleSource
    start: int
    longer_side: int
    model: ModelConfig
    preprocess: PreprocessConfig
    reduction: PenaltyReduction

    def __len__(self) -> int:
        return 2**40

    def __getitem__(self, index: int) -> tuple[Tensor, Targets]:
        """Make a sample on a square canvas, so that samples can be batched."""
        size = self.longer_side
        sample = self.source(self.start + index, size)
        multiple = size - self.preprocess.size_offset
        square = replace(self.preprocess, longer_side=size, multiple=multiple)
        prepared = preprocess(sample.image, square, self.model.heatmap_stride)
        boxes_cell = prepared.frame.to_cells(sample.boxes_xyxy_px)
        shape = (self.model.categories, *prepared.frame.cells_hw)
        return prepared.pixels, _targets(sample, boxes_cell, shape, self.reduction)


def _targets(
    sample: Sample,
    boxes_xyxy_cell: Float[Tensor, "n 4"],
    shape: tuple[int, int, int],
    reduction: PenaltyReduction,
) -> Targets:
    counted, labels = sample.is_counted, sample.labels
    is_known = known_cells(sample.known_labels, boxes_xyxy_cell[~counted], labels[~counted], shape)
    return make_targets(boxes_xyxy_cell[counted], labels[counted], shape, reduction, is_known)
