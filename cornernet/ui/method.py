"""Figures of the method that the page's texts cite, as the settings have them."""

import re
from typing import Any

from cornernet.config import ModelConfig, PreprocessConfig, TrainConfig
from cornernet.detector import Detector
from cornernet.frame import Frame
from cornernet.presets import PRESETS
from cornernet.ui.shown import ShownImage

_MARK = re.compile(r"\{(\w+)\}")
DEFAULT_TRAIN = PRESETS["shapes"].train  # cited where it is not known how a model was trained
_SIDES = ("left", "right", "above", "below")


def filled(text: str, figures: dict[str, str]) -> str:
    """Put figures in the place of marks such as {stride}. Raise KeyError for an unknown mark."""
    return _MARK.sub(lambda mark: figures[mark[1]], text)


def figures_of(
    model: ModelConfig, preprocess: PreprocessConfig, train: TrainConfig
) -> dict[str, str]:
    """Return what texts cite of a network, its input and its training, by the marks' names."""
    longer = preprocess.longer_side
    resizing = (
        "The image keeps its size."
        if longer is None
        else f"The image is resized so that its longer side has {longer} network pixels, whatever "
        "its shape: its aspect is kept, nothing is cropped."
    )
    numbers = {
        "longer_side": longer or 0,
        "multiple": preprocess.multiple,
        "stride": model.heatmap_stride,
        "pull_weight": train.pull_weight,
        "push_weight": train.push_weight,
        "offset_weight": train.offset_weight,
        "min_overlap": train.min_overlap,
    }
    recognition = (
        f" This network's encoder also recognises things: a map for each of its {model.categories} "
        "categories, which is scanned like the others, and whose two scans are added to that "
        "category's heatmap."
        if model.recognition
        else ""
    )
    padding = "black" if preprocess.padding == "black" else "grey"
    hourglasses = "One hourglass turns" if model.stacks == 1 else "Stacked hourglasses turn"
    words = {
        "resizing": resizing,
        "padding": padding,
        "hourglasses": hourglasses,
        "recognition": recognition,
    }
    return words | {name: f"{value:g}" for name, value in numbers.items()}


def preset_figures(name: str) -> dict[str, str]:
    """Return the figures of a preset."""
    preset = PRESETS[name]
    return figures_of(preset.model, preset.preprocess, preset.train)


def detector_figures(detector: Detector) -> dict[str, str]:
    """Return the figures of a detector, with those of the training that its name stands for."""
    return figures_of(
        detector.network.config, detector.preprocess, training_of(detector.name) or DEFAULT_TRAIN
    )


def training_of(name: str) -> TrainConfig | None:
    """Return how a model was trained, or None where no preset has its name: no file tells."""
    return PRESETS[name].train if name in PRESETS else None


def input_words(shown: ShownImage) -> str:
    """Say how the shown image became the network's input, and the input the heatmaps' cells."""
    frame = shown.observation.frame
    ratio = shown.original_per_shown_xy
    given = _size(n * r for n, r in zip(frame.original_hw[::-1], ratio, strict=True))
    resized = _resized_wh(frame)
    scales = dict.fromkeys(
        f"{scale / r:.4g}" for scale, r in zip(frame.scale_xy, ratio, strict=True)
    )
    rounding = " (both alike, but for rounding to whole pixels)" if len(scales) > 1 else ""
    strides = dict.fromkeys(f"{stride:.4g}" for stride in frame.stride_xy)
    return (
        f"This image: {given} image pixels × scale {' and '.join(scales)}{rounding} = "
        f"{_size(resized)} network pixels; {_padding_words(frame)}; "
        f"÷ stride {' and '.join(strides)} = {_size(frame.cells_hw[::-1])} cells."
    )


def _padding_words(frame: Frame) -> str:
    (width, height), (left, top) = _resized_wh(frame), map(round, frame.shift_xy)
    amounts = (
        left,
        frame.network_hw[1] - width - left,
        top,
        frame.network_hw[0] - height - top,
    )
    added = [f"{n} {side}" for n, side in zip(amounts, _SIDES, strict=True) if n > 0]
    if not added:
        return "no padding is needed"
    return f"+ padding of {', '.join(added)} = {_size(frame.network_hw[::-1])} network pixels"


def _resized_wh(frame: Frame) -> tuple[int, int]:
    (height, width), (scale_x, scale_y) = frame.original_hw, frame.scale_xy
    return round(width * scale_x), round(height * scale_y)


def _size(sides: Any) -> str:  # noqa: ANN401
    return " × ".join(str(round(side)) for side in sides)
