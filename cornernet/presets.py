"""Networks, preprocessing and training that go together, by name."""

from dataclasses import dataclass, replace

from cornernet.config import (
    HOURGLASS_104,
    OFFICIAL_PREPROCESS,
    PHOTOS_MODEL,
    SHAPES_MODEL,
    SQUEEZE,
    DecodeConfig,
    ModelConfig,
    PreprocessConfig,
    TrainConfig,
)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What `train --preset NAME` builds, and how long and at which sizes it trains by itself.

    The number of categories comes from the data.
    """

    model: ModelConfig
    preprocess: PreprocessConfig
    decode: DecodeConfig
    train: TrainConfig

    def __post_init__(self) -> None:
        """Check that the network can be trained at each size, and answers at the last one."""
        self.train.expect_to_fit(self.model)
        last, answered = self.train.input_sizes[-1][1], self.preprocess.longer_side
        if answered is not None and last != answered:
            raise ValueError(
                f"Expected training to end at {answered} pixels, but {last} was given."
            )


# Sizes of the official code less its odd pixel: 128 k - 1 and 128 k pixels give the same heatmaps.
# The learning rate is the paper's; its batches of 49 images filled ten graphics cards.
_LARGE = TrainConfig(
    minutes=90.0,
    input_sizes=((0.0, 256), (0.25, 384), (0.65, 512)),
    learning_rate=2.5e-4,
    final_learning_rate=2.5e-6,
    batch_size=4,
)

# The paper's recipe (section 4.1) and its code's: Adam without decay or clipping, the rate a tenth
# after 450,000 of 500,000 steps, crops on black, the last weights. Its pull and push weights of 0.1
# are of sums over a card's images: 49 on ten cards, so 0.1 x 49 / 10 of a mean over images.
_PAPER = TrainConfig(
    steps=500_000,
    batch_size=49,
    input_sizes=((0.0, 511),),
    learning_rate=2.5e-4,
    rate_drops=(0.9,),
    weight_decay=0.0,
    warmup_steps=0,
    clip_norm=1e9,  # never reached
    ema_decay=0.0,
    pull_weight=0.49,
    push_weight=0.49,
    crop_of="input",
)

_ENCODER = "stacks.0.hourglass.encoder"

_PHOTOS = Preset(
    model=PHOTOS_MODEL,
    # In the order of channels that the encoder was trained on.
    preprocess=PreprocessConfig(longer_side=384, multiple=64, channel_order="BGR"),
    # Weaker corners are noise, as in drawings: AP50 rises by half a point without them.
    decode=DecodeConfig(min_corner_score=0.1),
    train=TrainConfig(
        minutes=170.0,
        input_sizes=((0.0, 256), (0.2, 320), (0.7, 384)),
        learning_rate=1.5e-3,
        ema_decay=0.9985,
        warmup_steps=300,
        corner_prior=0.018,
        rare_share=0.04,
        # The encoder is trained already: its backbone stays, the rest of it follows slowly.
        frozen_until=(("stem", 1.0), (f"{_ENCODER}.backbone", 1.0), (_ENCODER, 0.2)),
        rate_factors=((_ENCODER, 0.25),),
        validate_minutes=20.0,
    ),
)

PRESETS = {
    "shapes": Preset(
        model=SHAPES_MODEL,
        preprocess=PreprocessConfig(longer_side=256, multiple=64),
        # A drawing has few corners: the top-k would fill up with noise.
        decode=DecodeConfig(min_corner_score=0.1),
        train=TrainConfig(minutes=90.0, input_sizes=((0.0, 128), (0.25, 192), (0.65, 256))),
    ),
    "photos": _PHOTOS,
    "hourglass104": Preset(
        model=HOURGLASS_104,
        preprocess=PreprocessConfig(longer_side=512, multiple=128),
        decode=DecodeConfig(),
        train=_LARGE,
    ),
    "squeeze": Preset(
        model=SQUEEZE,
        preprocess=PreprocessConfig(longer_side=512, multiple=128),
        decode=DecodeConfig(top_k=20, max_pairs=100),
        train=replace(_LARGE, batch_size=8),
    ),
    # The two above are the modern variants of these, for one machine and one's own data.
    "coco-hourglass104": Preset(
        model=HOURGLASS_104,
        preprocess=OFFICIAL_PREPROCESS,
        decode=DecodeConfig(),
        train=_PAPER,
    ),
    # CornerNet-Lite trained it on 55 images on four cards, else alike.
    "coco-squeeze": Preset(
        model=SQUEEZE,
        preprocess=OFFICIAL_PREPROCESS,
        decode=DecodeConfig(top_k=20, max_pairs=100),
        train=replace(_PAPER, batch_size=55, pull_weight=1.375, push_weight=1.375),
    ),
}
