"""What if a part of CornerNet were missing: run again what must be, and decode the rest anew."""

import math
import time
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from cornernet.analysis.matching import match_boxes
from cornernet.config import DecodeConfig
from cornernet.decode import Decoding, decode
from cornernet.detector import Detector, Observation
from cornernet.device import autocast
from cornernet.model.corner_pool import SCANS, Scan
from cornernet.model.heads import CornerBranch, CornerMaps
from cornernet.model.network import CornerNet, Stack
from cornernet.preprocess import normalise

MOVED_PX = 1.0  # a box counts as moved if a side did so by more than this


@dataclass(frozen=True, kw_only=True)
class Switches:
    """What is taken away; nothing, unless said so."""

    without_pooling: bool = False  # the scans of corner pooling replaced by the identity
    ignore_embeddings: bool = False  # any two corners of a category may be a pair
    ignore_offsets: bool = False  # corners lie at the upper left of their cells
    no_peak_suppression: bool = False  # every cell is a peak, not only local maxima
    no_nms: bool = False  # overlapping boxes keep their scores
    first_stack: bool = False  # the first hourglass answers instead of the last


@dataclass(frozen=True, eq=False, kw_only=True)
class Alternative:
    """The answer under some switches."""

    switches: Switches
    top_left: CornerMaps
    bottom_right: CornerMaps
    decoding: Decoding
    milliseconds: float  # for running and decoding again


def what_if(
    detector: Detector,
    observation: Observation,
    switches: Switches,
    config: DecodeConfig | None = None,
) -> Alternative:
    """Answer an image once more under the switches.

    Without corner pooling, the last stack's heads run on the features that were kept; with the
    first stack, that stack runs on the canvas that was kept. The other switches only decode.
    """
    started = time.perf_counter()
    maps = _maps(detector, observation, switches)
    if switches.ignore_offsets:
        maps = tuple(replace(m, offset=torch.zeros_like(m.offset)) for m in maps)
    decoding = decode(
        (maps[0], maps[1]),
        observation.frame,
        observation.categories,
        _config(config or detector.decode_config, switches),
    )
    return Alternative(
        switches=switches,
        top_left=maps[0],
        bottom_right=maps[1],
        decoding=decoding,
        milliseconds=(time.perf_counter() - started) * 1000,
    )


def _config(config: DecodeConfig, switches: Switches) -> DecodeConfig:
    if switches.ignore_embeddings:
        config = replace(config, max_embedding_distance=math.inf)
    if switches.no_peak_suppression:
        config = replace(config, peak_window=1)
    if switches.no_nms:
        config = replace(config, nms="none")
    return config


@torch.inference_mode()
def _maps(
    detector: Detector, observation: Observation, switches: Switches
) -> tuple[CornerMaps, ...]:
    if not (switches.first_stack or switches.without_pooling):
        return observation.top_left.maps, observation.bottom_right.maps
    stack = detector.network.stacks[0 if switches.first_stack else -1]
    assert isinstance(stack, Stack)
    with autocast(detector.device, detector.precision):
        if switches.first_stack:
            pixels = normalise(observation.canvas, detector.preprocess)
            features = _first_features(detector.network, pixels[None].to(detector.device))
        else:
            features = observation.features[None].to(detector.device).float()
        branches = (stack.top_left, stack.bottom_right)
        predict = predict_without_pooling if switches.without_pooling else _predict
        return tuple(predict(branch, features).on_cpu() for branch in branches)


def _first_features(
    network: CornerNet, pixels: Float[Tensor, "b 3 height width"]
) -> Float[Tensor, "b c h w"]:
    stack = network.stacks[0]
    assert isinstance(stack, Stack)
    features: Tensor = stack.conv(stack.hourglass(network.stem(pixels)))
    return features


def _predict(branch: CornerBranch, features: Float[Tensor, "b c h w"]) -> CornerMaps:
    return branch.predict(branch.pool.pool_by(SCANS[branch.pool.corner], features).features)


def predict_without_pooling(branch: CornerBranch, features: Float[Tensor, "b c h w"]) -> CornerMaps:
    """Apply a branch whose two scans hand on what they get.

    All its weights were trained behind the scans, so this shows what they rely on; it is not how
    a network would do that was trained without corner pooling.
    """
    identity: Scan = torch.clone
    return branch.predict(branch.pool.pool_by((identity, identity), features).features)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How two answers to one image differ; indices of their detections."""

    same: tuple[tuple[int, int], ...]  # (before, after)
    moved: tuple[tuple[int, int], ...]  # (before, after)
    gained: tuple[int, ...]
    lost: tuple[int, ...]
    score_change: float  # the largest among boxes that stayed or moved; 0 without any


def changes(before: Decoding, after: Decoding) -> Changes:
    """Match the boxes of two answers, the best ones after the change first."""
    old, new = before.detections, after.detections
    matching = match_boxes((new.boxes_xyxy_px, new.labels), (old.boxes_xyxy_px, old.labels))
    pairs = [(second, first) for first, second in matching.pairs]
    has_moved = {
        (k, n): float((old.boxes_xyxy_px[k] - new.boxes_xyxy_px[n]).abs().max()) > MOVED_PX
        for k, n in pairs
    }
    return Changes(
        same=tuple(pair for pair in pairs if not has_moved[pair]),
        moved=tuple(pair for pair in pairs if has_moved[pair]),
        gained=tuple(matching.unmatched),
        lost=tuple(matching.left_over.tolist()),
        score_change=max(
            (float((old.scores[k] - new.scores[n]).abs()) for k, n in pairs), default=0
        ),
    )
