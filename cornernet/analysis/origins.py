"""Where the values that come out of a scan come from."""

from typing import Literal

import torch
from jaxtyping import Float, Int64
from torch import Tensor
from torch.nn import functional as F

from cornernet.config import ModelConfig
from cornernet.model.corner_pool import Corner

Direction = Literal["vertical", "horizontal"]
Origins = Int64[Tensor, "c rows columns"]  # row-major indices of cells of the whole map
Crop = tuple[range, range]  # rows and columns


def winning_cells(
    scan_in: Float[Tensor, "c h w"], corner: Corner, direction: Direction
) -> Int64[Tensor, "c h w"]:
    """Return, for every cell, the row (vertical) or column (horizontal) that its maximum came from.

    Of equal values, the nearest to the cell wins: the one that `torch.cummax` names.
    """
    dim = -2 if direction == "vertical" else -1
    if corner == "bottom_right":
        return torch.cummax(scan_in.contiguous(), dim).indices
    last = scan_in.shape[dim] - 1
    return last - torch.cummax(scan_in.flip(dim).contiguous(), dim).indices.flip(dim)


def origins_of(
    scans_in: tuple[Float[Tensor, "c h w"], Float[Tensor, "c h w"]],
    corner: Corner,
    crop: Crop,
    config: ModelConfig,
) -> tuple[Origins, Origins]:
    """Return, for a crop's cells, the cells that each scan's values came from, vertical first."""
    if config.pooling == "corner":
        vertical, horizontal = scans_in
        return _vertical_origins(vertical, corner, crop), _horizontal_origins(
            horizontal, corner, crop
        )
    side = config.pool_window if config.pooling == "window" else 1
    first, second = (_window_origins(scan_in, side, crop) for scan_in in scans_in)
    return first, second


def _vertical_origins(scan_in: Float[Tensor, "c h w"], corner: Corner, crop: Crop) -> Origins:
    rows, columns = crop
    width, across = scan_in.shape[2], slice(columns.start, columns.stop)
    winners = winning_cells(scan_in[:, :, across], corner, "vertical")
    return winners[:, rows.start : rows.stop] * width + torch.arange(columns.start, columns.stop)


def _horizontal_origins(scan_in: Float[Tensor, "c h w"], corner: Corner, crop: Crop) -> Origins:
    rows, columns = crop
    width, down = scan_in.shape[2], slice(rows.start, rows.stop)
    winners = winning_cells(scan_in[:, down], corner, "horizontal")
    return winners[:, :, columns.start : columns.stop] + (
        torch.arange(rows.start, rows.stop)[:, None] * width
    )


def _window_origins(scan_in: Float[Tensor, "c h w"], side: int, crop: Crop) -> Origins:
    rows, columns = crop
    _, indices = F.max_pool2d(scan_in[None].float(), side, 1, side // 2, return_indices=True)
    origins: Tensor = indices[0, :, rows.start : rows.stop, columns.start : columns.stop]
    return origins
