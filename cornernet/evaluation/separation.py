"""Whether embeddings tell objects of one category apart (section 3.3, "Grouping Corners")."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from cornernet.frame import Frame
from cornernet.model.heads import Maps
from cornernet.observation import Observation


@dataclass(frozen=True, kw_only=True)
class PairCounts:
    """Pairs of true corners in images with two or more objects of one category."""

    true_pairs: int = 0  # both corners of one object
    true_close: int = 0  # ... whose embeddings lie within the decoding threshold
    false_pairs: int = 0  # corners of two objects of one category
    false_close: int = 0

    @property
    def share_of_true_close(self) -> float:
        """Return the share of true pairs that the threshold admits; NaN without any."""
        return self.true_close / self.true_pairs if self.true_pairs else float("nan")

    @property
    def share_of_false_close(self) -> float:
        """Return the share of false pairs that the threshold admits; NaN without any."""
        return self.false_close / self.false_pairs if self.false_pairs else float("nan")


def count_pairs(
    observation: Observation,
    boxes_xyxy_px: Float[Tensor, "n 4"],
    labels: Int[Tensor, "n"],
    max_distance: float,
) -> PairCounts:
    """Compare the embeddings predicted at one image's true corners."""
    first = _embeddings_at(observation.top_left.maps, observation.frame, boxes_xyxy_px[:, :2])
    second = _embeddings_at(observation.bottom_right.maps, observation.frame, boxes_xyxy_px[:, 2:])
    is_close = (first[:, None] - second[None, :]).abs() <= max_distance
    is_same_object = torch.eye(len(labels), dtype=torch.bool)
    is_rival = (labels[:, None] == labels[None, :]) & ~is_same_object
    has_rival = is_rival.any(1)
    is_true = is_same_object & has_rival[:, None]
    return PairCounts(
        true_pairs=int(is_true.sum()),
        true_close=int((is_true & is_close).sum()),
        false_pairs=int(is_rival.sum()),
        false_close=int((is_rival & is_close).sum()),
    )


def _embeddings_at(
    maps: Maps, frame: Frame, corners_xy_px: Float[Tensor, "n 2"]
) -> Float[Tensor, "n"]:
    height, width = frame.cells_hw
    cells = frame.to_cells(corners_xy_px.repeat(1, 2))[:, :2].long()
    inside = torch.minimum(cells.clamp(min=0), torch.tensor([width - 1, height - 1]))
    return maps.at(inside).embeddings.cpu()


def add_counts(counts: Iterable[PairCounts]) -> PairCounts:
    """Add up the counts of several images."""
    rows = list(counts)
    return PairCounts(
        true_pairs=sum(c.true_pairs for c in rows),
        true_close=sum(c.true_close for c in rows),
        false_pairs=sum(c.false_pairs for c in rows),
        false_close=sum(c.false_close for c in rows),
    )
