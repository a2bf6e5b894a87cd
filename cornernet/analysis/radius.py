"""How far a corner may lie off: boxes within a radius of a true box, and the worst of them."""

from dataclasses import dataclass

import torch
from jaxtyping import Float64
from torch import Tensor

from cornernet.boxes import iou_matrix

STEPS = 11  # places to which a search moves each side of a box, an odd number: one is its own


@dataclass(frozen=True, eq=False, kw_only=True)
class MovedBox:
    """A box whose corners were moved, beside the true one from (0, 0) to its width and height."""

    name: str
    box_xyxy_cell: tuple[float, float, float, float]
    iou: float  # with the true box


def moved_boxes(
    width: float, height: float, radii: tuple[float, float, float]
) -> tuple[MovedBox, ...]:
    """Move both corners along both axes in the three ways of the paper's code.

    Each way has its own radius: inwards, the same way, outwards.
    """
    shifts = {
        "both inwards": (1, 1, -1, -1),
        "both the same way": (1, 1, 1, 1),
        "both outwards": (-1, -1, 1, 1),
    }
    by = torch.tensor(radii, dtype=torch.float64)[:, None]
    moves = torch.tensor(list(shifts.values()), dtype=torch.float64) * by
    boxes, ious = _moved(width, height, moves)
    return tuple(
        MovedBox(name=name, box_xyxy_cell=_four(box), iou=float(iou))
        for name, box, iou in zip(shifts, boxes, ious, strict=True)
    )


def worst_box(width: float, height: float, radius: float) -> MovedBox:
    """Search for the least IoU among boxes with both corners within the radius, on each axis.

    Every side moves by itself to each of `STEPS` places, the outermost included.
    """
    places = torch.linspace(-radius, radius, STEPS, dtype=torch.float64)
    boxes, ious = _moved(width, height, torch.cartesian_prod(places, places, places, places))
    worst = int(ious.argmin())
    return MovedBox(name="worst found", box_xyxy_cell=_four(boxes[worst]), iou=float(ious[worst]))


def _moved(
    width: float, height: float, moves: Float64[Tensor, "n 4"]
) -> tuple[Float64[Tensor, "n 4"], Float64[Tensor, "n"]]:
    truth = moves.new_tensor([[0.0, 0.0, width, height]])
    boxes = truth + moves
    return boxes, iou_matrix(boxes, truth)[:, 0]


def _four(box: Float64[Tensor, "4"]) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = box.tolist()
    return x1, y1, x2, y2
