"""How maps travel to the explorer: several in one grey picture, or packed in half precision."""

import base64
from typing import Any

import numpy as np
from jaxtyping import UInt8
from torch import Tensor

from cornernet.ui.pictures import data_address, png_bytes


def atlas(maps: UInt8[np.ndarray, "n h w"], names: list[int]) -> dict[str, Any]:
    """Set maps one under the other in a grey PNG: the explorer's `Atlas`."""
    tall = maps.reshape(-1, maps.shape[2])
    return {"url": data_address(png_bytes(tall), "image/png"), "names": names}


def halves(values: Tensor) -> str:
    """Pack numbers in half precision, row by row, in base64."""
    packed = values.detach().cpu().half().contiguous().numpy().astype("<f2")
    return base64.b64encode(packed.tobytes()).decode()
