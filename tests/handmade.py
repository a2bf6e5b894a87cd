"""Maps and observations whose objects are known, without a network."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from cornernet.config import DecodeConfig, PreprocessConfig
from cornernet.decode import Decoding, decode
from cornernet.frame import Frame
from cornernet.model.corner_pool import SCANS, Corner, CornerPoolOutput
from cornernet.model.heads import CornerMaps
from cornernet.observation import Milliseconds, Observation, ObservedCorner
from cornernet.preprocess import preprocess

NAMES = ("red", "green", "blue")
CONFIG = DecodeConfig(top_k=12, min_score=0.3)
# label, first cell, last cell (column, row), embedding, score of both corners
OBJECTS = ((1, (2, 3), (10, 12), 0.0, 0.95), (2, (6, 1), (14, 6), 2.0, 0.8))


def _maps(place: int, objects: tuple, cells_hw: tuple[int, int]) -> CornerMaps:
    logits = torch.full((1, len(NAMES), *cells_hw), -6.0)
    logits -= 0.01 * torch.arange(logits.numel()).reshape(logits.shape) / logits.numel()
    embedding, offset = torch.full((1, 1, *cells_hw), 9.0), torch.full((1, 2, *cells_hw), 0.5)
    for label, *corners, tag, score in objects:
        x, y = corners[place]
        logits[0, label, y, x] = torch.logit(torch.tensor(score))
        embedding[0, 0, y, x] = tag
    return CornerMaps(logits=logits, embedding=embedding, offset=offset)


def _corner(corner: Corner, objects: tuple, cells_hw: tuple[int, int]) -> ObservedCorner:
    flat = torch.zeros(2, *cells_hw, dtype=torch.float16)
    pool = CornerPoolOutput(
        corner=corner,
        scans=SCANS[corner],
        vertical_in=flat,
        horizontal_in=flat,
        features=flat.repeat(2, 1, 1),
    )
    return ObservedCorner(maps=_maps(int(corner != "top_left"), objects, cells_hw), pool=pool)


def handmade(objects: tuple = OBJECTS, size_hw: tuple[int, int] = (64, 64)) -> Observation:
    """An observation whose corners are known; cells of 4 pixels, an image of `size_hw`."""
    image = np.random.default_rng(0).integers(60, 200, (*size_hw, 3)).astype(np.uint8)
    prepared = preprocess(image, PreprocessConfig(longer_side=64, multiple=32), 4)
    cells_hw = prepared.frame.cells_hw
    generator = torch.Generator().manual_seed(0)
    return Observation(
        image=image,
        canvas=prepared.canvas,
        frame=prepared.frame,
        features=torch.rand(5, *cells_hw, generator=generator).half(),
        top_left=_corner("top_left", objects, cells_hw),
        bottom_right=_corner("bottom_right", objects, cells_hw),
        categories=NAMES,
        milliseconds=Milliseconds(preprocess=0.0, network=0.0),
    )


def decoded(observation: Observation, config: DecodeConfig = CONFIG) -> Decoding:
    return decode(observation.maps, observation.frame, observation.categories, config)


PARITY = Path(__file__).parent / "fixtures" / "decode_seed1.npz"


CATEGORIES = tuple("abcdefgh")


def frame_of(height: int, width: int) -> Frame:
    """One network pixel for each original one, four for each cell."""
    size = (4 * height, 4 * width)
    return Frame(
        original_hw=size,
        network_hw=size,
        cells_hw=(height, width),
        scale_xy=(1.0, 1.0),
        shift_xy=(0.0, 0.0),
    )


def maps_with(
    corners: list[tuple[int, int, int, float, float]], shape: tuple[int, int, int] = (8, 16, 16)
) -> CornerMaps:
    """Put corners (label, x, y, logit, embedding) on quiet maps, with offsets of 0.25 and 0.5."""
    logits = torch.full((1, *shape), -10.0)
    embedding = torch.zeros(1, 1, *shape[1:])
    offset = torch.zeros(1, 2, *shape[1:])
    for label, x, y, logit, tag in corners:
        logits[0, label, y, x] = logit
        embedding[0, 0, y, x] = tag
        offset[0, :, y, x] = torch.tensor([0.25, 0.5])
    return CornerMaps(logits=logits, embedding=embedding, offset=offset)


def official_maps() -> tuple[tuple[CornerMaps, CornerMaps], Tensor]:
    with np.load(PARITY) as kit:
        values = {name: torch.from_numpy(kit[name]) for name in kit}
    first, second = (
        CornerMaps(
            logits=values[f"{corner}_heat"][None],
            embedding=values[f"{corner}_tag"][None],
            offset=values[f"{corner}_off"][None],
        )
        for corner in ("tl", "br")
    )
    return (first, second), values["detections"]
