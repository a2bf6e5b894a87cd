"""How what the network says becomes boxes."""

from dataclasses import dataclass
from typing import Literal

from cornernet.config.check import expect

NmsKind = Literal["gaussian", "linear", "hard", "none"]


@dataclass(frozen=True, kw_only=True)
class DecodeConfig:
    """How heads become boxes (section 3.1 of the paper and its official code)."""

    top_k: int = 100  # corners kept of each kind, over all categories together
    peak_window: int = 3  # side, in cells, of the window in which a peak must be the maximum
    # Weaker peaks are no corners. The official decoder takes all (0); with few corners in an image,
    # a strong corner then meets noise, and their mean score still looks good.
    min_corner_score: float = 0.0
    max_embedding_distance: float = 0.5  # corners further apart are not one object
    min_score: float = 0.3  # of a box, 0 to 1, after soft-NMS: fit for people; use 0 to evaluate
    max_pairs: int = 1000  # pairs that go on to suppression, the best first
    max_detections: int = 100  # boxes kept, the best first
    nms: NmsKind = "gaussian"
    nms_sigma: float = 0.5  # Gaussian soft-NMS: score *= exp(-IoU^2 / sigma)
    nms_iou: float = 0.5  # linear and hard NMS act from this IoU on

    def __post_init__(self) -> None:
        """Check ranges."""
        expect(1 <= self.top_k <= 1000, "top_k from 1 to 1000", self.top_k)
        odd = 1 <= self.peak_window <= 31 and self.peak_window % 2 == 1
        expect(odd, "an odd peak_window from 1 to 31 cells", self.peak_window)
        corner_score = self.min_corner_score
        expect(0 <= corner_score <= 1, "min_corner_score from 0 to 1", corner_score)
        distance = self.max_embedding_distance
        expect(distance >= 0, "max_embedding_distance of at least 0", distance)
        expect(0 <= self.min_score <= 1, "min_score from 0 to 1", self.min_score)
        expect(1 <= self.max_pairs <= 10_000, "max_pairs from 1 to 10000", self.max_pairs)
        expect(self.max_detections >= 0, "max_detections of at least 0", self.max_detections)
        kinds = ("gaussian", "linear", "hard", "none")
        expect(self.nms in kinds, f"nms to be one of {', '.join(kinds)}", self.nms)
        expect(self.nms_sigma > 0, "nms_sigma above 0", self.nms_sigma)
        expect(0 <= self.nms_iou <= 1, "nms_iou from 0 to 1", self.nms_iou)


@dataclass(frozen=True, kw_only=True)
class ViewsConfig:
    """How often `detect` looks at an image: test-time augmentation (section 4.2 of the paper)."""

    flip: bool = False  # also at the mirror image, as for every figure in the paper
    scales: tuple[float, ...] = (1.0,)  # of the size that preprocessing asks for

    def __post_init__(self) -> None:
        """Check ranges."""
        ok = 1 <= len(self.scales) <= 10 and all(0.1 <= scale <= 4 for scale in self.scales)
        expect(ok, "1 to 10 scales from 0.1 to 4", self.scales)

    @property
    def is_single(self) -> bool:
        """Return whether the image is looked at once, as it is."""
        return not self.flip and self.scales == (1.0,)
