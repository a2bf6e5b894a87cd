"""From an image to the network's input."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from cornernet.config import PreprocessConfig
from cornernet.frame import Frame
from cornernet.image_reading import RgbArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared:
    """An image as the network sees it."""

    canvas: RgbArray  # resized and padded, before normalisation
    pixels: Float[Tensor, "3 height width"]  # normalised
    frame: Frame


def padded_side(side: int, config: PreprocessConfig) -> int:
    """Return the smallest canvas side that holds `side` pixels and that the network can halve."""
    return math.ceil((side - config.size_offset) / config.multiple) * config.multiple + (
        config.size_offset
    )


def padding_colour(config: PreprocessConfig) -> UInt8[np.ndarray, "3"]:
    """Return the colour around the image on the canvas."""
    mean = np.asarray(config.mean, dtype=np.float32)
    colour = np.zeros(3) if config.padding == "black" else np.round(mean * 255)
    return colour.astype(np.uint8)


def preprocess(
    image: RgbArray, config: PreprocessConfig, stride: int, scale: float = 1.0
) -> Prepared:
    """Resize, centre on a padded canvas, and normalise, for a network of so many pixels per cell.

    `scale` multiplies the size that the config asks for, for tests at several scales.
    """
    height, width = image.shape[:2]
    new_h, new_w = _resized_hw((height, width), config, scale)
    resized = _resize(image, (new_h, new_w), config)
    canvas_h, canvas_w = padded_side(new_h, config), padded_side(new_w, config)
    top, left = canvas_h // 2 - new_h // 2, canvas_w // 2 - new_w // 2
    # As in the official code, an odd canvas that the image fills lacks its last row or column.
    inside = (
        slice(top, min(top + new_h, canvas_h // 2 * 2)),
        slice(left, min(left + new_w, canvas_w // 2 * 2)),
    )
    canvas = np.full((canvas_h, canvas_w, 3), padding_colour(config), dtype=np.uint8)
    canvas[inside] = resized[: inside[0].stop - top, : inside[1].stop - left]
    frame = Frame(
        original_hw=(height, width),
        network_hw=(canvas_h, canvas_w),
        cells_hw=(math.ceil(canvas_h / stride), math.ceil(canvas_w / stride)),
        scale_xy=(new_w / width, new_h / height),
        shift_xy=(float(left), float(top)),
    )
    return Prepared(canvas=canvas, pixels=_pixels(canvas, inside, config), frame=frame)


def prepare_again(canvas: RgbArray, frame: Frame, config: PreprocessConfig) -> Prepared:
    """Normalise a canvas that `preprocess` made, with the frame that belongs to it."""
    (left, top), (canvas_h, canvas_w) = map(int, frame.shift_xy), canvas.shape[:2]
    height, width = frame.original_hw
    width, height = round(width * frame.scale_xy[0]), round(height * frame.scale_xy[1])
    inside = (
        slice(top, min(top + height, canvas_h // 2 * 2)),
        slice(left, min(left + width, canvas_w // 2 * 2)),
    )
    return Prepared(canvas=canvas, pixels=_pixels(canvas, inside, config), frame=frame)


def _resized_hw(hw: tuple[int, int], config: PreprocessConfig, scale: float) -> tuple[int, int]:
    if config.longer_side is None:  # the official code rounds down
        return max(1, int(hw[0] * scale)), max(1, int(hw[1] * scale))
    ratio = config.longer_side * scale / max(hw)
    return max(1, round(hw[0] * ratio)), max(1, round(hw[1] * ratio))


def _resize(image: RgbArray, hw: tuple[int, int], config: PreprocessConfig) -> RgbArray:
    if hw == image.shape[:2]:
        return image
    if config.antialias:
        bilinear = Image.Resampling.BILINEAR
        return np.asarray(Image.fromarray(image).resize((hw[1], hw[0]), bilinear))
    values = torch.from_numpy(image).permute(2, 0, 1)[None].float()
    resized = F.interpolate(values, hw, mode="bilinear", align_corners=False, antialias=False)
    return resized[0].permute(1, 2, 0).round().byte().contiguous().numpy()


def _pixels(
    canvas: RgbArray, inside: tuple[slice, slice], config: PreprocessConfig
) -> Float[Tensor, "3 height width"]:
    pixels = normalise(canvas, config)
    if config.padding != "exact mean":
        return pixels
    is_padding = torch.ones(canvas.shape[:2], dtype=torch.bool)
    is_padding[inside] = False
    return pixels.masked_fill(is_padding, 0.0)


def normalise(canvas: RgbArray, config: PreprocessConfig) -> Float[Tensor, "3 height width"]:
    """Scale 0..255 to 0..1, subtract the mean, divide by the standard deviation, order channels."""
    values = torch.from_numpy(canvas).permute(2, 0, 1).float() / 255.0
    mean, std = values.new_tensor(config.mean), values.new_tensor(config.std)
    normalised = (values - mean[:, None, None]) / std[:, None, None]
    return normalised.flip(0) if config.channel_order == "BGR" else normalised
