"""Settings of a training run: frozen, every value with its unit or reason, checked when made."""

import math
from dataclasses import dataclass
from typing import Literal

from cornernet.config.check import expect
from cornernet.config.model import ModelConfig

# What the sides of random crops are shares of: the image's longer side, or the input's.
CropOf = Literal["image", "input"]
MemoryLayout = Literal["channels_last", "contiguous"]
PenaltyKind = Literal["object", "fixed", "none"]


@dataclass(frozen=True, kw_only=True)
class PenaltyReduction:
    """How far around a true corner a false one costs less (section 3.2)."""

    kind: PenaltyKind = "object"  # by the object's size, as in the paper; "none": nowhere
    min_overlap: float = 0.3  # "object": IoU that a corner anywhere in the radius still gives
    fixed_radius: int = 2  # "fixed": in cells


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """One training run. Either `minutes` or `steps` ends it; the other one is None."""

    minutes: float | None = None  # of training time, validation and pauses not counted
    steps: int | None = None
    batch_size: int = 16  # images of a step, over all processes
    # Into how many parts each process divides its images of a step, for want of memory.
    accumulate: int = 1
    # (share of the run from which it holds, longer side in pixels): small images first are cheap,
    # and the last size is the one that the network answers at.
    input_sizes: tuple[tuple[float, int], ...] = ((0.0, 128), (0.25, 192), (0.65, 256))
    learning_rate: float = 2e-3  # at its peak; AdamW
    final_learning_rate: float = 1e-5  # where the cosine ends
    # Shares of the run from which the rate is a tenth of what it was; (): it follows a cosine.
    rate_drops: tuple[float, ...] = ()
    weight_decay: float = 1e-2  # of convolution weights only
    warmup_steps: int = 200  # linear from 0
    clip_norm: float = 5.0  # of the whole gradient
    ema_decay: float = 0.998  # of the averaged weights, which are the ones that ship
    # The paper's 0.1 is of sums over the 5 images of a GPU, so 0.5 of a mean over images. Small
    # networks separate neighbours of one category better when both count four times that.
    pull_weight: float = 2.0
    push_weight: float = 2.0
    offset_weight: float = 1.0
    penalty_reduction: PenaltyKind = "object"  # see PenaltyReduction, as of the next two
    min_overlap: float = 0.3
    fixed_radius: int = 2  # cells; whole ones; the paper compares with 2.5
    crop_of: CropOf = "image"
    # Share of cells that a fresh network calls a corner of a category: the paper's code has 0.1.
    corner_prior: float = 0.1
    # Images with a category that is in less than this share of them come more often; 0: none do.
    rare_share: float = 0.0
    seed: int = 1
    workers: int = 2  # processes that make or read samples
    # Of weights and inputs while training; which one is faster depends on the network.
    memory_layout: MemoryLayout = "channels_last"
    # (beginning of parameter names, share of the run from which they train): before it, their
    # layers stand still, batch statistics included.
    frozen_until: tuple[tuple[str, float], ...] = ()
    # (beginning of parameter names, what multiplies their learning rate): the first one counts.
    rate_factors: tuple[tuple[str, float], ...] = ()
    log_every: int = 20  # steps
    validate_minutes: float | None = None  # of training time between validations; None: never
    checkpoint_minutes: float = 5.0

    def __post_init__(self) -> None:
        """Check ranges."""
        one = (self.minutes is None) != (self.steps is None)
        expect(one, "either minutes or steps", (self.minutes, self.steps))
        expect(self.minutes is None or 0 < self.minutes < math.inf, "minutes above 0", self.minutes)
        expect(self.steps is None or self.steps > 0, "steps above 0", self.steps)
        expect(1 <= self.batch_size <= 4096, "a batch of 1 to 4096 images", self.batch_size)
        expect(1 <= self.accumulate <= 4096, "1 to 4096 parts of a batch", self.accumulate)
        rate = self.learning_rate
        expect(0 < rate < math.inf, "a learning rate above 0", rate)
        expect(0 <= self.seed < 2**63, "a seed from 0 to 2**63 - 1", self.seed)
        expect(self.input_sizes[0][0] == 0.0, "input_sizes to begin at 0.0", self.input_sizes)
        expect(0 < self.min_overlap < 1, "min_overlap between 0 and 1", self.min_overlap)
        kinds, kind = ("object", "fixed", "none"), self.penalty_reduction
        expect(kind in kinds, f"penalty_reduction to be one of {', '.join(kinds)}", kind)
        expect(0 <= self.fixed_radius <= 100, "fixed_radius from 0 to 100", self.fixed_radius)
        expect(0 < self.corner_prior < 1, "corner_prior between 0 and 1", self.corner_prior)
        expect(0 <= self.rare_share <= 1, "rare_share from 0 to 1", self.rare_share)
        expect(0 <= self.ema_decay < 1, "ema_decay from 0 to below 1", self.ema_decay)
        expect(0 <= self.workers <= 256, "0 to 256 workers", self.workers)
        every = self.validate_minutes
        expect(every is None or every > 0, "minutes above 0 between validations, or None", every)
        layouts = ("channels_last", "contiguous")
        layout = self.memory_layout
        expect(layout in layouts, f"memory_layout to be one of {', '.join(layouts)}", layout)
        expect(self.crop_of in ("image", "input"), "crop_of 'image' or 'input'", self.crop_of)
        drops = all(0 < share < 1 for share in self.rate_drops)
        expect(drops, "shares between 0 and 1 in rate_drops", self.rate_drops)
        starts = all(0 <= share <= 1 for _, share in self.frozen_until)
        expect(starts, "shares from 0 to 1 in frozen_until", self.frozen_until)
        factors = all(0 < factor < math.inf for _, factor in self.rate_factors)
        expect(factors, "rate_factors above 0", self.rate_factors)

    @property
    def reduction(self) -> PenaltyReduction:
        """Return how the penalty is reduced around corners."""
        return PenaltyReduction(
            kind=self.penalty_reduction,
            min_overlap=self.min_overlap,
            fixed_radius=self.fixed_radius,
        )

    def expect_to_fit(self, model: ModelConfig, processes: int = 1) -> None:
        """Raise ValueError unless the network can be trained at each input size."""
        stride, pieces = model.total_stride, processes * self.accumulate
        least = self.batch_size // pieces  # images that are computed at once
        expect(least >= 1, f"batches of an image at least for {pieces} parts", self.batch_size)
        for _, size in self.input_sizes:
            # On the official code's odd canvases, a pixel less gives as many cells.
            ok = size > 0 and (size + size % 2) % stride == 0
            expect(ok, f"input sizes that are multiples of {stride} pixels", size)
            # Batch normalisation needs two values of each channel, at the coarsest resolution, too.
            enough = least * (size // stride) ** 2 > 1
            expect(enough, f"a batch of at least 2 images of {size} pixels", least)
