"""What a benchmark measures: a network, and the ways of running it."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from cornernet.config import DecodeConfig, PreprocessConfig
from cornernet.device import choose_precision
from cornernet.fast import FastNetwork
from cornernet.image_reading import RgbArray
from cornernet.model.folding import fold
from cornernet.model.heads import Maps
from cornernet.model.network import CornerNet
from cornernet.preprocess import Prepared, preprocess

Look = Callable[[Tensor], tuple[Maps, Maps]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Subject:
    """What is measured; the network is not folded, and in contiguous memory."""

    name: str
    network: CornerNet
    preprocess: PreprocessConfig
    decode: DecodeConfig
    categories: tuple[str, ...]

    def prepare(self, image: RgbArray) -> Prepared:
        """Make the network's input of an image."""
        return preprocess(image, self.preprocess, self.network.config.heatmap_stride)


@dataclass(frozen=True, eq=False, kw_only=True)
class Way:
    """One way of running a network, up to what decoding needs."""

    name: str
    dtype: torch.dtype
    look: Look


def straightforward(network: CornerNet) -> Way:
    """Run a network as it was published: layer by layer, dense heads of the last stack only."""

    def look(pixels: Tensor) -> tuple[Maps, Maps]:
        *_, features = network.stack_features(pixels)
        return network.stack(-1).predict(features).maps

    return Way(name="straightforward", dtype=torch.float32, look=look)


def fast(folded: CornerNet, dtype: torch.dtype) -> Way:
    """Run a network as `detect` does."""
    network = FastNetwork(folded, dtype)
    return Way(name="fast", dtype=dtype, look=lambda pixels: network(pixels).maps)


def ways_of(subject: Subject, device: torch.device) -> tuple[Way, ...]:
    """Return the straightforward way, then the fast one in single and in the best precision."""
    folded = fold(copy.deepcopy(subject.network)).to(device)
    dtypes = dict.fromkeys((torch.float32, choose_precision("auto", device)))
    return straightforward(subject.network.to(device)), *(fast(folded, dtype) for dtype in dtypes)
