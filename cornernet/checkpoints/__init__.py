"""Known models, and weights on disk: read strictly, in any published layout, never executed."""

from cornernet.checkpoints.files import Checkpoint, load_checkpoint, save_checkpoint
from cornernet.checkpoints.known import KNOWN_MODELS, KnownModel, find_checkpoint
from cornernet.checkpoints.read import CheckpointError

__all__ = [
    "KNOWN_MODELS",
    "Checkpoint",
    "CheckpointError",
    "KnownModel",
    "find_checkpoint",
    "load_checkpoint",
    "save_checkpoint",
]
