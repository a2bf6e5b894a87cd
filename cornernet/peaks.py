"""From dense maps to corners: local maxima, the best of all categories (section 4.2)."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor

from cornernet.config import DecodeConfig
from cornernet.model.heads import Maps
from cornernet.model.sides import Sides

LARGEST_MAP = 2**31  # cells of one category
GROUP = 64  # cells of which the best stands for all while a threshold is looked for


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
        """Return the corners' exact places, in cells from the heatmap's upper left."""
        return self.cell_xy.double() + self.offset_xy.double()


@dataclass(frozen=True, eq=False, kw_only=True)
class Corners(Sides[Peaks]):
    """The corners of one image, of both kinds."""


def local_maxima(heatmap: Float[Tensor, "classes h w"], window: int) -> Bool[Tensor, "classes h w"]:
    """Return which cells are the maximum of the window around them; on a plateau all are."""
    # Rows, then columns: faster than max_pool2d, which also notes where each maximum was.
    reach = window // 2
    return heatmap == _highest_near(_highest_near(heatmap, 2, reach), 1, reach)


def _highest_near(x: Float[Tensor, "classes h w"], dim: int, reach: int) -> Tensor:
    """Return the maximum of cells up to `reach` away along a dimension; memory stays as it lies."""
    highest, size = x.clone(), x.shape[dim]
    for shift in range(1, min(reach, size - 1) + 1):
        for to, of in ((0, shift), (shift, 0)):
            part = highest.narrow(dim, to, size - shift)
            torch.maximum(part, x.narrow(dim, of, size - shift), out=part)
    return highest


@dataclass(frozen=True, eq=False, kw_only=True)
class Places:
    """Where the corners of one kind are, the best first."""

    scores: Float[Tensor, "k"]  # 0 to 1
    labels: Int64[Tensor, "k"]
    cell_xy: Int64[Tensor, "k 2"]


def locate_peaks(logits: Float[Tensor, "1 classes h w"], config: DecodeConfig) -> Places:
    """Take the best local maxima over all categories of a batch of one; ties in index order."""
    heatmap = logits[0].float().sigmoid()
    is_peak = local_maxima(heatmap, config.peak_window)
    return places_at(heatmap, best_cells(heatmap, is_peak, config.top_k, config.min_corner_score))


def best_cells(
    heatmap: Float[Tensor, "classes h w"],
    is_peak: Bool[Tensor, "classes h w"],
    top_k: int,
    least: float,
) -> Int64[Tensor, "k"]:
    """Return the places, in the flattened heatmap, of the best peaks that reach `least`."""
    classes = len(heatmap)
    values = torch.where(is_peak, heatmap, -1.0).permute(1, 2, 0).flatten()  # as memory mostly lies
    place = _at_least_the_best(values, top_k)
    place = place[values[place] >= least]
    place = _without_late_ties(place, values[place], top_k, classes)
    index = place % classes * (len(values) // classes) + place // classes
    index, order = index.sort()
    best = values[place[order]].sort(descending=True, stable=True).indices[:top_k]
    return index[best]


def _without_late_ties(
    place: Int64[Tensor, "m"], values: Float[Tensor, "m"], k: int, classes: int
) -> Int64[Tensor, "n"]:
    """Leave out what is below the k-th best, and of its equals all but the k first of the map."""
    # Few logits of low precision differ where a network is unsure: all cells may be equal.
    if len(values) <= k:
        return place
    kth_best = values.topk(k).values[-1]
    equal = place[values == kth_best]
    in_order = equal % classes * LARGEST_MAP + equal // classes
    first = equal[in_order.topk(min(k, len(equal)), largest=False).indices]
    return torch.cat([place[values > kth_best], first])


def _at_least_the_best(values: Float[Tensor, "n"], k: int) -> Int64[Tensor, "m"]:
    """Return the places of the k best values, and of more that are not far below."""
    # By the maxima of groups, since sorting or comparing all cells would take longest: k groups
    # hold k values that reach the k-th best maximum, and the others hold none above it.
    count = len(values) // GROUP
    if count < k:
        return torch.arange(len(values), device=values.device)
    maxima = values[: count * GROUP].reshape(count, GROUP).amax(1)
    high = (maxima >= maxima.topk(k).values[-1]).nonzero()
    high = (high * GROUP + torch.arange(GROUP, device=values.device)).flatten()
    return torch.cat([high, torch.arange(count * GROUP, len(values), device=values.device)])


def places_at(heatmap: Float[Tensor, "classes h w"], index: Int64[Tensor, "k"]) -> Places:
    """Read scores, labels and cells at places in the flattened heatmap."""
    _, height, width = heatmap.shape
    label, cell = index // (height * width), index % (height * width)
    x, y = cell % width, cell // width
    return Places(scores=heatmap[label, y, x], labels=label, cell_xy=torch.stack([x, y], 1))


def find_corners(maps: tuple[Maps, Maps], config: DecodeConfig) -> Corners:
    """Find the corners in the maps of top-left and of bottom-right ones."""
    return Corners(top_left=find_peaks(maps[0], config), bottom_right=find_peaks(maps[1], config))


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
