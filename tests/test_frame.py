"""Places on the image, on the network's input and on its heatmaps."""

import numpy as np
import pytest
import torch

from cornernet.config import OFFICIAL_PREPROCESS, PreprocessConfig
from cornernet.preprocess import preprocess

IMAGE = np.zeros((101, 91, 3), np.uint8)
PADDED = PreprocessConfig(longer_side=64, multiple=64)


@pytest.mark.parametrize(
    ("config", "stride", "cells_hw", "stride_xy"),
    [
        (PADDED, 4, (16, 16), (4.0, 4.0)),
        (PADDED, 8, (8, 8), (8.0, 8.0)),
        (OFFICIAL_PREPROCESS, 4, (32, 32), (127 / 32, 127 / 32)),
        (OFFICIAL_PREPROCESS, 8, (16, 16), (127 / 16, 127 / 16)),
    ],
)
def test_cells_cover_the_canvas_and_places_go_there_and_back(
    config: PreprocessConfig,
    stride: int,
    cells_hw: tuple[int, int],
    stride_xy: tuple[float, float],
) -> None:
    frame = preprocess(IMAGE, config, stride).frame
    assert frame.cells_hw == cells_hw
    assert frame.stride_xy == stride_xy
    boxes = torch.tensor([[0.0, 0.0, 91.0, 101.0], [-5.0, 3.0, 40.5, 200.0]]).double()
    cells = frame.to_cells(boxes)
    torch.testing.assert_close(frame.from_cells(cells), boxes)
    on_network = frame.to_network(boxes)
    torch.testing.assert_close(cells * cells.new_tensor(stride_xy * 2), on_network)
    canvas = torch.tensor([[0.0, 0.0, cells_hw[1], cells_hw[0]]]).double()
    assert frame.to_network(frame.from_cells(canvas))[0, 2:].tolist() == pytest.approx(
        frame.network_hw[::-1]
    )


def test_of_a_mirrored_canvas_cells_count_from_the_right() -> None:
    frame = preprocess(IMAGE, PADDED, 4).frame
    box = torch.tensor([[10.0, 20.0, 50.0, 60.0]]).double()
    x1, y1, x2, y2 = frame.to_cells(box)[0].tolist()
    mirrored = frame.mirrored().to_cells(box)[0].tolist()
    assert mirrored == pytest.approx([16 - x1, y1, 16 - x2, y2])
