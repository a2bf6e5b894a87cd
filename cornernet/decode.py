"""From dense maps to boxes: peaks, pairs, and what became of each (section 3.1).

From the peaks on, everything is computed in double precision from single-precision values, so
that any other program can repeat each comparison exactly.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor

from cornernet.boxes import LabelledBoxes, Suppression, clip_boxes, suppress
from cornernet.config import DecodeConfig
from cornernet.frame import Frame
from cornernet.model.corner_pool import Corner
from cornernet.model.heads import Maps
from cornernet.peaks import Corners, Peaks, find_corners


@dataclass(frozen=True, eq=False, kw_only=True)
class Pairing:
    """Every top-left corner (rows) with every bottom-right corner (columns), and its tests."""

    scores: Float64[Tensor, "k_tl k_br"]  # mean of the two corners' scores
    embedding_distance: Float64[Tensor, "k_tl k_br"]
    label_matches: Bool[Tensor, "k_tl k_br"]
    is_ordered: Bool[Tensor, "k_tl k_br"]  # bottom-right lies neither above nor left of top-left
    embedding_is_close: Bool[Tensor, "k_tl k_br"]

    @property
    def is_kept(self) -> Bool[Tensor, "k_tl k_br"]:
        """Return which pairs pass all three tests."""
        return self.label_matches & self.is_ordered & self.embedding_is_close


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidates:
    """Boxes of the kept pairs, the best first, before and after suppression."""

    top_left_index: Int64[Tensor, "n"]  # into the peaks
    bottom_right_index: Int64[Tensor, "n"]
    boxes_xyxy_px: Float64[Tensor, "n 4"]  # original pixels, clipped to the image
    scores: Float64[Tensor, "n"]
    labels: Int64[Tensor, "n"]
    suppression: Suppression
    is_detection: Bool[Tensor, "n"]  # high enough after suppression, and among the best


@dataclass(frozen=True, eq=False, kw_only=True)
class Detections:
    """The answer, the best first."""

    boxes_xyxy_px: Float[Tensor, "n 4"]  # original pixels
    scores: Float[Tensor, "n"]
    labels: Int64[Tensor, "n"]  # indices into `categories`
    categories: tuple[str, ...]  # of the model, all of them

    @property
    def boxes(self) -> LabelledBoxes:
        """Return the boxes with their labels."""
        return LabelledBoxes(boxes_xyxy_px=self.boxes_xyxy_px, labels=self.labels)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the category name of each detection."""
        return tuple(self.categories[label] for label in self.labels.tolist())


@dataclass(frozen=True, eq=False, kw_only=True)
class Decoding:
    """Each step from maps to boxes."""

    config: DecodeConfig
    frame: Frame
    corners: Corners
    pairing: Pairing
    candidates: Candidates
    detections: Detections

    def side(self, corner: Corner) -> Peaks:
        """Choose the corners of one kind."""
        return self.corners.side(corner)


def pair_corners(corners: Corners, config: DecodeConfig) -> Pairing:
    """Test every pair of corners."""
    top_left, bottom_right = corners.both
    distance = (
        top_left.embeddings.double()[:, None] - bottom_right.embeddings.double()[None, :]
    ).abs()
    start, end = top_left.corner_xy_cell, bottom_right.corner_xy_cell
    return Pairing(
        scores=(top_left.scores.double()[:, None] + bottom_right.scores.double()[None, :]) / 2,
        embedding_distance=distance,
        label_matches=top_left.labels[:, None] == bottom_right.labels[None, :],
        is_ordered=(end[None, :, :] >= start[:, None, :]).all(2),
        embedding_is_close=distance <= config.max_embedding_distance,
    )


def boxes_of_pairs(
    corners: Corners, rows: Int64[Tensor, "n"], columns: Int64[Tensor, "n"]
) -> Float64[Tensor, "n 4"]:
    """Span boxes, in cells, from the top-left corners at `rows` to their partners at `columns`."""
    start = corners.top_left.corner_xy_cell[rows]
    return torch.cat([start, corners.bottom_right.corner_xy_cell[columns]], 1)


def decode(
    maps: tuple[Maps, Maps], frame: Frame, categories: tuple[str, ...], config: DecodeConfig
) -> Decoding:
    """Turn the top-left and bottom-right maps of one image into boxes.

    Raise ValueError if the frame is of maps of another size.
    """
    size = tuple(maps[0].logits.shape[2:])
    if size != frame.cells_hw:
        raise ValueError(f"Expected maps of {frame.cells_hw} cells, but {size} were given.")
    return decide(find_corners(maps, config), frame, categories, config)


def decide(
    corners: Corners, frame: Frame, categories: tuple[str, ...], config: DecodeConfig
) -> Decoding:
    """Turn corners into boxes; of the config, only what comes after the peaks matters."""
    pairing = pair_corners(corners, config)
    candidates = _candidates(corners, pairing, frame, config)
    return Decoding(
        config=config,
        frame=frame,
        corners=corners,
        pairing=pairing,
        candidates=candidates,
        detections=_detections(candidates, categories),
    )


def decide_again(decoding: Decoding, config: DecodeConfig) -> Decoding:
    """Decide about the same corners by another config, whose settings of the peaks are unused."""
    return decide(decoding.corners, decoding.frame, decoding.detections.categories, config)


def _candidates(
    corners: Corners, pairing: Pairing, frame: Frame, config: DecodeConfig
) -> Candidates:
    rows, columns = pairing.is_kept.nonzero(as_tuple=True)  # a pair that failed a test ends here
    order = pairing.scores[rows, columns].sort(descending=True, stable=True).indices
    order = order[: config.max_pairs]
    rows, columns = rows[order], columns[order]
    spanned = frame.from_cells(boxes_of_pairs(corners, rows, columns))
    boxes = clip_boxes(spanned, *frame.original_hw)
    scores, labels = pairing.scores[rows, columns], corners.top_left.labels[rows]
    suppression = suppress(boxes, scores, labels, config)
    return Candidates(
        top_left_index=rows,
        bottom_right_index=columns,
        boxes_xyxy_px=boxes,
        scores=scores,
        labels=labels,
        suppression=suppression,
        is_detection=are_detections(suppression.scores, config),
    )


def _detections(candidates: Candidates, categories: tuple[str, ...]) -> Detections:
    chosen = best_first(candidates.is_detection, candidates.suppression.scores)
    return Detections(
        boxes_xyxy_px=candidates.boxes_xyxy_px[chosen].float(),
        scores=candidates.suppression.scores[chosen].float(),
        labels=candidates.labels[chosen],
        categories=categories,
    )


def are_detections(scores: Float64[Tensor, "n"], config: DecodeConfig) -> Bool[Tensor, "n"]:
    """Choose the boxes of the answer by their scores after suppression; ties in index order."""
    place = scores.sort(descending=True, stable=True).indices.argsort()
    return (scores >= config.min_score) & (place < config.max_detections)


def best_first(
    is_detection: Bool[Tensor, "n"], scores: Float64[Tensor, "n"]
) -> Int64[Tensor, "detections"]:
    """Return the places of the detections, the best first; ties in index order."""
    chosen = is_detection.nonzero()[:, 0]
    return chosen[scores[chosen].sort(descending=True, stable=True).indices]
