"""Settings of each stage: frozen, every value with its unit or reason, checked when made."""

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar

from cornernet.config.check import expect
from cornernet.config.model import HOURGLASS_104 as HOURGLASS_104
from cornernet.config.model import PHOTOS_MODEL as PHOTOS_MODEL
from cornernet.config.model import SHAPES_MODEL as SHAPES_MODEL
from cornernet.config.model import SQUEEZE as SQUEEZE
from cornernet.config.model import BlockKind as BlockKind
from cornernet.config.model import EncoderKind as EncoderKind
from cornernet.config.model import ModelConfig as ModelConfig
from cornernet.config.model import UpsamplingKind as UpsamplingKind

Config = TypeVar("Config")
NmsKind = Literal["gaussian", "linear", "hard", "none"]


def config_from(kind: type[Config], values: dict[str, Any]) -> Config:
    """Build a config from JSON values; lists become tuples. Raise ValueError on an unknown key."""
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - known)
    expect(not unknown, f"keys of {kind.__name__} ({', '.join(sorted(known))})", unknown)
    return kind(**{k: _frozen(v) for k, v in values.items()})


def _frozen(value: Any) -> Any:  # noqa: ANN401
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


@dataclass(frozen=True, kw_only=True)
class PreprocessConfig:
    """How an image becomes the network's input; belongs to the checkpoint."""

    # The image is resized so that its longer side has this many pixels; None keeps its size.
    longer_side: int | None = 256
    # Shrinking averages all pixels; without, it samples the nearest four, as OpenCV does.
    antialias: bool = True
    multiple: int = 64  # the canvas is padded, image centred, to a multiple of this many pixels
    size_offset: int = 0  # -1 for the official code's 128k - 1 canvases
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)  # of values in 0..1, RGB order
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    # "mean" is the byte nearest to it, as on the canvas; "exact mean" is 0 to the network.
    padding: Literal["mean", "exact mean", "black"] = "mean"
    channel_order: Literal["RGB", "BGR"] = "RGB"  # of the network's input

    def __post_init__(self) -> None:
        """Check ranges."""
        ok = self.longer_side is None or 1 <= self.longer_side <= 4096
        expect(ok, "longer_side from 1 to 4096 pixels, or None", self.longer_side)
        expect(self.multiple >= 1, "a positive multiple", self.multiple)
        kinds = ("mean", "exact mean", "black")
        expect(self.padding in kinds, f"padding to be one of {', '.join(kinds)}", self.padding)
        order = self.channel_order
        expect(order in ("RGB", "BGR"), "channel_order 'RGB' or 'BGR'", order)


# The image keeps its size, on a canvas of 128 k - 1 pixels a side (the official code's `| 127`).
OFFICIAL_PREPROCESS = PreprocessConfig(
    longer_side=None,
    antialias=False,
    multiple=128,
    size_offset=-1,
    mean=(0.47026115, 0.44719302, 0.40789654),
    std=(0.27809835, 0.27408164, 0.28863828),
    padding="black",
    channel_order="BGR",
)
MMDETECTION_PREPROCESS = PreprocessConfig(
    longer_side=None,
    antialias=False,
    multiple=128,
    size_offset=-1,
    mean=(123.675 / 255, 116.28 / 255, 103.53 / 255),
    std=(58.395 / 255, 57.12 / 255, 57.375 / 255),
    padding="exact mean",
)


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
        """Tell whether the image is looked at once, as it is."""
        return not self.flip and self.scales == (1.0,)
