"""What a visitor may choose of a live training, and what network and training that means."""

from dataclasses import dataclass, replace

from cornernet.categories import SHAPES
from cornernet.config import (
    DecodeConfig,
    ModelConfig,
    PenaltyKind,
    PoolingKind,
    PreprocessConfig,
    TrainConfig,
)
from cornernet.config.check import expect
from cornernet.data.shapes.plain import PlainKind

SIDE = 96  # pixels of a scene
MOST_SHAPES = 6
_MODEL = ModelConfig(
    stem_widths=(16, 24),
    hourglass_widths=(24, 32, 48),
    hourglass_blocks=(1, 1, 1),
    pool_width=16,
    head_width=16,
)
PREPROCESS = PreprocessConfig(longer_side=SIDE, multiple=SIDE)
DECODE = DecodeConfig(min_corner_score=0.1, top_k=40)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """One live training; weights are shares of the total loss, in which the heatmap's is 1."""

    pull: float = 2.0
    push: float = 2.0
    learning_rate: float = 3e-3
    stacks: int = 1
    pooling: PoolingKind = "corner"
    targets: PenaltyKind = "object"  # the Gaussian by the object's size, or a lone 1 ("none")
    kinds: tuple[str, ...] = SHAPES[:3]
    most_shapes: int = 4  # in one scene

    def __post_init__(self) -> None:
        """Check ranges: they come from a browser."""
        for name, weight in (("pull", self.pull), ("push", self.push)):
            expect(0 <= weight <= 10, f"a weight from 0 to 10 for {name}", weight)
        rate = self.learning_rate
        expect(1e-5 <= rate <= 0.1, "a learning rate from 0.00001 to 0.1", rate)
        expect(self.stacks in (1, 2), "1 or 2 hourglasses", self.stacks)
        expect(1 <= self.most_shapes <= MOST_SHAPES, "1 to 6 shapes", self.most_shapes)
        known = set(self.kinds) <= set(SHAPES) and len(set(self.kinds)) == len(self.kinds)
        expect(known and len(self.kinds) > 0, f"some of {', '.join(SHAPES)}", self.kinds)

    @property
    def scenes(self) -> PlainKind:
        """Return what is drawn."""
        return PlainKind(kinds=self.kinds, most=self.most_shapes)

    @property
    def model(self) -> ModelConfig:
        """Return the network's sizes: small enough for several steps a second on one core."""
        values = {
            **vars(_MODEL),
            "categories": len(self.kinds),
            "stacks": self.stacks,
            "pooling": self.pooling,
        }
        return ModelConfig(**values)

    @property
    def train(self) -> TrainConfig:
        """Return how it is trained; the visitor ends it, so the rate stays where it is."""
        return TrainConfig(
            steps=1_000_000,
            batch_size=16,
            input_sizes=((0.0, SIDE),),
            learning_rate=self.learning_rate,
            final_learning_rate=self.learning_rate,
            warmup_steps=30,
            ema_decay=0.99,
            pull_weight=self.pull,
            push_weight=self.push,
            penalty_reduction=self.targets,
            workers=0,
        )


def adjusted(now: Choices, wanted: Choices) -> Choices:
    """Change what may change while a training goes on: the network and its scenes stay."""
    return replace(now, pull=wanted.pull, push=wanted.push, learning_rate=wanted.learning_rate)
