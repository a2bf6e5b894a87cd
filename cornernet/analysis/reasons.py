"""Why a true box was missed, or a box in the answer is false: which part of CornerNet erred."""

from dataclasses import dataclass
from enum import StrEnum

import torch
from jaxtyping import Bool, Float64
from torch import Tensor

from cornernet.analysis.matching import MATCH_IOU, Matching
from cornernet.analysis.verdicts import Verdict, verdict
from cornernet.boxes import LabelledBoxes, iou_matrix
from cornernet.config import PenaltyReduction
from cornernet.data.targets import radii_of
from cornernet.decode import Decoding, best_first

LEAST_REACH = 1.0  # cells: how far from a small object's corner a peak may be, and still be it


class Reason(StrEnum):
    """What went wrong first, on the way from heatmaps to boxes."""

    MISSED_CORNER = "missed corner"  # no peak where the object has a corner
    FALSE_CORNER = "false corner"  # a peak where no object of the category has such a corner
    WRONG_CATEGORY = "wrong category"  # corners, or the box, are those of another category
    WRONG_PARTNER = "wrong partner"  # a pair of two objects; or an object's own was not accepted
    OFFSET = "offset"  # the right pair, but its box overlaps the object too little
    SCORE = "score"  # the right pair, but below the threshold, or suppressed
    DOUBLE = "double"  # the object has been found already, by a better box


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why each box that is wrong is so, by its number."""

    of_missed: dict[int, Reason]  # true boxes
    of_false: dict[int, Reason]  # detections


@dataclass(frozen=True, eq=False, kw_only=True)
class Nearness:
    """Which peaks lie at which object's corner; whatever the categories."""

    top_left: Bool[Tensor, "n k_tl"]
    bottom_right: Bool[Tensor, "n k_br"]


def reasons_of(decoding: Decoding, truth: LabelledBoxes, matching: Matching) -> Reasons:
    """Explain what a matching of the detections with the truth left over on both sides."""
    near = nearness(decoding, truth)
    fates = torch.from_numpy(verdict(decoding))
    missed = matching.left_over.tolist()
    return Reasons(
        of_missed={n: _why_missed(n, decoding, truth, near, fates) for n in missed},
        of_false={k: _why_false(k, decoding, truth, near) for k in matching.unmatched},
    )


def nearness(decoding: Decoding, truth: LabelledBoxes) -> Nearness:
    """Return which peaks are at which object's corners.

    A peak is at a corner if a box that ends there, and is exact elsewhere, could still be a hit:
    within the radius of figure 5 for the IoU of a match.
    """
    boxes = decoding.frame.to_cells(truth.boxes_xyxy_px.double())
    radii = radii_of(boxes.float(), PenaltyReduction(min_overlap=MATCH_IOU))
    reach = torch.tensor(radii).double().clamp(min=LEAST_REACH)
    top_left, bottom_right = decoding.corners.both
    return Nearness(
        top_left=_is_near(boxes[:, :2], top_left.corner_xy_cell, reach),
        bottom_right=_is_near(boxes[:, 2:], bottom_right.corner_xy_cell, reach),
    )


def _is_near(
    corners: Float64[Tensor, "n 2"], peaks: Float64[Tensor, "k 2"], reach: Float64[Tensor, "n"]
) -> Bool[Tensor, "n k"]:
    distance = (corners[:, None] - peaks[None]).abs().amax(2)
    return distance <= reach[:, None]


def _why_missed(
    n: int, decoding: Decoding, truth: LabelledBoxes, near: Nearness, fates: Tensor
) -> Reason:
    first, second = near.top_left[n], near.bottom_right[n]
    top_left, bottom_right = (side.labels for side in decoding.corners.both)
    label = truth.labels[n]
    rows, columns = first & (top_left == label), second & (bottom_right == label)
    if not (rows.any() and columns.any()):
        shared = set(top_left[first].tolist()) & set(bottom_right[second].tolist())
        return Reason.WRONG_CATEGORY if shared else Reason.MISSED_CORNER
    best = int(fates[rows][:, columns].max())  # the further a pair came, the higher
    if best == Verdict.DETECTION:
        return Reason.OFFSET
    return Reason.SCORE if best in (Verdict.WEAK, Verdict.SUPPRESSED) else Reason.WRONG_PARTNER


def _why_false(k: int, decoding: Decoding, truth: LabelledBoxes, near: Nearness) -> Reason:
    found, candidates = decoding.detections, decoding.candidates
    is_same = truth.labels == found.labels[k]
    overlap = iou_matrix(found.boxes_xyxy_px[k : k + 1].double(), truth.boxes_xyxy_px.double())[0]
    if (overlap[is_same] >= MATCH_IOU).any():
        return Reason.DOUBLE
    if (overlap[~is_same] >= MATCH_IOU).any():
        return Reason.WRONG_CATEGORY
    place = best_first(candidates.is_detection, candidates.suppression.scores)[k]
    first = near.top_left[:, candidates.top_left_index[place]] & is_same
    second = near.bottom_right[:, candidates.bottom_right_index[place]] & is_same
    if (first & second).any():
        return Reason.OFFSET
    return Reason.WRONG_PARTNER if first.any() and second.any() else Reason.FALSE_CORNER
