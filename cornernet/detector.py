"""The façade: an image in, every stage or just the boxes out."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from cornernet.checkpoints import load_checkpoint
from cornernet.combine import combine
from cornernet.config import DecodeConfig, PreprocessConfig, ViewsConfig
from cornernet.decode import Decoding, Detections, decode
from cornernet.device import choose_device, choose_precision, describe, limit_threads
from cornernet.fast import CellMaps, FastNetwork, Runs
from cornernet.frame import Frame
from cornernet.image_reading import RgbArray, to_rgb
from cornernet.model.folding import fold
from cornernet.model.network import CornerNet, StackOutput
from cornernet.observation import Milliseconds, Observation, packed
from cornernet.preprocess import Prepared, prepare_again, preprocess
from cornernet.stages import stage


@dataclass(frozen=True, eq=False, kw_only=True)
class Detector:
    """A network with its preprocessing, its categories and its place; holds no other state."""

    name: str
    network: CornerNet
    fast: Runs  # the same network, of the same tensors where it can be
    categories: tuple[str, ...]
    preprocess: PreprocessConfig
    decode_config: DecodeConfig
    device: torch.device

    @property
    def precision(self) -> torch.dtype:
        """Return the precision that images are answered in."""
        return self.fast.dtype

    @property
    def place(self) -> str:
        """Name where the network runs."""
        return describe(self.device)

    @torch.inference_mode()
    def observe(self, image: Image.Image | np.ndarray) -> Observation:
        """Run the network once on a PIL image or an (H, W, 3) uint8 RGB array.

        Raise ImageError (a ValueError) if the image cannot be used.
        """
        started = time.perf_counter()
        rgb = to_rgb(image)
        prepared = self._prepare(rgb)
        return self._observe(rgb, prepared, (time.perf_counter() - started) * 1000)

    @torch.inference_mode()
    def observe_again(self, image: RgbArray, canvas: RgbArray, frame: Frame) -> Observation:
        """Run the network on what is kept of an observation, which gives the same one."""
        return self._observe(image, prepare_again(canvas, frame, self.preprocess), 0.0)

    def _observe(self, rgb: RgbArray, prepared: Prepared, milliseconds: float) -> Observation:
        ready = time.perf_counter()
        output, notice = self.run(prepared.pixels[None])
        kept = packed(output)
        done = time.perf_counter()
        return Observation(
            image=rgb,
            canvas=prepared.canvas,
            frame=prepared.frame,
            features=kept.features,
            top_left=kept.top_left,
            bottom_right=kept.bottom_right,
            categories=self.categories,
            milliseconds=Milliseconds(preprocess=milliseconds, network=(done - ready) * 1000),
            notice=notice,
        )

    def decode(self, observation: Observation, config: DecodeConfig | None = None) -> Decoding:
        """Find boxes in what was observed; cheap, so run it on every change of a threshold."""
        config = config or self.decode_config
        with stage("decode"):
            return decode(observation.maps, observation.frame, self.categories, config)

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
            self._look(self._prepare(rgb, scale), config, is_mirrored)
            for scale in views.scales
            for is_mirrored in mirrorings
        ]
        if len(looks) == 1:
            return looks[0].detections
        return combine(looks, config, is_merged=len(views.scales) > 1)

    def _prepare(self, image: RgbArray, scale: float = 1.0) -> Prepared:
        with stage("preprocess"):
            return preprocess(image, self.preprocess, self.network.config.heatmap_stride, scale)

    def _look(self, prepared: Prepared, config: DecodeConfig, is_mirrored: bool) -> Decoding:
        pixels, frame = prepared.pixels[None], prepared.frame
        if is_mirrored:
            pixels, frame = pixels.flip(-1), frame.mirrored()
        output, notice = self.run(pixels)
        if notice:
            logging.getLogger(__name__).warning(notice)
        has_doubles = self.device.type != "mps"
        first, second = output.maps if has_doubles else (m.on_cpu() for m in output.maps)
        return decode((first, second), frame, self.categories, config)

    @torch.inference_mode()
    def run(
        self, pixels: Float[Tensor, "1 3 height width"]
    ) -> tuple[StackOutput[CellMaps], str | None]:
        """Run the network on normalised pixels; on the CPU, with a notice, if memory runs out."""
        try:
            with stage("network"):
                output: StackOutput[CellMaps] = self.fast(pixels)
            return output, None
        except torch.OutOfMemoryError:
            pass  # answer outside the handler: the traceback would keep the memory alive
        substitute = CornerNet(self.network.config).eval()
        substitute.load_state_dict(self.network.state_dict())
        notice = f"The {self.device.type} ran out of memory, so the CPU answered this image."
        answer: StackOutput[CellMaps] = FastNetwork(substitute)(pixels)
        return answer, notice


def load_detector(
    name_or_path: str | Path = "shapes", *, device: str = "auto", precision: str = "auto"
) -> Detector:
    """Load a model by name or path.

    Raise ValueError, in one sentence, for an unknown name, a damaged file, or a device or
    precision that is not available.
    """
    place = choose_device(device)
    dtype = choose_precision(precision, place)
    limit_threads()
    checkpoint = load_checkpoint(name_or_path, is_mapped=False)  # folding replaces all weights
    network = fold(checkpoint.network).to(place)
    return Detector(
        name=checkpoint.name,
        network=network,
        fast=FastNetwork(network, dtype),
        categories=checkpoint.categories,
        preprocess=checkpoint.preprocess,
        decode_config=checkpoint.decode,
        device=place,
    )
