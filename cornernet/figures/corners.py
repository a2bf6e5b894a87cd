"""Which corners a figure shows."""

import torch
from jaxtyping import Int64
from torch import Tensor

from cornernet.decode import Decoding
from cornernet.detector import Observation, ObservedCorner
from cornernet.model.corner_pool import Corner
from cornernet.peaks import Peaks

SCORE_SHARE = 0.5  # corners with at least this part of min_score are worth a mark
LEAST_SCORE = 0.05  # however low min_score is


def observed(observation: Observation, corner: Corner) -> ObservedCorner:
    """Choose the branch of one kind of corner."""
    return observation.top_left if corner == "top_left" else observation.bottom_right


def peaks_of(decoding: Decoding, corner: Corner) -> Peaks:
    """Choose the peaks of one kind of corner."""
    return decoding.top_left if corner == "top_left" else decoding.bottom_right


def least_score(decoding: Decoding) -> float:
    """Give the score from which a corner is worth a mark: with a strong one it makes a box."""
    return max(LEAST_SCORE, decoding.config.min_score * SCORE_SHARE)


def best_corners(decoding: Decoding, corner: Corner, most: int) -> Int64[Tensor, "n"]:
    """Give the places, among the peaks, of the best corners worth a mark, the best first.

    Weak corners of detections count too: with a strong partner they make a box.
    """
    side = 0 if corner == "top_left" else 1
    index = torch.arange(len(peaks_of(decoding, corner).scores))
    used = torch.tensor([pair[side] for pair in detected_pairs(decoding)], dtype=torch.int64)
    is_strong = peaks_of(decoding, corner).scores >= least_score(decoding)
    return index[is_strong | torch.isin(index, used)][:most]


def detected_pairs(decoding: Decoding) -> list[tuple[int, int]]:
    """List the (top-left, bottom-right) peaks of the detections, in the detections' order."""
    candidates = decoding.candidates
    chosen = candidates.is_detection.nonzero()[:, 0]
    order = candidates.suppression.scores[chosen].sort(descending=True, stable=True).indices
    rows = candidates.top_left_index[chosen[order]].tolist()
    return list(zip(rows, candidates.bottom_right_index[chosen[order]].tolist(), strict=True))


def count_by_label(decoding: Decoding, corner: Corner) -> dict[int, int]:
    """Count the corners of each label that are worth a mark; labels without any are absent."""
    peaks = peaks_of(decoding, corner)
    labels, counts = torch.unique(
        peaks.labels[peaks.scores >= least_score(decoding)], return_counts=True
    )
    return dict(zip(labels.tolist(), counts.tolist(), strict=True))
