"""Every corner that some setting on offer would find, in columns, and its heatmaps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from cornernet.observation import ObservedCorner
from cornernet.peaks import Peaks, best_cells, peaks_at, places_at
from cornernet.ui.explorer.atlas import atlas
from cornernet.ui.explorer.counts import counts_above
from cornernet.ui.thresholds import LARGEST_TOP_K, WINDOWS


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerUnion:
    """The corners of one kind that any peak window and top-k on offer finds, the best first."""

    heatmap: Float[Tensor, "classes h w"]  # scores, 0 to 1
    survives: Int64[Tensor, "classes h w"]  # the largest window in which a cell is the maximum
    peaks: Peaks
    windows: Int64[Tensor, "k"]  # of each corner, the largest window in which it is the maximum

    def place_of(self, label: int, cell_xy: Int64[Tensor, "2"]) -> int:
        """Find the corner of a label and a cell: the id by which the explorer knows it."""
        is_it = (self.peaks.labels == label) & (self.peaks.cell_xy == cell_xy).all(1)
        return int(is_it.nonzero()[0, 0])


def corner_union(corner: ObservedCorner) -> CornerUnion:
    """Find the corners of one kind."""
    heatmap = corner.maps.logits[0].float().sigmoid()
    survives = surviving_windows(heatmap)
    scores, largest = heatmap.flatten(), survives.flatten()
    # Only the smallest window leaves many cells: what is left by the others is ranked once.
    peaks = (largest > WINDOWS[0]).nonzero().flatten()
    ranked = peaks[scores[peaks].sort(descending=True, stable=True).indices]
    found = [ranked[largest[ranked] >= window][:LARGEST_TOP_K] for window in WINDOWS[1:]]
    found.append(best_cells(heatmap, survives >= WINDOWS[0], LARGEST_TOP_K, 0.0))
    index = torch.unique(torch.cat(found))  # in index order, which decides between equal scores
    best = index[scores[index].sort(descending=True, stable=True).indices]
    return CornerUnion(
        heatmap=heatmap,
        survives=survives,
        peaks=peaks_at(corner.maps, places_at(heatmap, best)),
        windows=largest[best],
    )


def corner_columns(corner: ObservedCorner, most_heatmaps: int) -> dict[str, Any]:
    """Make the explorer's `CornerColumns`, with heatmaps of all categories and the best ones."""
    union = corner_union(corner)
    peaks = union.peaks
    x, y = peaks.cell_xy.T.tolist()
    offset_x, offset_y = peaks.offset_xy.T.tolist()
    return {
        "label": peaks.labels.tolist(),
        "x": x,
        "y": y,
        "offsetX": offset_x,
        "offsetY": offset_y,
        "score": peaks.scores.tolist(),
        "embedding": peaks.embeddings.tolist(),
        "window": union.windows.tolist(),
        "countsAbove": counts_above(union.heatmap, union.survives, WINDOWS),
        "heatmaps": _heatmaps(union, most_heatmaps),
    }


def _heatmaps(union: CornerUnion, most: int) -> dict[str, Any]:
    heatmap = union.heatmap
    labels = list(dict.fromkeys(union.peaks.labels.tolist()))[:most]
    chosen = torch.cat([heatmap.amax(0, keepdim=True), heatmap[labels]])
    return atlas((chosen * 255).round().numpy().astype(np.uint8), [-1, *labels])


def surviving_windows(heatmap: Float[Tensor, "classes h w"]) -> Int64[Tensor, "classes h w"]:
    """Return the largest of `WINDOWS` in which each cell is the maximum.

    A maximum of a window is one of every smaller window too, and the maximum filter of side 5 is
    that of side 3 applied twice, and so on.
    """
    pooled, count = heatmap, torch.zeros(heatmap.shape, dtype=torch.int64)
    for _ in WINDOWS[1:]:
        pooled = _largest_of_three(_largest_of_three(pooled, 1), 2)
        count = count + (heatmap == pooled)
    return 2 * count + 1


def _largest_of_three(values: Float[Tensor, "classes h w"], axis: int) -> Tensor:
    """Take each cell's maximum with its two neighbours along an axis: quicker than pooling."""
    largest, length = values.clone(), values.shape[axis] - 1
    for here, there in ((0, 1), (1, 0)):
        part = largest.narrow(axis, here, length)
        torch.maximum(part, values.narrow(axis, there, length), out=part)
    return largest
