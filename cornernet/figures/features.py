"""The choice of the backbone's channels that are worth looking at."""

import numpy as np
from jaxtyping import Float


def most_varied_channels(features: Float[np.ndarray, "c h w"], count: int) -> list[int]:
    """List the channels that vary most over the image, the first with the highest variance."""
    return [int(c) for c in np.argsort(-features.var((1, 2)), kind="stable")[:count]]
