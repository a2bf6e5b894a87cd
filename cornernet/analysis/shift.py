"""The same image moved by a few pixels: the cell jumps, and the offset makes up for it."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from cornernet.analysis.evidence import check_cell
from cornernet.config import PreprocessConfig
from cornernet.detector import Detector
from cornernet.model.corner_pool import Corner
from cornernet.model.heads import Maps
from cornernet.observation import Observation
from cornernet.preprocess import RgbArray, normalise, padding_colour

NEARBY = 2  # cells, in each direction, between the place expected and the one taken
CROP = 9  # cells: side of the heatmap's crop


@dataclass(frozen=True, eq=False, kw_only=True)
class ShiftedCorner:
    """Where one corner is found once the canvas moved right and down by `shift_px`."""

    shift_px: int  # network pixels
    cell_xy: tuple[int, int]
    offset_xy: tuple[float, float]  # in cells
    score: float  # 0 to 1
    corner_xy_network_px: tuple[float, float]  # (cell + offset) in pixels
    expected_xy_network_px: tuple[float, float]  # where it was without a shift, plus the shift
    # Heatmap of the category around the cell where the corner was without a shift, which is the
    # middle one; 0 outside the map.
    heatmap: Float[Tensor, "9 9"]


def shift_strip(
    detector: Detector,
    observation: Observation,
    corner: Corner,
    label: int,
    cell_xy: tuple[int, int],
    shifts: tuple[int, ...] = (0, 1, 2, 3),
) -> tuple[ShiftedCorner, ...]:
    """Follow one corner while the network's canvas moves right and down.

    The corner is taken to be the cell of its category with the highest score, at most 2 cells
    from the place expected; without a shift, the cell given. The network runs once for each
    shift but 0. Raise ValueError if the category, the cell or a shift does not exist.
    """
    observed = observation.side(corner)
    size = observed.maps.logits.shape[1:]
    check_cell(label, cell_xy, size)
    network_hw = observation.frame.network_hw
    for shift in shifts:
        if not 0 <= shift < min(network_hw):
            limit = min(network_hw) - 1
            raise ValueError(f"Expected a shift from 0 to {limit}, but {shift} was given.")
    pixels_per_cell = (network_hw[1] / size[2], network_hw[0] / size[1])
    start_px = _times(_exact_corner(observed.maps, cell_xy), pixels_per_cell)
    corners = []
    for shift in shifts:
        maps = (
            observed.maps if shift == 0 else _maps_of_shifted(detector, observation, corner, shift)
        )
        heatmap = maps.logits[0, label].sigmoid()
        expected_px = (start_px[0] + shift, start_px[1] + shift)
        near = (expected_px[0] / pixels_per_cell[0], expected_px[1] / pixels_per_cell[1])
        found = cell_xy if shift == 0 else strongest_near(heatmap, near)
        offset_xy = _offset_at(maps, found)
        corners.append(
            ShiftedCorner(
                shift_px=shift,
                cell_xy=found,
                offset_xy=offset_xy,
                score=float(heatmap[found[1], found[0]]),
                corner_xy_network_px=_times(_exact_corner(maps, found), pixels_per_cell),
                expected_xy_network_px=expected_px,
                heatmap=_crop(heatmap, cell_xy),
            )
        )
    return tuple(corners)


def shifted_canvas(canvas: RgbArray, shift: int, config: PreprocessConfig) -> RgbArray:
    """Move a canvas right and down by whole pixels; padding comes in, the far edges go out."""
    height, width = canvas.shape[:2]
    moved = np.full_like(canvas, padding_colour(config))
    moved[shift:, shift:] = canvas[: height - shift, : width - shift]
    return moved


def strongest_near(heatmap: Float[Tensor, "h w"], near_xy: tuple[float, float]) -> tuple[int, int]:
    """Give the (column, row) of the highest cell at most 2 cells from a place on the map."""
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


def _offset_at(maps: Maps, cell_xy: tuple[int, int]) -> tuple[float, float]:
    ((x, y),) = maps.at(torch.tensor([cell_xy])).offset_xy.tolist()
    return x, y


def _exact_corner(maps: Maps, cell_xy: tuple[int, int]) -> tuple[float, float]:
    x, y = _offset_at(maps, cell_xy)
    return cell_xy[0] + x, cell_xy[1] + y


def _times(place: tuple[float, float], factors: tuple[float, float]) -> tuple[float, float]:
    return place[0] * factors[0], place[1] * factors[1]


def _crop(heatmap: Float[Tensor, "h w"], middle_xy: tuple[int, int]) -> Float[Tensor, "9 9"]:
    reach = CROP // 2
    padded = F.pad(heatmap, (reach, reach, reach, reach))
    return padded[middle_xy[1] : middle_xy[1] + CROP, middle_xy[0] : middle_xy[0] + CROP].clone()
