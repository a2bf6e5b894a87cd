"""An answer beside the truth: targets, hits and misses, and which part of CornerNet erred."""

from dataclasses import dataclass, replace
from pathlib import PurePath

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from cornernet.analysis.matching import Matching, match_boxes
from cornernet.boxes import LabelledBoxes, clip_boxes
from cornernet.config import DecodeConfig, PenaltyReduction
from cornernet.data.coco import CocoFolder, CocoImage
from cornernet.data.names import match_names
from cornernet.data.targets import CornerTargets, Targets, make_targets
from cornernet.decode import Decoding, decode
from cornernet.model.heads import CellValues, Maps
from cornernet.observation import Observation

# A true corner's target is 1 and no other cell is a local maximum, so this keeps just the corners.
TRUE_CORNER_SCORE = 0.5
LOGIT_MARGIN = 1e-6  # a target of 1 would have an infinite logit


@dataclass(frozen=True, eq=False, kw_only=True)
class AnnotatedTruth:
    """What annotations say about one image."""

    boxes: LabelledBoxes  # in the image's own pixels; labels of the model
    respelled: tuple[tuple[str, str], ...]  # names taken for the model's, which are plainly theirs
    unknown: tuple[str, ...]  # categories that the model does not have, whose objects are left out
    crowds: int  # regions of uncounted objects, left out
    ignored: int  # objects that are marked to be ignored, left out
    is_exhaustive: bool  # false where some of the model's categories were not looked for


def annotated_truth(
    folder: CocoFolder, categories: tuple[str, ...], entry: CocoImage, size_wh: tuple[int, int]
) -> AnnotatedTruth:
    """Return what annotations say of an image; boxes are clipped to it, empty ones left out."""
    boxes = entry.boxes
    clipped = clip_boxes(boxes.boxes_xyxy_px, size_wh[1], size_wh[0])
    has_area = (clipped[:, 2:] > clipped[:, :2]).all(1).tolist()
    match = match_names(folder.categories, categories)
    counted = [k for k, ignored in enumerate(entry.is_ignored) if has_area[k] and not ignored]
    absent = {folder.categories[entry.labels[k]] for k in counted} & set(match.unknown)
    looked_for = range(len(folder.categories)) if entry.known_labels is None else entry.known_labels
    return AnnotatedTruth(
        boxes=LabelledBoxes(
            boxes_xyxy_px=clipped[counted], labels=boxes.labels[counted]
        ).relabelled(match.spelled, categories),
        respelled=match.respelled,
        unknown=tuple(sorted(absent)),
        crowds=sum(entry.is_crowd),
        ignored=sum(entry.is_ignored) - sum(entry.is_crowd),
        is_exhaustive=len({match.labels.get(label) for label in looked_for} - {None})
        == len(categories),
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class FoundEntries:
    """Which annotated image another one can be."""

    sure: CocoImage | None  # of the same name, and not of another size
    possible: tuple[CocoImage, ...]  # else: those of the same size, of which one must be chosen


def find_entries(folder: CocoFolder, size_wh: tuple[int, int], name: str) -> FoundEntries:
    """Find an image in annotations by its name and size. `name` is empty where none is known.

    Raise ValueError with one sentence if none can be it.
    """
    size = f"{size_wh[0]} x {size_wh[1]} pixels"
    plain = PurePath(name).name
    named = [entry for entry in folder.images if plain and entry.name == plain]
    fitting = [entry for entry in named if entry.size_wh in (None, size_wh)]
    if named and not fitting:
        others = " or ".join(f"{e.size_wh[0]} x {e.size_wh[1]}" for e in named if e.size_wh)
        raise ValueError(f"Expected {plain} to have {others} pixels, but this image has {size}.")
    if len(fitting) == 1:
        return FoundEntries(sure=fitting[0], possible=())
    possible = fitting or [entry for entry in folder.images if entry.size_wh == size_wh]
    if not possible:
        wanted = f"an image called {plain}, or " if plain else ""
        raise ValueError(
            f"Expected annotations of {wanted}an image of {size}, but there is none of that size."
        )
    return FoundEntries(sure=None, possible=tuple(possible))


def targets_of(observation: Observation, truth: LabelledBoxes, min_overlap: float) -> Targets:
    """Return what the heads should have said; the truth is in pixels of the observation's image."""
    boxes = observation.frame.to_cells(truth.boxes_xyxy_px.double())
    shape = (len(observation.categories), *observation.frame.cells_hw)
    reduction = PenaltyReduction(min_overlap=min_overlap)
    return make_targets(boxes, truth.labels, shape, reduction)


def compare(decoding: Decoding, truth: LabelledBoxes) -> Matching:
    """Let the detections, the best first, take the true boxes."""
    return match_boxes(decoding.detections.boxes, truth)


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
    predicted, (first, second) = observation.maps, targets.both
    with_heat = _WithTrueHeatmap(predicted[0], first), _WithTrueHeatmap(predicted[1], second)
    with_both = _WithTrueOffset(with_heat[0], first), _WithTrueOffset(with_heat[1], second)
    exact = replace(config, min_corner_score=max(config.min_corner_score, TRUE_CORNER_SCORE))

    def step(name: str, maps: tuple[Maps, Maps], config: DecodeConfig) -> ErrorStep:
        decoding = decode(maps, observation.frame, observation.categories, config)
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
