"""The photograph: what light, lens, sensor and compression do to a drawing."""

import io

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageChops, ImageFilter

Pixels = UInt8[np.ndarray, "height width 3"]


def degrade(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Photograph a sheet: uneven light, lost contrast, colour cast, blur, noise, compression."""
    photograph = picture
    if rng.random() < 0.3:
        photograph = ImageChops.multiply(photograph, _uneven_light(rng, picture.size))
    if rng.random() < 0.3:
        photograph = _tone(rng, photograph)
    if rng.random() < 0.25:
        radius = rng.uniform(0.3, 1.1) * min(picture.size) / 256
        photograph = photograph.filter(ImageFilter.GaussianBlur(radius))
    if rng.random() < 0.3:
        photograph = Image.fromarray(_with_noise(rng, np.asarray(photograph)))
    if rng.random() < 0.3:
        encoded = io.BytesIO()
        photograph.save(encoded, "JPEG", quality=int(rng.integers(30, 92)))
        photograph = Image.open(encoded).convert("RGB")
    return photograph


def _uneven_light(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Draw a vignette, a slope of light or a soft shadow's edge, as a factor of 255."""
    y, x = np.mgrid[-1:1:16j, -1:1:16j]
    angle, kind = rng.uniform(0, 2 * np.pi), rng.random()
    ramp = x * np.cos(angle) + y * np.sin(angle)
    if kind < 0.35:
        shade = (x**2 + y**2) / 2
    elif kind < 0.7:
        shade = (ramp + 1.4) / 2.8
    else:
        shade = 1 / (1 + np.exp(-(ramp + rng.uniform(-0.6, 0.6)) * rng.uniform(3, 14)))
    factor = 255 * (1 - rng.uniform(0.1, 0.5) * np.clip(shade, 0, 1))
    light = Image.fromarray(factor.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return Image.merge("RGB", (light, light, light))


def _tone(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Lose contrast and shift the colours a little."""
    kept, levels = rng.uniform(0.6, 1.0), np.arange(256)
    floor = rng.uniform(0, 1) * (1 - kept) * 255
    table = [np.clip(levels * kept * cast + floor, 0, 255) for cast in rng.uniform(0.93, 1.04, 3)]
    return picture.point(np.concatenate(table).astype(int).tolist())


def _with_noise(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """Add sensor noise, of which most is common to the three channels."""
    shape = (*pixels.shape[:2], 1 if rng.random() < 0.6 else 3)
    count, strength = int(np.prod(shape)), round(3 + 42 * rng.random() ** 2)
    first, second = np.frombuffer(rng.bytes(2 * count), dtype=np.uint8).reshape(2, *shape)
    noise = (first.astype(np.int16) - second) * strength // 256
    return np.asarray(np.clip(pixels + noise, 0, 255), dtype=np.uint8)
