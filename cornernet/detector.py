"""The façade: an image in, every stage or just the boxes out."""

import logging
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Float16
from PIL import Image
from torch import Tensor

from cornernet.checkpoints import load_checkpoint
from cornernet.combine import combine
from cornernet.config import DecodeConfig, PreprocessConfig, ViewsConfig
from cornernet.decode import Decoding, Detections, decode
from cornernet.device import choose_device, choose_precision, limit_threads
from cornernet.fast import FastNetwork, Seen, SeenCorner
from cornernet.model.corner_pool import SCANS, Corner
from cornernet.model.folding import fold
from cornernet.model.heads import Maps
from cornernet.model.network import CornerNet
from cornernet.preprocess import Frame, Prepared, RgbArray, preprocess, to_rgb

HalfMap = Float16[Tensor, "c h w"]


@dataclass(frozen=True, eq=False, kw_only=True)
class ObservedPool:
    """A corner-pooling module's scans; their outputs are exact scans of the inputs kept."""

    corner: Corner
    vertical_in: HalfMap
    horizontal_in: HalfMap
    features: Float[Tensor, "channels h w"]  # what the module returned, as it was computed

    @property
    def vertical_out(self) -> HalfMap:
        """Scan the vertical input again."""
        return SCANS[self.corner][0](self.vertical_in)

    @property
    def horizontal_out(self) -> HalfMap:
        """Scan the horizontal input again."""
        return SCANS[self.corner][1](self.horizontal_in)


@dataclass(frozen=True, eq=False, kw_only=True)
class ObservedCorner:
    """What is kept of one corner's branch: maps as they were computed, scans in half precision.

    Half precision holds what bf16 computed exactly.
    """

    maps: Maps
    pool: ObservedPool


@dataclass(frozen=True, kw_only=True)
class Milliseconds:
    """How long the stages of one observation took."""

    preprocess: float
    network: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Observation:
    """What one run of the network saw; enough to decode and to draw every stage, on the CPU."""

    image: RgbArray
    canvas: RgbArray  # the network's input before normalisation
    frame: Frame
    features: HalfMap  # of the last hourglass
    top_left: ObservedCorner
    bottom_right: ObservedCorner
    categories: tuple[str, ...]
    milliseconds: Milliseconds
    notice: str | None = None  # what a user should know, such as a fall-back to the CPU


@dataclass(frozen=True, eq=False, kw_only=True)
class Detector:
    """A network with its preprocessing, its categories and its place; holds no other state."""

    name: str
    network: CornerNet
    categories: tuple[str, ...]
    preprocess: PreprocessConfig
    decode_config: DecodeConfig
    device: torch.device
    precision: torch.dtype

    @torch.inference_mode()
    def observe(self, image: Image.Image | np.ndarray) -> Observation:
        """Run the network once on a PIL image or an (H, W, 3) uint8 RGB array.

        Raise ImageError (a ValueError) if the image cannot be used.
        """
        started = time.perf_counter()
        rgb = to_rgb(image)
        prepared = preprocess(rgb, self.preprocess)
        ready = time.perf_counter()
        seen, notice = self.look(prepared.pixels[None])
        top_left = _observed("top_left", seen.top_left)
        bottom_right = _observed("bottom_right", seen.bottom_right)
        features = seen.features[0].half().cpu()
        done = time.perf_counter()
        return Observation(
            image=rgb,
            canvas=prepared.canvas,
            frame=prepared.frame,
            features=features,
            top_left=top_left,
            bottom_right=bottom_right,
            categories=self.categories,
            milliseconds=Milliseconds(
                preprocess=(ready - started) * 1000, network=(done - ready) * 1000
            ),
            notice=notice,
        )

    def decode(self, observation: Observation, config: DecodeConfig | None = None) -> Decoding:
        """Find boxes in what was observed; cheap, so run it on every change of a threshold."""
        return decode(
            (observation.top_left.maps, observation.bottom_right.maps),
            observation.frame,
            self.categories,
            config or self.decode_config,
        )

    @torch.inference_mode()
    def detect(
        self,
        image: Image.Image | np.ndarray,
        config: DecodeConfig | None = None,
        views: ViewsConfig | None = None,
    ) -> Detections:
        """Find boxes in an image, the best first, without the stages between.

        Looks once, or as often as `views` says. Raise ImageError if the image cannot be used.
        """
        rgb, config, views = to_rgb(image), config or self.decode_config, views or ViewsConfig()
        mirrorings = (False, True) if views.flip else (False,)
        looks = [
            self._look(preprocess(rgb, self.preprocess, scale), config, is_mirrored)
            for scale in views.scales
            for is_mirrored in mirrorings
        ]
        if len(looks) == 1:
            return looks[0].detections
        return combine(looks, config, is_merged=len(views.scales) > 1)

    def _look(self, prepared: Prepared, config: DecodeConfig, is_mirrored: bool) -> Decoding:
        pixels, frame = prepared.pixels[None], prepared.frame
        if is_mirrored:
            pixels, frame = pixels.flip(-1), frame.mirrored()
        seen, notice = self.look(pixels)
        if notice:
            logging.getLogger(__name__).warning(notice)
        has_doubles = self.device.type != "mps"
        first, second = seen.maps if has_doubles else (maps.on_cpu() for maps in seen.maps)
        return decode((first, second), frame, self.categories, config)

    @cached_property
    def fast(self) -> FastNetwork:
        """The same network, of the same tensors where it can be, in the detector's precision."""
        return FastNetwork(self.network, self.precision)

    @torch.inference_mode()
    def look(self, pixels: Float[Tensor, "1 3 height width"]) -> tuple[Seen, str | None]:
        """Run the network on normalised pixels; on the CPU, with a notice, if memory runs out."""
        try:
            seen: Seen = self.fast(pixels)
            return seen, None
        except torch.OutOfMemoryError:
            pass  # answer outside the handler: the traceback would keep the memory alive
        substitute = CornerNet(self.network.config).eval()
        substitute.load_state_dict(self.network.state_dict())
        notice = f"The {self.device.type} ran out of memory, so the CPU answered this image."
        answer: Seen = FastNetwork(substitute)(pixels)
        return answer, notice


def _observed(corner: Corner, seen: SeenCorner) -> ObservedCorner:
    maps = seen.maps.on_cpu()
    pool = ObservedPool(
        corner=corner,
        vertical_in=seen.vertical_in[0].half().cpu(),
        horizontal_in=seen.horizontal_in[0].half().cpu(),
        features=maps.features[0],
    )
    return ObservedCorner(maps=maps, pool=pool)


def load_detector(
    name_or_path: str | Path = "shapes", *, device: str = "auto", precision: str = "auto"
) -> Detector:
    """Load a model by name or path.

    Raise ValueError, in one sentence, for an unknown name, a damaged file, or a device or
    precision that is not to be had.
    """
    place = choose_device(device)
    dtype = choose_precision(precision, place)
    limit_threads()
    checkpoint = load_checkpoint(name_or_path, is_mapped=False)  # folding replaces all weights
    return Detector(
        name=checkpoint.name,
        network=fold(checkpoint.network).to(place),
        categories=checkpoint.categories,
        preprocess=checkpoint.preprocess,
        decode_config=checkpoint.decode,
        device=place,
        precision=dtype,
    )
