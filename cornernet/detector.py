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
from cornernet.decode import Decoding, Detections, decide, decode
from cornernet.device import autocast, choose_device, choose_precision, limit_threads
from cornernet.fast import Corners, FastNetwork
from cornernet.model.corner_pool import SCANS, Corner, CornerPoolOutput
from cornernet.model.folding import fold
from cornernet.model.heads import CornerMaps, CornerOutput
from cornernet.model.network import CornerNet, NetworkOutput
from cornernet.peaks import find_peaks
from cornernet.preprocess import Frame, Prepared, RgbArray, preprocess, to_rgb

HalfMap = Float16[Tensor, "c h w"]


@dataclass(frozen=True, eq=False, kw_only=True)
class ObservedPool:
    """A corner-pooling module's scans; their outputs are exact scans of the inputs kept."""

    corner: Corner
    vertical_in: HalfMap
    horizontal_in: HalfMap
    features: Float16[Tensor, "width h w"]  # what the module returned

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
    """What is kept of one corner's branch: maps in full precision, scans in half."""

    maps: CornerMaps
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
        output, notice = self.run(prepared.pixels[None])
        stack = output.stacks[-1]
        top_left, bottom_right = _observed(stack.top_left), _observed(stack.bottom_right)
        features = stack.features[0].half().cpu()
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
        corners = self._corners(pixels, config)
        return decide(
            corners.top_left,
            corners.bottom_right,
            frame,
            corners.cells_hw,
            self.categories,
            config,
        )

    def _corners(self, pixels: Tensor, config: DecodeConfig) -> Corners:
        if self.device.type in ("cpu", "cuda"):
            try:
                corners: Corners = self._fast(pixels, config)
                return corners
            except torch.OutOfMemoryError:
                pass  # outside the handler: the traceback would keep the memory alive
        output, notice = self.run(pixels)
        if notice:
            logging.getLogger(__name__).warning(notice)
        stack = output.stacks[-1]
        maps = stack.top_left.maps, stack.bottom_right.maps
        return Corners(
            top_left=find_peaks(maps[0], config),
            bottom_right=find_peaks(maps[1], config),
            cells_hw=(maps[0].logits.shape[2], maps[0].logits.shape[3]),
        )

    @cached_property
    def _fast(self) -> FastNetwork:
        return FastNetwork(self.network, self.precision)

    @torch.inference_mode()
    def run(self, pixels: Float[Tensor, "b 3 height width"]) -> tuple[NetworkOutput, str | None]:
        """Run the network on normalised pixels; on the CPU, with a notice, if memory runs out."""
        try:
            with autocast(self.device, self.precision):
                return self.network(pixels.to(self.device)), None
        except torch.OutOfMemoryError:
            pass  # answer outside the handler: the traceback would keep the memory alive
        substitute = CornerNet(self.network.config).eval()
        substitute.load_state_dict(self.network.state_dict())
        notice = f"The {self.device.type} ran out of memory, so the CPU answered this image."
        return substitute(pixels), notice


def _observed(output: CornerOutput) -> ObservedCorner:
    return ObservedCorner(maps=output.maps.on_cpu(), pool=_observed_pool(output.pool))


def _observed_pool(pool: CornerPoolOutput) -> ObservedPool:
    return ObservedPool(
        corner=pool.corner,
        vertical_in=pool.vertical_in[0].half().cpu(),
        horizontal_in=pool.horizontal_in[0].half().cpu(),
        features=pool.features[0].half().cpu(),
    )


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
