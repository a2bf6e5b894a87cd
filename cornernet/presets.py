"""Networks and preprocessing that go together, by name."""

from dataclasses import dataclass

from cornernet.config import (
    HOURGLASS_104,
    SHAPES_MODEL,
    SQUEEZE,
    DecodeConfig,
    ModelConfig,
    PreprocessConfig,
)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What `train --preset NAME` builds; the number of categories comes from the data."""

    model: ModelConfig
    preprocess: PreprocessConfig
    decode: DecodeConfig


PRESETS = {
    "shapes": Preset(
        model=SHAPES_MODEL,
        preprocess=PreprocessConfig(longer_side=256, multiple=64),
        # A drawing has few corners: the top-k would fill up with noise.
        decode=DecodeConfig(min_corner_score=0.1),
    ),
    "hourglass104": Preset(
        model=HOURGLASS_104,
        preprocess=PreprocessConfig(longer_side=512, multiple=128),
        decode=DecodeConfig(),
    ),
    "squeeze": Preset(
        model=SQUEEZE,
        preprocess=PreprocessConfig(longer_side=512, multiple=128),
        decode=DecodeConfig(top_k=20, max_pairs=100),
    ),
}
