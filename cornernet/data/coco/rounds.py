"""In which order the images of a data set are trained on, round by round."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int64

from cornernet.config.train import CropOf
from cornernet.data.augment import augment
from cornernet.data.coco.folder import CocoFolder
from cornernet.data.samples import Sample

MOST_REPEATS = 4.0  # of an image in a round


@dataclass(frozen=True)
class Rounds:
    """Shuffle the images anew each round; ones with rare categories come more often.

    A category is rare if it is in less than `rare_share` of the images; 0 makes none so.
    """

    folder: CocoFolder
    seed: int
    rare_share: float = 0.0

    def image(self, index: int) -> int:
        """Return the image of sample `index`; every image comes at least once in each round."""
        total = len(self.folder.images)
        if self.rare_share > 0:
            total = round(float(self._repeats.sum()))
        number, place = divmod(index, total)
        rng = np.random.default_rng([self.seed, number])
        if self.rare_share == 0:
            return int(rng.permutation(total)[place])
        # Equal steps through the sum of repeats, from a random start: so each image comes as often
        # as its repeats say, rounded up or down by chance.
        steps = (np.arange(total) + rng.random()) / total
        sums = np.cumsum(self._repeats)
        return int(rng.permutation(np.searchsorted(sums / sums[-1], steps))[place])

    @cached_property
    def _repeats(self) -> Float[np.ndarray, "images"]:
        return repeats(self.folder, self.rare_share)


def repeats(folder: CocoFolder, rare_share: float) -> Float[np.ndarray, "images"]:
    """Return how often each image is to come in a round, 1 or more.

    As often as its rarest category asks for: the square root of how many times rarer than
    `rare_share` it is (repeat factor sampling; Gupta et al., LVIS, CVPR 2019).
    """
    labels = [_counted(image.labels, image.is_ignored) for image in folder.images]
    images_of = np.zeros(len(folder.categories))
    for each in labels:
        images_of[each] += 1
    share = images_of / len(folder.images)
    wanted = np.clip(np.sqrt(rare_share / np.maximum(share, 1e-9)), 1.0, MOST_REPEATS)
    return np.array([wanted[each].max(initial=1.0) for each in labels])


def _counted(labels: tuple[int, ...], is_ignored: tuple[bool, ...]) -> Int64[np.ndarray, "n"]:
    counted = {label for label, ignored in zip(labels, is_ignored, strict=True) if not ignored}
    return np.array(sorted(counted), dtype=np.int64)


@dataclass(frozen=True)
class CocoSource:
    """Training samples of a folder: cropped, mirrored and recoloured."""

    folder: CocoFolder
    seed: int
    rare_share: float = 0.0
    crop_of: CropOf = "image"

    def __call__(self, index: int, longer_side: int) -> Sample:
        """Return sample `index`."""
        rng = np.random.default_rng([self.seed, index])
        sample = self.folder.sample(self.rounds.image(index))
        return augment(sample, longer_side, rng, self.crop_of)

    @cached_property
    def rounds(self) -> Rounds:
        """Return the order of the images."""
        return Rounds(self.folder, self.seed, self.rare_share)
