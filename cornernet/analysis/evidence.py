"""Which cells voted for a corner: its logit traced back through corner pooling.

At a corner, the logit is a piecewise linear function of the pooled map (the sum of both scans).
Gradient times value splits it into a share for each cell and channel of that map and a rest (the
shortcut and the biases). Each pooled value is the value of one cell on the scan's ray, so its
share belongs to that cell.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from cornernet.analysis.corner_cell import CornerCell
from cornernet.analysis.origins import origins_of
from cornernet.detector import Detector
from cornernet.model.corner_pool import Corner
from cornernet.model.heads import CornerBranch
from cornernet.observation import Observation

# Cells around a corner whose pooled values its logit depends on: one for each of the three 3x3
# convolutions in between (after the scans, after the shortcut, and in the head).
REACH = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class ScanEvidence:
    """What one scan brought to a corner, in parts of its logit; negative where it spoke against."""

    shares: Float[Tensor, "h w"]  # of the cells that the values came from, over all channels
    by_channel: Float[Tensor, "c"]

    @property
    def best_channels(self) -> Int64[Tensor, "c"]:
        """Order the channels by how much they brought, those that spoke against the corner last."""
        return self.by_channel.sort(descending=True, stable=True).indices


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """How a corner's logit came about: `logit` = sum of all shares + `rest`."""

    corner: Corner
    label: int
    cell_xy: tuple[int, int]
    logit: float  # as it was observed: its sigmoid is the corner's score
    rounding: float  # of it, what lower precision added to what full precision gives
    vertical: ScanEvidence
    horizontal: ScanEvidence

    @property
    def total(self) -> ScanEvidence:
        """Add up both scans."""
        return ScanEvidence(
            shares=self.vertical.shares + self.horizontal.shares,
            by_channel=self.vertical.by_channel + self.horizontal.by_channel,
        )

    @property
    def pooled(self) -> float:
        """Return the part of the logit that came through corner pooling."""
        return float(self.vertical.by_channel.sum() + self.horizontal.by_channel.sum())

    @property
    def rest(self) -> float:
        """Return the part that did not: the shortcut's and that of the biases, and the rounding."""
        return self.logit - self.pooled


@torch.inference_mode(False)
def corner_evidence(detector: Detector, observation: Observation, place: CornerCell) -> Evidence:
    """Trace the logit of one category at one heatmap cell back to the cells that it came from.

    The shares are computed in full precision from what the observation keeps of the scans. Raise
    ValueError if the category or cell does not exist.
    """
    place.expect_in(observation)
    corner, label, (x, y) = place
    observed, (height, width) = observation.side(corner), observation.frame.cells_hw
    rows, columns = _around(y, height), _around(x, width)
    scans = observed.pool.vertical_in, observed.pool.horizontal_in
    origins = origins_of(scans, corner, (rows, columns), detector.network.config)
    values = _values_at(scans[0], origins[0]), _values_at(scans[1], origins[1])
    features = observation.features[:, rows.start : rows.stop, columns.start : columns.stop]
    traced_logit, gradient = _logit_and_gradient(
        detector.network.stack(-1).branches.side(corner),
        merged=values[0] + values[1],
        features=features.float(),
        place=(label, rows.index(y), columns.index(x)),
    )
    logit = float(observed.maps.logits[0, label, y, x])
    return Evidence(
        corner=corner,
        label=label,
        cell_xy=(x, y),
        logit=logit,
        rounding=logit - traced_logit,
        vertical=_traced(gradient * values[0], origins[0], (height, width)),
        horizontal=_traced(gradient * values[1], origins[1], (height, width)),
    )


def _around(place: int, count: int) -> range:
    """Return the rows or columns that matter; the border of the map stays a border.

    Zeros are padded at the crop's border too, but where that is not the map's, they do not
    reach the middle.
    """
    return range(max(0, place - REACH), min(count, place + REACH + 1))


def _values_at(
    scan_in: Float[Tensor, "c h w"], origins: Int64[Tensor, "c rows columns"]
) -> Float[Tensor, "c rows columns"]:
    picked = scan_in.flatten(1).gather(1, origins.flatten(1))
    return picked.float().reshape(origins.shape)


def _logit_and_gradient(
    branch: CornerBranch,
    *,
    merged: Float[Tensor, "c rows columns"],
    features: Float[Tensor, "width rows columns"],
    place: tuple[int, int, int],
) -> tuple[float, Float[Tensor, "c rows columns"]]:
    """Run the branch's upper part on a crop, and differentiate one of its logits."""
    device = next(branch.parameters()).device
    with torch.enable_grad():
        pooled = merged[None].to(device).requires_grad_()
        refined = branch.pool.refine(pooled, features[None].to(device))
        logit: Tensor = branch.logits(refined)[0][place]
        (gradient,) = torch.autograd.grad(logit, pooled)
    return float(logit.detach()), gradient[0].cpu()


def _traced(
    shares: Float[Tensor, "c rows columns"],
    origins: Int64[Tensor, "c rows columns"],
    size: tuple[int, int],
) -> ScanEvidence:
    """Return each share to the cell that its value came from."""
    nothing = torch.zeros(size[0] * size[1])
    by_cell = nothing.index_add(0, origins.flatten(), shares.flatten())
    return ScanEvidence(shares=by_cell.reshape(size), by_channel=shares.sum((1, 2)))
