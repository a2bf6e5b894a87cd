"""How many local maxima reach each score: what the explorer cannot count from its corners."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from torch import Tensor

PER_UNIT = 100  # scores counted for, from 0 to 1
MOST = 50  # of them, so up to 0.5


def counts_above(
    heatmap: Float[Tensor, "classes h w"],
    survives: Int64[Tensor, "classes h w"],
    windows: Sequence[int],
) -> dict[str, list[int]]:
    """Count, for each window, the maxima with a score of at least 0, 0.01, ... 0.5.

    `survives` holds each cell's largest window, among `windows` in rising order. Scores are
    compared in single precision, as decoding does.
    """
    thresholds = (torch.arange(MOST + 1, dtype=torch.float64) / PER_UNIT).float()
    scores, bounds = heatmap.flatten(), torch.tensor(windows)
    place = torch.bucketize(survives.flatten(), bounds)
    size = len(thresholds) + 1
    # Most cells lie below the second threshold, and need no search for theirs.
    high = (scores >= thresholds[1]).nonzero().flatten()
    reached = torch.bucketize(scores[high], thresholds, right=True)
    cells = torch.bincount(place[high] * size + reached, minlength=len(windows) * size)
    low = torch.bincount(place, minlength=len(windows)) - cells.view(-1, size).sum(1)
    cells.view(-1, size)[:, 1] += low
    table = cells.view(len(windows), size).flip(0, 1).cumsum(0).cumsum(1).flip(0, 1)
    return {str(w): row[1:].tolist() for w, row in zip(windows, table, strict=True)}
