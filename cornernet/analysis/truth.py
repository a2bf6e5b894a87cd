"""An answer beside the truth: targets, hits and misses, and which part of CornerNet erred."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import torch
from jaxtyping import Float, Float64, Int64
from torch import Tensor

from cornernet.analysis.matching import LabelledBoxes, Matching, match_boxes
from cornernet.boxes import clip_boxes
from cornernet.config import DecodeConfig
from cornernet.data.coco import CocoFolder, CocoImage
from cornernet.data.targets import CornerTargets, Targets, make_targets
from cornernet.decode import Decoding, decode
from cornernet.detector import Observation
from cornernet.model.heads import CellValues, Maps

# A true corner's target is 1 and no other cell is a local maximum, so this keeps just the corners.
TRUE_CORNER_SCORE = 0.5
LOGIT_MARGIN = 1e-6  # a target of 1 would have an infinite logit


@dataclass(frozen=True, eq=False, kw_only=True)
class AnnotatedTruth:
    """What annotations say about one image."""

    boxes: LabelledBoxes  # in the image's own pixels; labels of the model
    unknown: tuple[str, ...]  # categories that the model does not have, whose objects are left out
    crowds: int  # regions of uncounted objects, left out


def annotated_truth(
    folder: CocoFolder,
    categories: tuple[str, ...],
    size_wh: tuple[int, int],
    name: str | None = None,
) -> AnnotatedTruth:
    """Find an image in annotations by its file name, or else by its size.

    Boxes are clipped to the image; what then is empty is left out. Raise ValueError with one
    sentence if there is no such image, or more than one of that size.
    """
    entry = _entry(folder, size_wh, name)
    boxes = torch.tensor(entry.boxes_xyxy_px, dtype=torch.float32).reshape(-1, 4)
    clipped = clip_boxes(boxes, size_wh[1], size_wh[0])
    has_area = (clipped[:, 2:] > clipped[:, :2]).all(1).tolist()
    names = [folder.categories[label] for label in entry.labels]
    counted = [k for k, ignored in enumerate(entry.is_ignored) if has_area[k] and not ignored]
    known = [k for k in counted if names[k] in categories]
    labels = torch.tensor([categories.index(names[k]) for k in known], dtype=torch.int64)
    return AnnotatedTruth(
        boxes=(clipped[known], labels),
        unknown=tuple(sorted({names[k] for k in counted} - set(categories))),
        crowds=sum(entry.is_crowd),
    )


def _entry(folder: CocoFolder, size_wh: tuple[int, int], name: str | None) -> CocoImage:
    size = f"{size_wh[0]} x {size_wh[1]} pixels"
    named = [e for e in folder.images if name is not None and e.name == PurePath(name).name]
    if named:
        known = named[0].size_wh
        if known is not None and known != size_wh:
            given = f"{known[0]} x {known[1]} pixels"
            raise ValueError(f"Expected {name} to have {given}, but this image has {size}.")
        return named[0]
    same_size = [e for e in folder.images if e.size_wh == size_wh]
    if len(same_size) != 1:
        wanted = "" if name is None else f"an image called {name}, or "
        count = len(same_size) or "none"
        raise ValueError(
            f"Expected annotations of {wanted}just one image of {size}, but there "
            f"{'is' if not same_size else 'are'} {count} of that size."
        )
    return same_size[0]


def targets_of(observation: Observation, truth: LabelledBoxes, min_overlap: float) -> Targets:
    """Give what the heads should have said; the truth is in pixels of the observation's image."""
    _, classes, height, width = observation.top_left.maps.logits.shape
    boxes = boxes_in_cells(observation, truth[0])
    return make_targets(boxes, truth[1], (classes, height, width), min_overlap)


def boxes_in_cells(
    observation: Observation, boxes_xyxy_px: Float[Tensor, "n 4"]
) -> Float64[Tensor, "n 4"]:
    """Carry boxes from pixels of the observation's image to cells of its heatmaps."""
    height, width = observation.top_left.maps.logits.shape[2:]
    network_h, network_w = observation.frame.network_hw
    boxes = observation.frame.to_network(boxes_xyxy_px.double())
    return boxes * boxes.new_tensor((width / network_w, height / network_h) * 2)


def compare(decoding: Decoding, truth: LabelledBoxes) -> Matching:
    """Let the detections, the best first, take the true boxes."""
    found = decoding.detections
    return match_boxes((found.boxes_xyxy_px, found.labels), truth)


@dataclass(frozen=True, eq=False, kw_only=True)
class ErrorStep:
    """The answer with some of the heads replaced by the truth."""

    name: str
    decoding: Decoding
    matching: Matching  # detections with true boxes


def error_analysis(
    observation: Observation, truth: LabelledBoxes, config: DecodeConfig
) -> tuple[ErrorStep, ErrorStep, ErrorStep]:
    """Replace the heatmaps by the truth, then the offsets too (the paper's error analysis).

    What the first replacement mends were missed, doubled or false corners; what the second mends
    was inexact; what then is still wrong was paired wrongly. Embeddings are always the predicted
    ones. Where two objects share a cell, one offset serves both.
    """
    targets = targets_of(observation, truth, min_overlap=0.5)  # its peaks do not depend on it
    predicted = (observation.top_left.maps, observation.bottom_right.maps)
    sides = (targets.top_left, targets.bottom_right)
    pairs = list(zip(predicted, sides, strict=True))
    with_heat = [_WithTrueHeatmap(maps, target) for maps, target in pairs]
    with_both = [_WithTrueOffset(m, t) for m, t in zip(with_heat, sides, strict=True)]
    exact = replace(config, min_corner_score=max(config.min_corner_score, TRUE_CORNER_SCORE))

    def step(name: str, maps: Sequence[Maps], config: DecodeConfig) -> ErrorStep:
        frame, names = observation.frame, observation.categories
        decoding = decode((maps[0], maps[1]), frame, names, config)
        return ErrorStep(name=name, decoding=decoding, matching=compare(decoding, truth))

    return (
        step("as predicted", predicted, config),
        step("true heatmaps", with_heat, exact),
        step("true heatmaps and offsets", with_both, exact),
    )


@dataclass(frozen=True, eq=False)
class _WithTrueHeatmap:
    predicted: Maps
    target: CornerTargets

    @property
    def logits(self) -> Float[Tensor, "1 classes h w"]:
        return torch.logit(self.target.heatmap[None], eps=LOGIT_MARGIN)

    def at(self, cell_xy: Int64[Tensor, "k 2"]) -> CellValues:
        return self.predicted.at(cell_xy)


@dataclass(frozen=True, eq=False)
class _WithTrueOffset:
    predicted: Maps
    target: CornerTargets

    @property
    def logits(self) -> Float[Tensor, "1 classes h w"]:
        return self.predicted.logits

    def at(self, cell_xy: Int64[Tensor, "k 2"]) -> CellValues:
        values, width = self.predicted.at(cell_xy), self.logits.shape[3]
        offset_xy = values.offset_xy.clone()
        cell = cell_xy[:, 1] * width + cell_xy[:, 0]
        for true_cell, offset in zip(self.target.cell, self.target.offset, strict=True):
            offset_xy[cell == true_cell] = offset
        return replace(values, offset_xy=offset_xy)
