"""In which frame an image's boxes lie, and how they come to the upright image's pixels."""

from dataclasses import dataclass
from typing import Literal

from cornernet.data.coco.heads import Head

Size = tuple[int, int]
Box = tuple[float, float, float, float]
Relation = Literal["same", "turned", "scaled", "contradicts"]


@dataclass(frozen=True, kw_only=True)
class BoxFrame:
    """The frame that boxes are given in, and the way from it to the upright image."""

    given_wh: Size
    upright_wh: Size
    orientation: int = 1  # EXIF's, where boxes lie in the picture as it is stored

    @property
    def scale_xy(self) -> tuple[float, float]:
        """Return upright pixels per given pixel, along the upright image's axes."""
        width, height = self.given_wh[::-1] if self.orientation >= 5 else self.given_wh
        return self.upright_wh[0] / width, self.upright_wh[1] / height

    def to_upright(self, box: Box) -> Box:
        """Turn and scale a box as its image is."""
        x1, y1, x2, y2 = _turned(box, self.given_wh, self.orientation)
        scale_x, scale_y = self.scale_xy
        return x1 * scale_x, y1 * scale_y, x2 * scale_x, y2 * scale_y


def _turned(box: Box, size: Size, orientation: int) -> Box:
    """Follow EXIF: 2 mirrors, 3 turns by 180 degrees, 4 flips; 5 to 8 exchange the axes, too."""
    (x1, y1, x2, y2), (width, height) = box, size
    if orientation in (2, 3, 7, 8):
        x1, x2 = width - x2, width - x1
    if orientation in (3, 4, 6, 7):
        y1, y2 = height - y2, height - y1
    return (y1, x1, y2, x2) if orientation >= 5 else (x1, y1, x2, y2)


def relation(stated: Size, head: Head) -> Relation:
    """Return how the size that a file states stands to the image's own."""
    if stated == head.upright_wh:
        return "same"
    if stated == head.stored_wh:
        return "turned"
    return "scaled" if _is_scaled(stated, head.upright_wh) else "contradicts"


def _is_scaled(one: Size, other: Size) -> bool:
    """Return whether a resize that keeps proportions, and rounds, leads from one to the other."""
    small, large = sorted((one, other))
    if min(small) > min(large):
        small, large = large, small
    return abs(small[0] - large[0] * small[1] / large[1]) <= 1 or (
        abs(small[1] - large[1] * small[0] / large[0]) <= 1
    )
