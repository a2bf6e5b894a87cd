"""Settings of each stage: frozen, every value with its unit or reason, checked when made."""

from cornernet.config.check import (
    config_from,
    expect,
)
from cornernet.config.decode import (
    DecodeConfig,
    NmsKind,
    ViewsConfig,
)
from cornernet.config.model import (
    HOURGLASS_104,
    PHOTOS_MODEL,
    SHAPES_MODEL,
    SQUEEZE,
    BlockKind,
    EncoderKind,
    ModelConfig,
    PoolingKind,
    UpsamplingKind,
)
from cornernet.config.preprocess import (
    MMDETECTION_PREPROCESS,
    OFFICIAL_PREPROCESS,
    PreprocessConfig,
)
from cornernet.config.train import (
    MemoryLayout,
    PenaltyKind,
    PenaltyReduction,
    TrainConfig,
)

__all__ = [
    "HOURGLASS_104",
    "MMDETECTION_PREPROCESS",
    "OFFICIAL_PREPROCESS",
    "PHOTOS_MODEL",
    "SHAPES_MODEL",
    "SQUEEZE",
    "BlockKind",
    "DecodeConfig",
    "EncoderKind",
    "MemoryLayout",
    "ModelConfig",
    "NmsKind",
    "PenaltyKind",
    "PenaltyReduction",
    "PoolingKind",
    "PreprocessConfig",
    "TrainConfig",
    "UpsamplingKind",
    "ViewsConfig",
    "config_from",
    "expect",
]
