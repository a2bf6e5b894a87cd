"""Random crops, mirror images and colours for photographs (section 4.1)."""

from dataclasses import replace

import numpy as np
import torch
from PIL import Image, ImageEnhance

from cornernet.boxes import clip_boxes
from cornernet.config.train import CropOf
from cornernet.data.samples import Sample

CROP_SCALES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)  # of the image's longer side, or the input
BORDER = 128  # pixels of the image that a crop's centre keeps away from its border, or fewer
COLOUR_RANGE = 0.4  # brightness, contrast and saturation change by up to this share
LEAST_SIDE = 2.0  # pixels: of a box that is kept after cropping


def augment(
    sample: Sample, longer_side: int, rng: np.random.Generator, crop_of: CropOf = "image"
) -> Sample:
    """Crop a random square, resize it to `longer_side`, mirror half the time, and recolour.

    Crops of the image's size show all alike, whatever their resolution; the paper's are of the
    input's, on black. Ignored regions move along; areas are dropped, since a crop of an outline
    has another.
    """
    cropped = _random_crop(sample, longer_side, rng, crop_of)
    mirrored = mirror(cropped) if rng.random() < 0.5 else cropped
    return replace(mirrored, image=_recolour(mirrored.image, rng))


def _random_crop(sample: Sample, size: int, rng: np.random.Generator, crop_of: CropOf) -> Sample:
    height, width = sample.image.shape[:2]
    share = float(rng.choice(CROP_SCALES))
    side = max(height, width) * share if crop_of == "image" else float(int(size * share))
    centre_x, centre_y = (_centre(extent, rng, crop_of) for extent in (width, height))
    left, top = centre_x - side / 2, centre_y - side / 2
    scale = size / side
    mean = sample.image.mean((0, 1)) if crop_of == "image" else (0, 0, 0)
    fill = tuple(int(v) for v in mean)
    image = Image.fromarray(sample.image).transform(
        (size, size),
        Image.Transform.AFFINE,
        (1 / scale, 0.0, left, 0.0, 1 / scale, top),
        resample=Image.Resampling.BILINEAR,
        fillcolor=fill,
    )
    moved = (sample.boxes_xyxy_px - torch.tensor([left, top, left, top])) * scale
    boxes = clip_boxes(moved.float(), size, size)
    is_visible = ((boxes[:, 2:] - boxes[:, :2]) >= LEAST_SIDE).all(1)
    moved_sample = replace(sample, image=np.array(image), boxes_xyxy_px=boxes, areas_px2=())
    return moved_sample.chosen(is_visible.nonzero().flatten().tolist())


def _centre(extent: int, rng: np.random.Generator, crop_of: CropOf) -> float:
    """Choose a crop's centre away from the image's border, so that something is seen."""
    if crop_of == "image":
        return extent * rng.uniform(0.25, 0.75)
    border = BORDER
    while 2 * border >= extent and border > 1:
        border //= 2
    return float(rng.integers(border, max(border + 1, extent - border)))


def mirror(sample: Sample) -> Sample:
    """Exchange left and right."""
    width = sample.image.shape[1]
    x1, y1, x2, y2 = sample.boxes_xyxy_px.unbind(1)
    return replace(
        sample,
        image=np.ascontiguousarray(sample.image[:, ::-1]),
        boxes_xyxy_px=torch.stack([width - x2, y1, width - x1, y2], 1),
    )


def _recolour(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    picture = Image.fromarray(image)
    changes = (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color)
    for index in rng.permutation(len(changes)):
        factor = float(rng.uniform(1 - COLOUR_RANGE, 1 + COLOUR_RANGE))
        picture = changes[index](picture).enhance(factor)
    return np.array(picture)
