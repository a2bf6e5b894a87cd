"""Known models, and weights on disk: read strictly, never executed."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from cornernet.config import DecodeConfig, ModelConfig, PreprocessConfig, config_from
from cornernet.model.network import CornerNet

WEIGHTS = Path(__file__).parents[1] / "assets" / "weights"
_FORMAT = "cornernet-1"


class CheckpointError(ValueError):
    """A checkpoint that cannot be used, told in one sentence."""


@dataclass(frozen=True, kw_only=True)
class KnownModel:
    """A model that can be asked for by name."""

    name: str
    detects: str
    file: Path


KNOWN_MODELS = {
    model.name: model
    for model in (
        KnownModel(
            name="shapes",
            detects="circle, triangle, square, star, heart, crescent, cross, arrow",
            file=WEIGHTS / "shapes.safetensors",
        ),
    )
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Checkpoint:
    """A trained network with all that belongs to it."""

    name: str
    network: CornerNet  # on the CPU, in evaluation mode
    categories: tuple[str, ...]
    preprocess: PreprocessConfig
    decode: DecodeConfig


def find_checkpoint(name_or_path: str | Path) -> Path:
    """Resolve a model's name or a file's path. Raise CheckpointError if it is neither."""
    known = KNOWN_MODELS.get(str(name_or_path))
    path = known.file if known else Path(name_or_path)
    if not path.is_file():
        names = ", ".join(KNOWN_MODELS)
        raise CheckpointError(
            f"Expected a model's name ({names}) or the path of a checkpoint, "
            f"but {str(name_or_path)!r} was given."
        )
    return path


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write weights in half precision, batch statistics in single, and all settings beside them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {k: _packed(k, v) for k, v in checkpoint.network.state_dict().items()}
    settings = {
        "name": checkpoint.name,
        "categories": checkpoint.categories,
        "model": asdict(checkpoint.network.config),
        "preprocess": asdict(checkpoint.preprocess),
        "decode": asdict(checkpoint.decode),
    }
    save_file(tensors, path, metadata={"format": _FORMAT, "settings": json.dumps(settings)})


def _packed(name: str, tensor: Tensor) -> Tensor:
    is_statistic = "running_" in name or not tensor.is_floating_point()
    return (tensor if is_statistic else tensor.half()).detach().cpu().contiguous()


def load_checkpoint(name_or_path: str | Path) -> Checkpoint:
    """Read a checkpoint. Raise CheckpointError with one sentence if anything does not fit."""
    path = find_checkpoint(name_or_path)
    settings, tensors = _read(path)
    try:
        network = CornerNet(config_from(ModelConfig, settings["model"]))
        categories = tuple(settings["categories"])
        preprocess = config_from(PreprocessConfig, settings["preprocess"])
        decode = config_from(DecodeConfig, settings["decode"])
        name = str(settings["name"])
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"Expected complete settings in {path.name}, but: {error}") from error
    _load_strictly(network, tensors, path)
    return Checkpoint(
        name=name,
        network=network.eval().requires_grad_(False),
        categories=categories,
        preprocess=preprocess,
        decode=decode,
    )


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"Expected a safetensors checkpoint, but {path.name} cannot be read as one: {error}"
        ) from error
    if metadata.get("format") != _FORMAT:
        raise CheckpointError(
            f"Expected a checkpoint written by this library ({_FORMAT}), "
            f"but {path.name} says {metadata.get('format')!r}."
        )
    settings: dict[str, Any] = json.loads(metadata["settings"])
    return settings, tensors


def _load_strictly(network: CornerNet, tensors: dict[str, Tensor], path: Path) -> None:
    expected = network.state_dict()
    missing = sorted(set(expected) - set(tensors))
    unexpected = sorted(set(tensors) - set(expected))
    misshapen = [k for k in expected if k in tensors and expected[k].shape != tensors[k].shape]
    infinite = [k for k, v in tensors.items() if not torch.isfinite(v).all()]
    for names, what in (
        (missing, "misses"),
        (unexpected, "has the unexpected"),
        (misshapen, "has other shapes for"),
        (infinite, "has values that are no finite numbers in"),
    ):
        if names:
            first = ", ".join(names[:3])
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            raise CheckpointError(
                f"Expected the {len(expected)} entries of this network, "
                f"but {path.name} {what} {first}{more}."
            )
    network.load_state_dict({k: v.to(expected[k].dtype) for k, v in tensors.items()})
