"""What is kept of a visitor's image: all that was seen, or what the network can see it from."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from cornernet.frame import Frame
from cornernet.image_reading import RgbArray
from cornernet.observation import Milliseconds, ObservedCorner
from cornernet.server.memory import Store
from cornernet.ui.models import detector_of
from cornernet.ui.pictures import png_bytes
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage

WHOLE_BYTES = 300_000_000
THIN_BYTES = 300_000_000
_FACTS = ("original_per_shown_xy", "truth", "model", "name", "source", "key")


@dataclass(frozen=True, eq=False, kw_only=True)
class ThinImage:
    """An image without what the network computed; pictures as PNG."""

    facts: dict[str, Any]
    image: bytes
    canvas: bytes
    frame: Frame
    milliseconds: Milliseconds


@dataclass(frozen=True, eq=False, kw_only=True)
class ImageRecipe:
    """How a shown image becomes thin, and whole again with the same answer."""

    shelf: Shelf
    kind = ShownImage

    def size(self, whole: ShownImage) -> int:
        """Count an image's bytes, but for what it shares with its model."""
        observation = whole.observation
        arrays = observation.image.nbytes + observation.canvas.nbytes + observation.features.nbytes
        return arrays + _size_of(observation.top_left) + _size_of(observation.bottom_right)

    def thin(self, whole: ShownImage) -> ThinImage:
        """Keep the image and the network's input."""
        observation = whole.observation
        return ThinImage(
            facts={name: getattr(whole, name) for name in _FACTS},
            image=png_bytes(observation.image),
            canvas=png_bytes(observation.canvas),
            frame=observation.frame,
            milliseconds=observation.milliseconds,
        )

    def thin_size(self, thin: ThinImage) -> int:
        """Count a thin image's bytes."""
        return len(thin.image) + len(thin.canvas)

    def whole(self, thin: ThinImage) -> ShownImage:
        """Run the network again. Raise gr.Error if its model cannot be loaded any more."""
        detector = detector_of(self.shelf, thin.facts["model"])
        observation = detector.observe_again(_pixels(thin.image), _pixels(thin.canvas), thin.frame)
        return ShownImage(observation=observation, **thin.facts)


def make_keeper(
    shelf: Shelf, whole_bytes: int = WHOLE_BYTES, thin_bytes: int = THIN_BYTES
) -> Store[ShownImage, ThinImage]:
    """Make what keeps all visitors' images."""
    return Store(ImageRecipe(shelf=shelf), whole_bytes=whole_bytes, thin_bytes=thin_bytes)


def _size_of(corner: ObservedCorner) -> int:
    pool = corner.pool
    tensors = (corner.maps.logits, pool.features, pool.vertical_in, pool.horizontal_in)
    return sum(tensor.nbytes for tensor in tensors)


def _pixels(png: bytes) -> RgbArray:
    return np.array(Image.open(BytesIO(png)))  # PyTorch wants one that can be written
