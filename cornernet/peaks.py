"""From dense maps to corners: local maxima, the best of all categories (section 4.2)."""

import math
from dataclasses import dataclass
from functools import reduce

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor
from torch.nn import functional as F

from cornernet.config import DecodeConfig
from cornernet.model.heads import Maps


@dataclass(frozen=True, eq=False, kw_only=True)
class Peaks:
    """Corners of one kind, the best first."""

    scores: Float[Tensor, "k"]  # 0 to 1
    labels: Int64[Tensor, "k"]
    cell_xy: Int64[Tensor, "k 2"]  # column and row of the heatmap cell
    offset_xy: Float[Tensor, "k 2"]  # in cells; the corner lies at cell_xy + offset_xy
    embeddings: Float[Tensor, "k"]

    @property
    def corner_xy_cell(self) -> Float64[Tensor, "k 2"]:
        """Give the corners' exact places, in cells from the heatmap's upper left."""
        return self.cell_xy.double() + self.offset_xy.double()


def local_maxima(heatmap: Float[Tensor, "classes h w"], window: int) -> Bool[Tensor, "classes h w"]:
    """Tell which cells are the maximum of the window around them; on a plateau all are."""
    # Rows, then columns, by comparing shifted copies: several times faster than max_pool2d, which
    # also notes where each maximum was.
    reach = window // 2
    wide = F.pad(heatmap, (reach, reach), value=-math.inf)
    width = heatmap.shape[2]
    by_row = reduce(torch.maximum, [wide[:, :, k : k + width] for k in range(window)])
    high = F.pad(by_row, (0, 0, reach, reach), value=-math.inf)
    height = heatmap.shape[1]
    highest = reduce(torch.maximum, [high[:, k : k + height] for k in range(window)])
    return heatmap == highest


@dataclass(frozen=True, eq=False, kw_only=True)
class Places:
    """Where the corners of one kind are, the best first."""

    scores: Float[Tensor, "k"]  # 0 to 1
    labels: Int64[Tensor, "k"]
    cell_xy: Int64[Tensor, "k 2"]


def locate_peaks(logits: Float[Tensor, "1 classes h w"], config: DecodeConfig) -> Places:
    """Take the best local maxima over all categories of a batch of one; ties in index order."""
    heatmap = logits[0].float().sigmoid().contiguous()
    is_peak = local_maxima(heatmap, config.peak_window)
    return places_at(heatmap, best_cells(heatmap, is_peak, config.top_k, config.min_corner_score))


def best_cells(
    heatmap: Float[Tensor, "classes h w"],
    is_peak: Bool[Tensor, "classes h w"],
    top_k: int,
    least: float,
) -> Int64[Tensor, "k"]:
    """Give the places, in the flattened heatmap, of the best peaks that reach `least`."""
    values = torch.where(is_peak, heatmap, -1.0).flatten()
    # Only values that can be among the best are sorted: sorting all cells would take longest.
    kth_best = values.topk(min(top_k, len(values))).values[-1]
    index = (values >= kth_best.clamp(min=least)).nonzero()[:, 0]
    return index[values[index].sort(descending=True, stable=True).indices[:top_k]]


def places_at(heatmap: Float[Tensor, "classes h w"], index: Int64[Tensor, "k"]) -> Places:
    """Read scores, labels and cells at places in the flattened heatmap."""
    _, height, width = heatmap.shape
    cell = index % (height * width)
    return Places(
        scores=heatmap.flatten()[index],
        labels=index // (height * width),
        cell_xy=torch.stack([cell % width, cell // width], 1),
    )


def find_peaks(maps: Maps, config: DecodeConfig) -> Peaks:
    """Locate the corners of one kind and read their offsets and embeddings."""
    return peaks_at(maps, locate_peaks(maps.logits, config))


def peaks_at(maps: Maps, places: Places) -> Peaks:
    """Read offsets and embeddings where corners are."""
    values = maps.at(places.cell_xy)
    return Peaks(
        scores=places.scores.cpu(),
        labels=places.labels.cpu(),
        cell_xy=places.cell_xy.cpu(),
        offset_xy=values.offset_xy.cpu(),
        embeddings=values.embeddings.cpu(),
    )
