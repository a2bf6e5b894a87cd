"""What a replica does: run the network, on images of one size together if that changes no bit."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from cornernet.detector import Detector
from cornernet.device import describe
from cornernet.model.corner_pool import Scan
from cornernet.model.network import CornerNet
from cornernet.replicas.wire import Sent, are_same, sent

MODELS = 2  # in memory; the one used longest ago goes


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the page must know of a model in a replica."""

    dtype: torch.dtype
    device: str
    fingerprint: str


class Answering:
    """Answer with models that `load` gives by name."""

    def __init__(self, load: Callable[[str], Detector]) -> None:
        self._detector = lru_cache(MODELS)(load)
        self._agrees: dict[tuple[str, int, torch.Size], bool] = {}

    def facts(self, name: str) -> Facts:
        """Load a model. Raise ValueError, in one sentence, as `load` does."""
        detector = self._detector(name)
        return Facts(
            dtype=detector.precision,
            device=describe(detector.device),
            fingerprint=fingerprint(detector.network),
        )

    @torch.inference_mode()
    def look(self, inputs: Sequence[tuple[str, Tensor]]) -> list[tuple[Sent, str | None]]:
        """Answer images, each with its model's name; with each answer goes a notice, or none."""
        groups: dict[tuple[str, torch.Size], list[int]] = {}
        for place, (name, pixels) in enumerate(inputs):
            groups.setdefault((name, pixels.shape), []).append(place)
        answers: dict[int, tuple[Sent, str | None]] = {}
        for (name, _), places in groups.items():
            found = self._look(name, [inputs[place][1] for place in places])
            answers |= dict(zip(places, found, strict=True))
        return [answers[place] for place in range(len(inputs))]

    @torch.inference_mode()
    def features(self, name: str, pixels: Tensor, stacks: int | None) -> Tensor:
        """Run up to the features of some hourglass."""
        return self._detector(name).fast.features(pixels, stacks).cpu()

    @torch.inference_mode()
    def predict(
        self, name: str, features: Tensor, stack: int, scans: tuple[Scan, Scan] | None
    ) -> Sent:
        """Run the branches of an hourglass."""
        return sent(self._detector(name).fast.predict(features, stack, scans))

    def _look(self, name: str, images: list[Tensor]) -> list[tuple[Sent, str | None]]:
        """Answer images of one size.

        Whether a batch has the same bits as its images alone depends on the machine, the size and
        the count, not on the images: it is found out once, and else each image runs alone.
        """
        detector = self._detector(name)
        key = name, len(images), images[0].shape
        known = self._agrees.get(key)
        together = _together(detector, images) if len(images) > 1 and known is not False else None
        if together is not None and known:
            return [(one, None) for one in together]
        alone = [(sent(output), notice) for output, notice in map(detector.run, images)]
        if together is not None:
            pairs = zip(together, alone, strict=True)
            self._agrees[key] = all(are_same(one, other) for one, (other, _) in pairs)
        return alone


def _together(detector: Detector, images: list[Tensor]) -> list[Sent] | None:
    """Run the network on a batch, if the memory is there."""
    try:
        features = detector.fast.features(torch.cat(images))
        count = len(images)
        return [sent(detector.fast.predict(features[k : k + 1])) for k in range(count)]
    except torch.OutOfMemoryError:
        return None


def fingerprint(network: CornerNet) -> str:
    """Digest the heads that folding leaves as they are: it differs if the weights do."""
    digest = hashlib.sha256()
    for branch in network.stack(-1).branches.both:
        for head in (branch.embedding, branch.offset):
            for tensor in head.state_dict().values():
                digest.update(tensor.detach().float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
