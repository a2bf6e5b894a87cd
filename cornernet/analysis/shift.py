"""The same image moved by a few pixels: the cell jumps, and the offset makes up for it."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from cornernet.analysis.corner_cell import CornerCell
from cornernet.config import PreprocessConfig
from cornernet.detector import Detector
from cornernet.image_reading import RgbArray
from cornernet.model.corner_pool import Corner
from cornernet.model.heads import Maps
from cornernet.observation import Observation
from cornernet.preprocess import normalise, padding_colour

Point = tuple[float, float]

NEARBY = 2  # cells, in each direction, between the place expected and the one taken
CROP = 9  # cells: side of the heatmap's crop


@dataclass(frozen=True, eq=False, kw_only=True)
class ShiftedCorner:
    """Where one corner is found once the canvas moved right and down by `shift_px`."""

    shift_px: int  # network pixels
    cell_xy: tuple[int, int]
    offset_xy: Point  # in cells
    score: float  # 0 to 1
    corner_xy_network_px: Point  # (cell + offset) in pixels
    expected_xy_network_px: Point  # where it was without a shift, plus the shift
    # Heatmap of the category around the cell where the corner was without a shift, which is the
    # middle one; 0 outside the map.
    heatmap: Float[Tensor, "9 9"]


def shift_strip(
    detector: Detector,
    observation: Observation,
    place: CornerCell,
    shifts: tuple[int, ...] = (0, 1, 2, 3),
) -> tuple[ShiftedCorner, ...]:
    """Follow one corner while the network's canvas moves right and down.

    The corner is taken to be the cell of its category with the highest score, at most 2 cells
    from the place expected; without a shift, the cell given. The network runs once for each
    shift but 0. Raise ValueError if the category, the cell or a shift does not exist.
    """
    place.expect_in(observation)
    limit = min(observation.frame.network_hw) - 1
    for shift in shifts:
        if not 0 <= shift <= limit:
            raise ValueError(f"Expected a shift from 0 to {limit}, but {shift} was given.")
    kept, stride_xy = observation.side(place.corner).maps, observation.frame.stride_xy
    start_px = _times(_exact_corner(kept, place.cell_xy), stride_xy)

    def found(shift: int) -> ShiftedCorner:
        maps = _maps_of_shifted(detector, observation, place.corner, shift) if shift else kept
        expected_px = (start_px[0] + shift, start_px[1] + shift)
        return _found(maps, place, shift, expected_px, stride_xy)

    return tuple(found(shift) for shift in shifts)


def _found(
    maps: Maps, place: CornerCell, shift: int, expected_px: Point, stride_xy: Point
) -> ShiftedCorner:
    """Find a corner near where it is expected, in the maps of the moved canvas."""
    heatmap = maps.logits[0, place.label].sigmoid()
    near = (expected_px[0] / stride_xy[0], expected_px[1] / stride_xy[1])
    cell_xy = place.cell_xy if shift == 0 else strongest_near(heatmap, near)
    return ShiftedCorner(
        shift_px=shift,
        cell_xy=cell_xy,
        offset_xy=_offset_at(maps, cell_xy),
        score=float(heatmap[cell_xy[1], cell_xy[0]]),
        corner_xy_network_px=_times(_exact_corner(maps, cell_xy), stride_xy),
        expected_xy_network_px=expected_px,
        heatmap=_crop(heatmap, place.cell_xy),
    )


def shifted_canvas(canvas: RgbArray, shift: int, config: PreprocessConfig) -> RgbArray:
    """Move a canvas right and down by whole pixels; padding comes in, the far edges go out."""
    height, width = canvas.shape[:2]
    moved = np.full_like(canvas, padding_colour(config))
    moved[shift:, shift:] = canvas[: height - shift, : width - shift]
    return moved


def strongest_near(heatmap: Float[Tensor, "h w"], near_xy: Point) -> tuple[int, int]:
    """Return the (column, row) of the highest cell at most 2 cells from a place on the map."""
    height, width = heatmap.shape
    x, y = (
        min(max(math.floor(place), 0), count - 1)
        for place, count in zip(near_xy, (width, height), strict=True)
    )
    left, top = max(0, x - NEARBY), max(0, y - NEARBY)
    window = heatmap[top : y + NEARBY + 1, left : x + NEARBY + 1]
    index = int(window.argmax())
    return left + index % window.shape[1], top + index // window.shape[1]


def _maps_of_shifted(
    detector: Detector, observation: Observation, corner: Corner, shift: int
) -> Maps:
    canvas = shifted_canvas(observation.canvas, shift, detector.preprocess)
    output, _ = detector.run(normalise(canvas, detector.preprocess)[None])
    return output.side(corner).maps.on_cpu()


def _offset_at(maps: Maps, cell_xy: tuple[int, int]) -> Point:
    ((x, y),) = maps.at(torch.tensor([cell_xy])).offset_xy.tolist()
    return x, y


def _exact_corner(maps: Maps, cell_xy: tuple[int, int]) -> Point:
    x, y = _offset_at(maps, cell_xy)
    return cell_xy[0] + x, cell_xy[1] + y


def _times(place: Point, factors: Point) -> Point:
    return place[0] * factors[0], place[1] * factors[1]


def _crop(heatmap: Float[Tensor, "h w"], middle_xy: tuple[int, int]) -> Float[Tensor, "9 9"]:
    reach = CROP // 2
    padded = F.pad(heatmap, (reach, reach, reach, reach))
    return padded[middle_xy[1] : middle_xy[1] + CROP, middle_xy[0] : middle_xy[0] + CROP].clone()
