"""Whether a file is what was published."""

import hashlib
from pathlib import Path

from cornernet.checkpoints.files import load_checkpoint
from cornernet.checkpoints.known import KnownModel
from cornernet.checkpoints.read import CheckpointError, is_web_page


def published_fault(model: KnownModel, path: Path) -> str | None:
    """Return how a file differs from what a model's publisher offers; None if it does not."""
    with path.open("rb") as file:
        if is_web_page(file.read(512)):
            return "a web page came in place of the file"
    if model.sha256:
        given = sha256_of(path)
        if not given.startswith(model.sha256):
            return f"its SHA-256 begins with {given[:8]} instead of {model.sha256}"
    try:
        network = load_checkpoint(path).network
    except CheckpointError as error:
        return str(error).rstrip(".")
    parameters = sum(p.numel() for p in network.parameters())
    if parameters != model.parameters:
        return f"it has {parameters:,} parameters instead of {model.parameters:,}"
    return None


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
