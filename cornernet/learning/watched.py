"""What is shown of a network while it learns: fixed scenes as it sees them now, as plain values."""

import base64
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from cornernet.config import DecodeConfig, PreprocessConfig
from cornernet.data.samples import Sample
from cornernet.decode import Decoding, decode
from cornernet.evaluation.answers import answer_of
from cornernet.evaluation.average_precision import average_precision
from cornernet.frame import Frame
from cornernet.image_reading import RgbArray
from cornernet.model.heads import CornerMaps
from cornernet.model.network import CornerNet
from cornernet.peaks import Peaks
from cornernet.preprocess import preprocess

DIGITS = 5  # of what is written down
AT_ONCE = 16  # scenes that go through a network together
_Both = tuple[CornerMaps, CornerMaps]


@dataclass(frozen=True, eq=False, kw_only=True)
class Watched:
    """Scenes of one size, ready for the network."""

    samples: tuple[Sample, ...]
    frames: tuple[Frame, ...]
    canvases: tuple[RgbArray, ...]
    pixels: Tensor  # (scenes, 3, height, width), normalised
    categories: tuple[str, ...]
    decode: DecodeConfig

    def answers(self, network: CornerNet, config: DecodeConfig) -> Iterator[tuple[_Both, Decoding]]:
        """Give each scene's maps and what is found in it; the network is left as it is."""
        was_training, device = network.training, next(network.parameters()).device
        with torch.inference_mode():
            frames = iter(self.frames)
            for pixels in torch.split(self.pixels, AT_ONCE):
                last = network.eval()(pixels.to(device)).stacks[-1]
                network.train(was_training)
                for place in range(len(pixels)):
                    top_left, bottom_right = (_of_one(maps, place) for maps in last.maps)
                    maps = (top_left, bottom_right)
                    yield maps, decode(maps, next(frames), self.categories, config)

    def ap50(self, network: CornerNet) -> float | None:
        """Measure the average precision at an IoU of 0.5; None where there are no objects."""
        found = self.answers(network, replace(self.decode, min_score=0.0))
        answers = [
            answer_of(sample, decoding.detections)
            for sample, (_, decoding) in zip(self.samples, found, strict=True)
        ]
        figure = average_precision(answers, self.categories).figures["AP50"]
        return None if math.isnan(figure) else round(figure, 4)

    def facts(self) -> list[dict[str, Any]]:
        """Return what stays of each scene: its picture, its truth, and how cells become pixels."""
        return [
            _facts(*parts) for parts in zip(self.samples, self.canvases, self.frames, strict=True)
        ]

    def moment(self, network: CornerNet) -> list[dict[str, Any]]:
        """Return what the network makes of each scene now."""
        answers = zip(self.answers(network, self.decode), self.samples, self.frames, strict=True)
        return [
            {
                "topLeft": _corner(maps[0], decoding.corners.top_left),
                "bottomRight": _corner(maps[1], decoding.corners.bottom_right),
                "embeddings": _true_embeddings(maps, frame.to_cells(sample.boxes_xyxy_px)),
            }
            for (maps, decoding), sample, frame in answers
        ]


def watch(
    samples: list[Sample],
    categories: tuple[str, ...],
    configs: tuple[PreprocessConfig, DecodeConfig],
    stride: int,
) -> Watched:
    """Prepare samples for a network of so many pixels per cell."""
    size, decoding = configs
    prepared = [preprocess(sample.image, size, stride) for sample in samples]
    return Watched(
        samples=tuple(samples),
        frames=tuple(one.frame for one in prepared),
        canvases=tuple(one.canvas for one in prepared),
        pixels=torch.stack([one.pixels for one in prepared]),
        categories=categories,
        decode=decoding,
    )


def _of_one(maps: CornerMaps, place: int) -> CornerMaps:
    one = slice(place, place + 1)
    return CornerMaps(
        logits=maps.logits[one].cpu(),
        embedding=maps.embedding[one].cpu(),
        offset=maps.offset[one].cpu(),
    )


def _facts(sample: Sample, canvas: RgbArray, frame: Frame) -> dict[str, Any]:
    rows, columns = frame.cells_hw
    return {
        "picture": _png(canvas),
        "width": frame.original_hw[1],
        "height": frame.original_hw[0],
        "truth": {"boxes": sample.boxes_xyxy_px.tolist(), "labels": sample.labels.tolist()},
        "frame": {"ratio": frame.stride_xy, "shift": frame.shift_xy, "scale": frame.scale_xy},
        "cells": {"width": columns, "height": rows},
    }


def _corner(maps: CornerMaps, peaks: Peaks) -> dict[str, Any]:
    heat = maps.logits[0].float().sigmoid().amax(0)
    x, y = peaks.cell_xy.T.tolist()
    offset_x, offset_y = peaks.offset_xy.T
    return {
        "heat": _png((heat * 255).round().numpy().astype(np.uint8)),
        "label": peaks.labels.tolist(),
        "x": x,
        "y": y,
        "offsetX": _rounded(offset_x),
        "offsetY": _rounded(offset_y),
        "score": _rounded(peaks.scores),
        "embedding": _rounded(peaks.embeddings),
    }


def _true_embeddings(maps: _Both, boxes_xyxy_cell: Tensor) -> list[list[float]]:
    """Read the embeddings at each object's true corners: top-left, then bottom-right."""
    _, _, height, width = maps[0].logits.shape
    limits = torch.tensor([width - 1, height - 1])
    corners = boxes_xyxy_cell.view(-1, 2, 2).floor().long().clamp(min=0).minimum(limits)
    values = [side.at(corners[:, k]).embeddings for k, side in enumerate(maps)]
    return [_rounded(pair) for pair in torch.stack(values, 1)]


def _rounded(values: Tensor) -> list[float]:
    return [round(value, DIGITS) for value in values.tolist()]


def _png(pixels: np.ndarray) -> str:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
