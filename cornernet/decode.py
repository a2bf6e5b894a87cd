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
from cornernet.model.heads import Maps
from cornernet.peaks import Peaks, find_peaks
from cornernet.preprocess import Frame


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
        """Tell which pairs pass all three tests."""
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
        """Give the boxes with their labels."""
        return LabelledBoxes(boxes_xyxy_px=self.boxes_xyxy_px, labels=self.labels)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the category name of each detection."""
        return tuple(self.categories[label] for label in self.labels.tolist())


@dataclass(frozen=True, eq=False, kw_only=True)
class Decoding:
    """Each step from maps to boxes."""

    config: DecodeConfig
    frame: Frame
    cells_hw: tuple[int, int]  # size of the heatmaps
    top_left: Peaks
    bottom_right: Peaks
    pairing: Pairing
    candidates: Candidates
    detections: Detections


def pair_corners(top_left: Peaks, bottom_right: Peaks, config: DecodeConfig) -> Pairing:
    """Test every pair of corners."""
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
    top_left: Peaks, bottom_right: Peaks, index: tuple[Tensor, Tensor]
) -> Float64[Tensor, "n 4"]:
    """Span boxes, in cells, between the corners at the two lists of indices."""
    start, end = top_left.corner_xy_cell[index[0]], bottom_right.corner_xy_cell[index[1]]
    return torch.cat([start, end], 1)


def to_original(
    boxes_cell: Float64[Tensor, "n 4"], frame: Frame, cells_hw: tuple[int, int]
) -> Float64[Tensor, "n 4"]:
    """Carry boxes from cells to original pixels; they may lie outside the image."""
    ratio = [frame.network_hw[1] / cells_hw[1], frame.network_hw[0] / cells_hw[0]]
    return frame.to_original(boxes_cell * boxes_cell.new_tensor(ratio * 2))


def decode(
    maps: tuple[Maps, Maps],
    frame: Frame,
    categories: tuple[str, ...],
    config: DecodeConfig,
) -> Decoding:
    """Turn the top-left and bottom-right maps of one image into boxes."""
    top_left, bottom_right = (find_peaks(m, config) for m in maps)
    cells_hw = (maps[0].logits.shape[2], maps[0].logits.shape[3])
    return decide(top_left, bottom_right, frame, cells_hw, categories, config)


def decide(
    top_left: Peaks,
    bottom_right: Peaks,
    frame: Frame,
    cells_hw: tuple[int, int],
    categories: tuple[str, ...],
    config: DecodeConfig,
) -> Decoding:
    """Turn corners into boxes; of the config, only what comes after the peaks matters."""
    pairing = pair_corners(top_left, bottom_right, config)
    candidates = _candidates(top_left, bottom_right, pairing, (frame, cells_hw), config)
    chosen = candidates.is_detection.nonzero()[:, 0]
    chosen = chosen[
        candidates.suppression.scores[chosen].sort(descending=True, stable=True).indices
    ]
    detections = Detections(
        boxes_xyxy_px=candidates.boxes_xyxy_px[chosen].float(),
        scores=candidates.suppression.scores[chosen].float(),
        labels=candidates.labels[chosen],
        categories=categories,
    )
    return Decoding(
        config=config,
        frame=frame,
        cells_hw=cells_hw,
        top_left=top_left,
        bottom_right=bottom_right,
        pairing=pairing,
        candidates=candidates,
        detections=detections,
    )


def decide_again(decoding: Decoding, config: DecodeConfig) -> Decoding:
    """Decide about the same corners by another config, whose settings of the peaks are unused."""
    return decide(
        decoding.top_left,
        decoding.bottom_right,
        decoding.frame,
        decoding.cells_hw,
        decoding.detections.categories,
        config,
    )


def _candidates(
    top_left: Peaks,
    bottom_right: Peaks,
    pairing: Pairing,
    where: tuple[Frame, tuple[int, int]],
    config: DecodeConfig,
) -> Candidates:
    frame, cells_hw = where
    rows, columns = pairing.is_kept.nonzero(as_tuple=True)
    order = pairing.scores[rows, columns].sort(descending=True, stable=True).indices
    order = order[: config.max_pairs]
    rows, columns = rows[order], columns[order]
    boxes_cell = boxes_of_pairs(top_left, bottom_right, (rows, columns))
    boxes = clip_boxes(to_original(boxes_cell, frame, cells_hw), *frame.original_hw)
    scores, labels = pairing.scores[rows, columns], top_left.labels[rows]
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


def are_detections(scores: Float64[Tensor, "n"], config: DecodeConfig) -> Bool[Tensor, "n"]:
    """Tell by the scores after suppression which boxes are the answer; ties in index order."""
    place = scores.sort(descending=True, stable=True).indices.argsort()
    return (scores >= config.min_score) & (place < config.max_detections)
