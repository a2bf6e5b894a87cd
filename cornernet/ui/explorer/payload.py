"""What the explorer in the browser needs of one image: candidates as numbers, maps as pictures."""

from typing import Any

import numpy as np
from jaxtyping import Float
from PIL import Image

from cornernet.analysis.same_place import SAME_PLACE_IOU
from cornernet.categories import MOST_NAMED, colour_of
from cornernet.checkpoints.known import KNOWN_MODELS
from cornernet.config import DecodeConfig, ModelConfig
from cornernet.detector import Detector
from cornernet.figures.features import most_varied_channels
from cornernet.figures.palette import normalised
from cornernet.image_reading import RgbArray
from cornernet.ui.examples import note_of
from cornernet.ui.explorer.atlas import atlas
from cornernet.ui.explorer.corners import corner_columns
from cornernet.ui.explorer.hint import hint_of
from cornernet.ui.explorer.pooling import pooling_chip, pooling_part
from cornernet.ui.explorer.vocabulary import hex_of, vocabulary
from cornernet.ui.lessons import texts_for, tour_stops
from cornernet.ui.method import detector_figures, input_words
from cornernet.ui.pictures import jpeg_address
from cornernet.ui.shown import ShownImage, knows_of
from cornernet.ui.thresholds import SLIDERS, settings_of

LONGEST_PICTURE = 960  # pixels; what is shown of a larger image
LONGEST_CANVAS = 512  # of the network's input, over which the sharper picture is laid
MOST_HEATMAPS = 12  # categories whose own heatmaps are sent, those with the best corners
FEATURES = 12  # channels of the backbone


def build_payload(
    shown: ShownImage, detector: Detector, *, footer: str, answers: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the explorer's whole `Payload` (assets/explorer/types.js) as plain values for JSON."""
    return {
        "key": shown.key,
        "model": shown.model if shown.model in KNOWN_MODELS else detector.name,
        "footer": footer,
        "source": shown.source,
        **answer_part(shown, detector.decode_config, MOST_HEATMAPS),
        **_picture_part(shown, detector.network.config),
        "ranges": [one.as_range() for one in SLIDERS],
        "ribbon": _ribbon(shown, detector.network.config),
        "pooling": pooling_part(detector.network.config),
        "texts": texts_for(detector_figures(detector)),
        "input": input_words(shown),
        "tour": list(tour_stops()),
        "answers": answers,
        "hint": hint_of(shown, detector),
        "note": note_of(shown.source),
    }


def _ribbon(shown: ShownImage, config: ModelConfig) -> list[dict[str, str]]:
    observation = shown.observation
    height, width = observation.canvas.shape[:2]
    _, classes, rows, columns = observation.top_left.maps.logits.shape
    channels = config.pool_width + config.recognised
    features = config.hourglass_widths[0] + config.recognised
    backbone = f"{width} × {height} → {columns} × {rows} × {features}"
    steps = (
        ("boxes", "Image", f"{observation.image.shape[1]} × {observation.image.shape[0]} × 3"),
        ("features", "Backbone", backbone),
        ("pooling", "Corner pooling", pooling_chip(config, f"{columns} × {rows} × {channels}")),
        ("topLeft", "Top-left", f"{columns} × {rows} × {classes}"),
        ("bottomRight", "Bottom-right", f"{columns} × {rows} × {classes}"),
        ("matrix", "Pairs", "every corner × every other"),
        ("suppression", "Boxes", "after soft-NMS"),
    )
    return [{"name": name, "title": title, "chip": chip} for name, title, chip in steps]


def _picture_part(shown: ShownImage, config: ModelConfig) -> dict[str, Any]:
    observation = shown.observation
    features = observation.features[: config.hourglass_widths[0]]  # without what is recognised
    return {
        "image": _picture(observation.image, LONGEST_PICTURE),
        "canvas": _picture(observation.canvas, LONGEST_CANVAS),
        "features": _features(features.float().numpy()),
        "truth": _truth(shown),
    }


def answer_part(shown: ShownImage, config: DecodeConfig, most_heatmaps: int) -> dict[str, Any]:
    """Return what the network answered, with heatmaps of all categories and of the best ones."""
    observation = shown.observation
    _, classes, height, width = observation.top_left.maps.logits.shape
    frame = observation.frame
    return {
        "categories": list(observation.categories),
        "knows": knows_of(shown),
        "knowsMore": len(observation.categories) > MOST_NAMED,
        "colours": [hex_of(colour_of(k)) for k in range(classes)],
        "originalPerShown": list(shown.original_per_shown_xy),
        "frame": {
            "ratio": list(frame.stride_xy),
            "shift": list(frame.shift_xy),
            "scale": list(frame.scale_xy),
        },
        "cells": {"width": width, "height": height},
        "cellsInAll": classes * height * width,
        "topLeft": corner_columns(observation.top_left, most_heatmaps),
        "bottomRight": corner_columns(observation.bottom_right, most_heatmaps),
        "settings": settings_of(config),
        "samePlaceIou": SAME_PLACE_IOU,
        "vocabulary": vocabulary(),
    }


def _features(features: Float[np.ndarray, "c h w"]) -> dict[str, Any]:
    channels = most_varied_channels(features, FEATURES)
    maps = [normalised(m, float(m.min()), float(m.max())) for m in features[channels]]
    return atlas((np.stack(maps) * 255).round().astype(np.uint8), channels)


def _picture(image: RgbArray, longest: int) -> dict[str, Any]:
    height, width = image.shape[:2]
    picture = Image.fromarray(image)
    picture.thumbnail((longest, longest))
    return {"url": jpeg_address(picture), "width": width, "height": height}


def _truth(shown: ShownImage) -> dict[str, Any] | None:
    if shown.truth is None:
        return None
    boxes = shown.truth.boxes_xyxy_px
    ratio = boxes.new_tensor(shown.original_per_shown_xy * 2)
    return {"boxes": (boxes / ratio).tolist(), "labels": shown.truth.labels.tolist()}
