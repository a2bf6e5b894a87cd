"""What the explorer in the browser needs of one image: candidates as numbers, maps as pictures."""

import base64
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64
from PIL import Image
from torch import Tensor

from cornernet.analysis.same_place import SAME_PLACE_IOU
from cornernet.categories import MOST_NAMED, colour_of, kinds_known
from cornernet.checkpoints.known import KNOWN_MODELS
from cornernet.config import DecodeConfig
from cornernet.detector import Detector
from cornernet.figures.features import most_varied_channels
from cornernet.figures.palette import normalised
from cornernet.observation import ObservedCorner
from cornernet.peaks import Peaks, best_cells, peaks_at, places_at
from cornernet.preprocess import RgbArray
from cornernet.ui.examples import note_of
from cornernet.ui.explorer.counts import counts_above
from cornernet.ui.explorer.hint import hint_of
from cornernet.ui.lessons import panel_texts, tour_stops
from cornernet.ui.pictures import data_address, jpeg_address, png_bytes
from cornernet.ui.shown import ShownImage

WINDOWS = (1, 3, 5, 7, 9, 11)  # the peak windows on offer, in cells
LARGEST_TOP_K = 200
LONGEST_PICTURE = 960  # pixels; what is shown of a larger image
LONGEST_CANVAS = 512  # of the network's input, over which the sharper picture is laid
MOST_HEATMAPS = 12  # categories whose own heatmaps are sent, those with the best corners
FEATURES = 12  # channels of the backbone


@dataclass(frozen=True, kw_only=True)
class Range:
    """A slider of the explorer."""

    name: str
    label: str
    minimum: float
    maximum: float
    step: float


EXPLORER_RANGES = (
    Range(name="minScore", label="Least score", minimum=0, maximum=1, step=0.01),
    Range(name="maxEmbeddingDistance", label="Embedding distance", minimum=0, maximum=3, step=0.01),
    Range(name="topK", label="Top-k corners", minimum=1, maximum=LARGEST_TOP_K, step=1),
    Range(name="peakWindow", label="Peak window", minimum=1, maximum=WINDOWS[-1], step=2),
    Range(name="minCornerScore", label="Least corner score", minimum=0, maximum=0.5, step=0.01),
    Range(name="nmsSigma", label="Soft-NMS sigma", minimum=0.05, maximum=2, step=0.05),
    Range(name="nmsIou", label="NMS IoU", minimum=0, maximum=1, step=0.01),
)


def build_payload(
    shown: ShownImage, detector: Detector, *, footer: str, answers: list[dict[str, Any]]
) -> dict[str, Any]:
    """Give the explorer's whole `Payload` (assets/explorer/types.js) as plain values for JSON."""
    return {
        "key": shown.key,
        "model": shown.model if shown.model in KNOWN_MODELS else detector.name,
        "footer": footer,
        "source": shown.source,
        **answer_part(shown, detector.decode_config, MOST_HEATMAPS),
        **_picture_part(shown),
        "ranges": [asdict(r) for r in EXPLORER_RANGES],
        "ribbon": _ribbon(shown),
        "texts": panel_texts(),
        "tour": list(tour_stops()),
        "answers": answers,
        "hint": hint_of(shown, detector),
        "note": note_of(shown.source),
    }


def _ribbon(shown: ShownImage) -> list[dict[str, str]]:
    seen = shown.observation
    height, width = seen.canvas.shape[:2]
    _, classes, rows, columns = seen.top_left.maps.logits.shape
    channels = seen.top_left.pool.vertical_in.shape[0]
    backbone = f"{width} × {height} × 3 → {columns} × {rows} × {len(seen.features)}"
    steps = (
        ("boxes", "Image", f"{seen.image.shape[1]} × {seen.image.shape[0]} × 3"),
        ("features", "Backbone", backbone),
        ("pooling", "Corner pooling", f"4 scans of {columns} × {rows} × {channels}"),
        ("topLeft", "Top-left", f"{columns} × {rows} × {classes}"),
        ("bottomRight", "Bottom-right", f"{columns} × {rows} × {classes}"),
        ("matrix", "Pairs", "every corner × every other"),
        ("suppression", "Boxes", "after soft-NMS"),
    )
    return [{"name": name, "title": title, "chip": chip} for name, title, chip in steps]


def _picture_part(shown: ShownImage) -> dict[str, Any]:
    seen = shown.observation
    return {
        "image": _picture(seen.image, LONGEST_PICTURE),
        "canvas": _picture(seen.canvas, LONGEST_CANVAS),
        "features": _features(seen.features.float().numpy()),
        "truth": _truth(shown),
    }


def answer_part(shown: ShownImage, config: DecodeConfig, most_heatmaps: int) -> dict[str, Any]:
    """Give what the network answered, with heatmaps of all categories and of the best ones."""
    seen = shown.observation
    _, classes, height, width = seen.top_left.maps.logits.shape
    network_hw, frame = seen.frame.network_hw, seen.frame
    return {
        "categories": list(seen.categories),
        "knows": kinds_known(seen.categories),
        "knowsMore": len(seen.categories) > MOST_NAMED,
        "colours": ["#" + bytes(colour_of(k)).hex() for k in range(classes)],
        "originalPerShown": list(shown.original_per_shown_xy),
        "frame": {
            "ratio": [network_hw[1] / width, network_hw[0] / height],
            "shift": list(frame.shift_xy),
            "scale": list(frame.scale_xy),
        },
        "cells": {"width": width, "height": height},
        "cellsInAll": classes * height * width,
        "topLeft": _corner(seen.top_left, most_heatmaps),
        "bottomRight": _corner(seen.bottom_right, most_heatmaps),
        "settings": settings_of(config),
        "samePlaceIou": SAME_PLACE_IOU,
    }


def settings_of(config: DecodeConfig) -> dict[str, Any]:
    """Name thresholds as the explorer does."""
    return {
        "topK": min(config.top_k, LARGEST_TOP_K),
        "peakWindow": min(config.peak_window, WINDOWS[-1]),
        "minCornerScore": config.min_corner_score,
        "maxEmbeddingDistance": config.max_embedding_distance,
        "minScore": config.min_score,
        "maxPairs": config.max_pairs,
        "maxDetections": config.max_detections,
        "nms": config.nms,
        "nmsSigma": config.nms_sigma,
        "nmsIou": config.nms_iou,
    }


def _corner(corner: ObservedCorner, most_heatmaps: int) -> dict[str, Any]:
    heatmap = corner.maps.logits[0].float().sigmoid()
    survives = surviving_windows(heatmap)
    peaks, windows = candidate_union(corner, survives)
    x, y = peaks.cell_xy.T.tolist()
    offset_x, offset_y = peaks.offset_xy.T.tolist()
    return {
        "label": peaks.labels.tolist(),
        "x": x,
        "y": y,
        "offsetX": offset_x,
        "offsetY": offset_y,
        "score": peaks.scores.tolist(),
        "embedding": peaks.embeddings.tolist(),
        "window": windows.tolist(),
        "countsAbove": counts_above(heatmap, survives, WINDOWS),
        "heatmaps": _heatmaps(corner, peaks, most_heatmaps),
    }


def surviving_windows(heatmap: Float[Tensor, "classes h w"]) -> Int64[Tensor, "classes h w"]:
    """Give the largest of `WINDOWS` in which each cell is the maximum.

    A maximum of a window is one of every smaller window too, and the maximum filter of side 5 is
    that of side 3 applied twice, and so on.
    """
    pooled, count = heatmap, torch.zeros(heatmap.shape, dtype=torch.int64)
    for _ in WINDOWS[1:]:
        pooled = _largest_of_three(_largest_of_three(pooled, 1), 2)
        count = count + (heatmap == pooled)
    return 2 * count + 1


def _largest_of_three(values: Float[Tensor, "classes h w"], axis: int) -> Tensor:
    """Take each cell's maximum with its two neighbours along an axis: quicker than pooling."""
    largest, length = values.clone(), values.shape[axis] - 1
    for here, there in ((0, 1), (1, 0)):
        part = largest.narrow(axis, here, length)
        torch.maximum(part, values.narrow(axis, there, length), out=part)
    return largest


def candidate_union(
    corner: ObservedCorner, survives: Int64[Tensor, "classes h w"]
) -> tuple[Peaks, Int64[Tensor, "k"]]:
    """Find every corner that some window and top-k on offer would find, the best first.

    The second result is each corner's largest surviving window.
    """
    heatmap = corner.maps.logits[0].float().sigmoid()
    scores, largest = heatmap.flatten(), survives.flatten()
    # Only the smallest window leaves many cells: what is left by the others is ranked once.
    peaks = (largest > WINDOWS[0]).nonzero().flatten()
    ranked = peaks[scores[peaks].sort(descending=True, stable=True).indices]
    found = [ranked[largest[ranked] >= window][:LARGEST_TOP_K] for window in WINDOWS[1:]]
    found.append(best_cells(heatmap, survives >= WINDOWS[0], LARGEST_TOP_K, 0.0))
    index = torch.unique(torch.cat(found))  # in index order, which decides between equal scores
    order = scores[index].sort(descending=True, stable=True).indices
    places = places_at(heatmap, index[order])
    return peaks_at(corner.maps, places), largest[index[order]]


def _heatmaps(corner: ObservedCorner, peaks: Peaks, most: int) -> dict[str, Any]:
    heatmap = corner.maps.logits[0].float().sigmoid()
    labels = list(dict.fromkeys(peaks.labels.tolist()))[:most]
    chosen = torch.cat([heatmap.amax(0, keepdim=True), heatmap[labels]])
    return _atlas((chosen * 255).round().numpy().astype(np.uint8), [-1, *labels])


def _features(features: Float[np.ndarray, "c h w"]) -> dict[str, Any]:
    channels = most_varied_channels(features, FEATURES)
    maps = [normalised(m, float(m.min()), float(m.max())) for m in features[channels]]
    return _atlas((np.stack(maps) * 255).round().astype(np.uint8), channels)


def _atlas(maps: np.ndarray, names: list[int]) -> dict[str, Any]:
    """Set maps one under the other in a grey PNG."""
    tall = maps.reshape(-1, maps.shape[2])
    return {"url": data_address(png_bytes(tall), "image/png"), "names": names}


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


def halves(values: Tensor) -> str:
    """Pack numbers in half precision, row by row."""
    packed = values.detach().cpu().half().contiguous().numpy().astype("<f2")
    return base64.b64encode(packed.tobytes()).decode()
