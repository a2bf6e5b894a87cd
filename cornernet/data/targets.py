"""From true boxes to what the heads should say (section 3.2 and figure 5)."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from cornernet.config import PenaltyReduction
from cornernet.data.radius import gaussian_radius, gaussian_sigma
from cornernet.model.sides import Sides

NEAR_CORNER = 4  # beta of equation 1: how little a cell close to a corner counts


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerTargets:
    """The truth of one kind of corner; object n of both kinds is the same object."""

    heatmap: Float[Tensor, "*b classes h w"]  # 1 at a corner, a Gaussian around it
    cell: Int[Tensor, "*b n"]  # row-major index of the corner's cell
    offset: Float[Tensor, "*b n 2"]  # x then y, in cells: from the cell's index to the corner

    def to(self, device: torch.device) -> "CornerTargets":
        """Copy to a device."""
        return CornerTargets(
            heatmap=self.heatmap.to(device),
            cell=self.cell.to(device),
            offset=self.offset.to(device),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Targets(Sides[CornerTargets]):
    """The truth of an image, or of a batch padded to its largest number of objects."""

    is_object: Bool[Tensor, "*b n"]  # false where padded
    # False where a corner would be neither right nor wrong; one value may stand for all cells.
    is_known: Bool[Tensor, "*b #classes #h #w"]

    def to(self, device: torch.device) -> "Targets":
        """Copy to a device."""
        return Targets(
            top_left=self.top_left.to(device),
            bottom_right=self.bottom_right.to(device),
            is_object=self.is_object.to(device),
            is_known=self.is_known.to(device),
        )


def miss_weight(heatmap: Float[Tensor, "*b h w"]) -> Float[Tensor, "*b h w"]:
    """Return how much a false corner counts: 1 far from a true one, less the nearer it lies."""
    return (1 - heatmap) ** NEAR_CORNER


def _splat(heatmap: np.ndarray, x: int, y: int, radius: int) -> None:
    """Raise the heatmap to a Gaussian around (x, y); the caller owns the array."""
    sigma = gaussian_sigma(radius)
    height, width = heatmap.shape
    left, right = max(0, x - radius), min(width, x + radius + 1)
    top, bottom = max(0, y - radius), min(height, y + radius + 1)
    columns, rows = np.arange(left, right) - x, np.arange(top, bottom) - y
    bump = np.exp(-(rows[:, None] ** 2 + columns[None, :] ** 2) / (2 * sigma**2))
    window = heatmap[top:bottom, left:right]
    np.maximum(window, bump, out=window)


def _corner_targets(
    corners_xy_cell: np.ndarray,
    labels: np.ndarray,
    radii: list[int],
    shape: tuple[int, int, int],
) -> CornerTargets:
    _, height, width = shape
    heatmap = np.zeros(shape, dtype=np.float32)
    # A corner on the far border belongs to the last cell, with an offset of up to 1.
    limits = np.array([width - 1, height - 1])
    cells = np.clip(np.floor(corners_xy_cell), 0, limits).astype(np.int64).reshape(-1, 2)
    for (x, y), label, radius in zip(cells, labels, radii, strict=True):
        _splat(heatmap[label], int(x), int(y), radius)
    return CornerTargets(
        heatmap=torch.from_numpy(heatmap),
        cell=torch.from_numpy(cells[:, 1] * width + cells[:, 0]),
        offset=torch.from_numpy((corners_xy_cell - cells).astype(np.float32).reshape(-1, 2)),
    )


def radii_of(boxes_xyxy_cell: Float[Tensor, "n 4"], reduction: PenaltyReduction) -> list[int]:
    """Return the radius of each box's two Gaussians, in whole cells; 0 leaves the corner alone."""
    if reduction.kind != "object":
        radius = reduction.fixed_radius if reduction.kind == "fixed" else 0
        return [radius] * len(boxes_xyxy_cell)
    sides = (boxes_xyxy_cell[:, 2:] - boxes_xyxy_cell[:, :2]).double().ceil()
    return [max(0, int(gaussian_radius(h, w, reduction.min_overlap))) for w, h in sides.tolist()]


def make_targets(
    boxes_xyxy_cell: Float[Tensor, "n 4"],
    labels: Int[Tensor, "n"],
    shape: tuple[int, int, int],
    reduction: PenaltyReduction,
    is_known: Bool[Tensor, "#classes #h #w"] | None = None,
) -> Targets:
    """Draw the heatmaps, of shape (classes, h, w), and note each object's corners."""
    boxes, names = boxes_xyxy_cell.double().numpy(), labels.numpy()
    radii = radii_of(boxes_xyxy_cell, reduction)
    return Targets(
        top_left=_corner_targets(boxes[:, :2], names, radii, shape),
        bottom_right=_corner_targets(boxes[:, 2:], names, radii, shape),
        is_object=torch.ones(len(boxes), dtype=torch.bool),
        is_known=torch.ones(1, 1, 1, dtype=torch.bool) if is_known is None else is_known,
    )


def known_cells(
    known_labels: frozenset[int] | None,
    ignored_xyxy_cell: Float[Tensor, "n 4"],
    ignored_labels: Int[Tensor, "n"],
    shape: tuple[int, int, int],
) -> Bool[Tensor, "#classes #h #w"]:
    """Return in which cells of which categories (classes, h, w) the truth is known.

    It is not in categories that nobody looked for, nor in regions of uncounted objects.
    """
    if known_labels is None and len(ignored_labels) == 0:
        return torch.ones(1, 1, 1, dtype=torch.bool)
    is_known = torch.ones(shape, dtype=torch.bool)
    if known_labels is not None:
        is_looked_for = torch.zeros(shape[0], dtype=torch.bool)
        is_looked_for[sorted(known_labels)] = True
        is_known &= is_looked_for[:, None, None]
    regions = ignored_xyxy_cell.floor().long().clamp(min=0).tolist()
    for (left, top, right, bottom), label in zip(regions, ignored_labels.tolist(), strict=True):
        is_known[label, top : bottom + 1, left : right + 1] = False
    return is_known


def stack_targets(targets: list[Targets]) -> Targets:
    """Batch the targets of images, padded to the largest number of objects (at least one)."""
    most = max(1, *(len(t.is_object) for t in targets))

    def padded(tensors: list[Tensor]) -> Tensor:
        batch = tensors[0].new_zeros((len(tensors), most, *tensors[0].shape[1:]))
        for row, tensor in zip(batch, tensors, strict=True):
            row[: len(tensor)] = tensor
        return batch

    def corner(parts: list[CornerTargets]) -> CornerTargets:
        return CornerTargets(
            heatmap=torch.stack([p.heatmap for p in parts]),
            cell=padded([p.cell for p in parts]),
            offset=padded([p.offset for p in parts]),
        )

    return Targets(
        top_left=corner([t.top_left for t in targets]),
        bottom_right=corner([t.bottom_right for t in targets]),
        is_object=padded([t.is_object for t in targets]),
        is_known=_stacked([t.is_known for t in targets]),
    )


def _stacked(known: list[Bool[Tensor, "#classes #h #w"]]) -> Bool[Tensor, "b #classes #h #w"]:
    shape = np.broadcast_shapes(*(tuple(each.shape) for each in known))
    return torch.stack([each.expand(shape) for each in known])
