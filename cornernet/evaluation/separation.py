"""Whether embeddings tell objects of one category apart (section 3.3, "Grouping Corners")."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int, Int64
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
    groups = [labels == label for label in set(labels.tolist())]
    return add_counts(count_group(first[one], second[one], max_distance) for one in groups)


def count_group(
    first: Float[Tensor, "n"], second: Float[Tensor, "n"], max_distance: float
) -> PairCounts:
    """Count the pairs of one category's objects, in time and memory of n log n."""
    count = len(first)
    if count < 2:
        return PairCounts()
    ordered = second.sort().values
    start = _first_index(lambda at: first - ordered[at] <= max_distance, count)
    stop = _first_index(lambda at: ordered[at] - first > max_distance, count)
    true_close = int(((first - second).abs() <= max_distance).sum())
    return PairCounts(
        true_pairs=count,
        true_close=true_close,
        false_pairs=count * (count - 1),
        false_close=int((stop - start).sum()) - true_close,
    )


def _first_index(
    holds: Callable[[Int64[Tensor, "n"]], Bool[Tensor, "n"]], count: int
) -> Int64[Tensor, "n"]:
    """Search for where, from 0 to `count`, a condition of each row begins to hold for good."""
    low, high = torch.zeros(count, dtype=torch.int64), torch.full((count,), count)
    for _ in range(count.bit_length()):
        middle = ((low + high) // 2).clamp(max=count - 1)
        is_before = (low < high) & ~holds(middle)
        high = torch.where((low < high) & ~is_before, middle, high)
        low = torch.where(is_before, middle + 1, low)
    return low


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
