"""Load a network with its settings from a file of any layout; save in ours."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from cornernet.categories import names_for
from cornernet.checkpoints.honest import expect_texts
from cornernet.checkpoints.known import KNOWN_MODELS, find_checkpoint
from cornernet.checkpoints.layout_names import Layout
from cornernet.checkpoints.layouts import Entries, config_of, recognise
from cornernet.checkpoints.read import CheckpointError, Content, read_content
from cornernet.config import (
    MMDETECTION_PREPROCESS,
    OFFICIAL_PREPROCESS,
    DecodeConfig,
    ModelConfig,
    PreprocessConfig,
    config_from,
)
from cornernet.model.network import CornerNet

_FORMAT = "cornernet-1"
_COUNTER = "num_batches_tracked"  # counts training steps; older files lack it, nothing needs it


@dataclass(frozen=True, eq=False, kw_only=True)
class Checkpoint:
    """A trained network with all that belongs to it."""

    name: str
    network: CornerNet  # on the CPU, in evaluation mode
    categories: tuple[str, ...]
    preprocess: PreprocessConfig
    decode: DecodeConfig
    layout: Layout = "ours"  # of the file that it was read from


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
    content = save(tensors, metadata={"format": _FORMAT, "settings": json.dumps(settings)})
    path.write_bytes(content)


def _packed(name: str, tensor: Tensor) -> Tensor:
    is_statistic = "running_" in name or not tensor.is_floating_point()
    return (tensor if is_statistic else tensor.half()).detach().cpu().contiguous()


def load_checkpoint(name_or_path: str | Path, *, is_mapped: bool = True) -> Checkpoint:
    """Read a checkpoint of any layout that `layouts` knows.

    Weights are taken over without a copy; of a zip file in single precision they stay mapped to it,
    unless `is_mapped` is False. Raise CheckpointError with one sentence if anything does not fit.
    """
    path = find_checkpoint(name_or_path)
    content = read_content(path, is_mapped=is_mapped)
    try:
        is_ours = content.kind == "safetensors"
        checkpoint, entries = _from_ours(content) if is_ours else _from_others(content, path.stem)
    except CheckpointError as error:
        raise CheckpointError(f"{str(error).rstrip('.')} (in {path.name}).") from error
    _load_strictly(checkpoint.network, entries, path)
    if str(name_or_path) in KNOWN_MODELS:
        checkpoint = replace(checkpoint, name=str(name_or_path))
    return checkpoint


def _from_ours(content: Content) -> tuple[Checkpoint, Entries]:
    given = content.metadata.get("format")
    if given != _FORMAT:
        raise CheckpointError(
            f"Expected a checkpoint written by this library ({_FORMAT}), but it says {given!r}."
        )
    try:
        settings: dict[str, Any] = json.loads(content.metadata["settings"])
        config = config_from(ModelConfig, settings["model"])
        entries = Entries(layout="ours", prefix="", tensors=content.tensors)
        _expect_sizes(config, entries)
        (name,) = expect_texts([settings["name"]], 1)
        checkpoint = Checkpoint(
            name=name,
            network=_empty(config),
            categories=expect_texts(settings["categories"], config.categories),
            preprocess=config_from(PreprocessConfig, settings["preprocess"]),
            decode=config_from(DecodeConfig, settings["decode"]),
        )
    except RecursionError as error:
        raise CheckpointError("Expected plain settings, but they are nested too deep.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"Expected complete settings, but: {error}") from error
    return checkpoint, entries


def _expect_sizes(config: ModelConfig, entries: Entries) -> None:
    """Raise ValueError if the tensors are of other sizes than the settings, before it is built."""
    if config.encoder != "hourglass":  # its blocks are few, and their entries are compared later
        return
    try:
        found = asdict(config_of(entries))
    except ValueError:  # entries are missing, which are told by name later
        return
    for name in ("stacks", "hourglass_blocks", "categories", "pool_width", "head_width"):
        own = getattr(config, name)
        if found[name] != own:
            raise ValueError(f"the settings say {name} {own}, but the tensors say {found[name]}")


def _from_others(content: Content, name: str) -> tuple[Checkpoint, Entries]:
    entries = recognise(content.tensors)
    try:
        config = config_of(entries)
    except ValueError as error:
        raise CheckpointError(str(error)) from error
    is_mmdetection, is_squeeze = entries.layout == "mmdetection", config.block == "fire"
    checkpoint = Checkpoint(
        name=name,
        network=_empty(config),
        categories=_categories(content.metadata, config.categories),
        preprocess=MMDETECTION_PREPROCESS if is_mmdetection else OFFICIAL_PREPROCESS,
        # The published test settings of each.
        decode=DecodeConfig(top_k=20, max_pairs=100) if is_squeeze else DecodeConfig(),
        layout=entries.layout,
    )
    return checkpoint, entries


def _categories(metadata: Mapping[str, Any], count: int) -> tuple[str, ...]:
    # mmdetection 2 wrote CLASSES; mmdetection 3 writes dataset_meta.
    dataset = metadata.get("dataset_meta")
    given = dataset.get("classes") if isinstance(dataset, Mapping) else metadata.get("CLASSES")
    if isinstance(given, list | tuple) and len(given) == count:
        if not all(isinstance(name, str | int) for name in given):
            raise CheckpointError("Expected categories named by text, but it has other values.")
        return tuple(str(name) for name in given)
    return names_for(count)


def _empty(config: ModelConfig) -> CornerNet:
    with torch.device("meta"):  # takes no memory; the file's tensors become its parameters
        return CornerNet(config).eval().requires_grad_(False)


def _load_strictly(network: CornerNet, entries: Entries, path: Path) -> None:
    given, ours = entries.tensors, network.state_dict()
    expected = {entries.name(name): name for name in ours}
    shared = [k for k in expected if k in given]
    faults = (
        ("misses", [k for k in expected if k not in given and not k.endswith(_COUNTER)]),
        ("has the unexpected", [k for k in given if k not in expected]),
        (
            "has other shapes for",
            [k for k in shared if ours[expected[k]].shape != given[k].shape],
        ),
        ("has values that are no finite numbers in", [k for k in shared if not _finite(given[k])]),
    )
    listed_faults = [f"{what} {_listed(names)}" for what, names in faults if names]
    if listed_faults:
        raise CheckpointError(
            f"Expected the {len(expected)} entries of this network, "
            f"but {path.name} {' and '.join(listed_faults)}."
        )
    counters = {
        name: torch.zeros((), dtype=torch.int64) for name in ours if name.endswith(_COUNTER)
    }
    network.load_state_dict(
        {**counters, **{expected[k]: given[k].to(ours[expected[k]].dtype) for k in shared}},
        assign=True,
    )
    network.requires_grad_(False)  # assigned tensors bring their own flag


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _finite(tensor: Tensor) -> bool:
    if not tensor.is_floating_point() or tensor.numel() == 0:
        return True
    # The extremes are NaN if any value is; unlike isfinite() this takes no memory.
    return all(bool(torch.isfinite(extreme)) for extreme in torch.aminmax(tensor))
