"""Colours: drawn at random, and how well one shows on another."""

import numpy as np
from jaxtyping import Float32

Colour = tuple[int, int, int]


def colour_of(values: np.ndarray) -> Colour:
    """Turn three levels into a colour, cut to 0 to 255."""
    red, green, blue = np.clip(values, 0, 255).astype(int).tolist()
    return red, green, blue


def any_colour(rng: np.random.Generator) -> Colour:
    """Draw a colour, mostly saturated: a hue between its darkest and its lightest channel."""
    values = rng.integers(0, 256, 3)
    if rng.random() < 0.7:
        values[int(rng.integers(3))] = rng.integers(0, 60)
        values[int(rng.integers(3))] = rng.integers(150, 256)
    red, green, blue = values.tolist()
    return red, green, blue


def fill_colour(rng: np.random.Generator) -> Colour:
    """Draw a colour to lay inside a stroke, also a pale one."""
    red, green, blue = any_colour(rng)
    if rng.random() < 0.65:
        return red, green, blue
    return (red + 510) // 3, (green + 510) // 3, (blue + 510) // 3


def contrast(
    colour: Colour, under: Float32[np.ndarray, "pixels 3"]
) -> Float32[np.ndarray, "pixels"]:
    """Measure how far a colour is from each pixel: luminance first, then hue (0 to about 400)."""
    difference = np.asarray(colour, dtype=np.float32) - under
    luminance = difference @ np.array([0.3, 0.59, 0.11], dtype=np.float32)
    distance = np.sqrt((difference * difference).sum(axis=1))
    return np.asarray(np.abs(luminance) + 0.35 * distance)
