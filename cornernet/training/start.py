"""What a run begins with: layers of another checkpoint that fit, or a trained encoder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from cornernet.categories import COCO
from cornernet.checkpoints import Checkpoint
from cornernet.checkpoints.ncnn import load_encoder
from cornernet.config import ModelConfig, PreprocessConfig
from cornernet.data.names import match_names
from cornernet.model.heads import CornerBranch
from cornernet.model.network import CornerNet
from cornernet.model.pyramid import Encoder
from cornernet.presets import PRESETS


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """What a network took over from a checkpoint."""

    name: str  # of the checkpoint
    kept: tuple[str, ...]  # layers
    fresh: tuple[str, ...]
    parameter_share: float  # of the network's parameters, in the layers that were kept
    sees_alike: bool  # whether the layer that takes the pixels was kept
    categories: tuple[str, ...]  # whose rows of the heatmap heads' last layers were kept

    def sentence(self) -> str:
        """Describe it in a line."""
        text = (
            f"Kept {len(self.kept)} of {len(self.kept) + len(self.fresh)} layers of {self.name} "
            f"({100 * self.parameter_share:.1f} % of the parameters)"
        )
        if self.fresh:
            more = f" and {len(self.fresh) - 3} more" if len(self.fresh) > 3 else ""
            text += f"; new: {', '.join(self.fresh[:3])}{more}"
        rows = f" but for the categories {', '.join(self.categories)}" if self.categories else ""
        return f"{text}{rows}."


@torch.no_grad()
def start_from(network: CornerNet, categories: tuple[str, ...], checkpoint: Checkpoint) -> Transfer:
    """Copy each layer whose entries all fit into the network.

    Recognisers and the last layers of the heatmap heads have a row a category: rows go by name, so
    that these layers are kept whole only where the categories are the same. Raise ValueError if no
    layer fits.
    """
    ours, theirs = network.state_dict(), checkpoint.network.state_dict()
    by_layer: dict[str, list[str]] = {}
    for name in ours:
        by_layer.setdefault(name.rpartition(".")[0], []).append(name)
    heads = set() if categories == checkpoint.categories else _category_layers(network)
    kept = [
        layer
        for layer, names in by_layer.items()
        if layer not in heads and all(_fits(ours[n], theirs.get(n)) for n in names)
    ]
    if not kept:
        raise ValueError(
            f"Expected weights with some layer of this network, but {checkpoint.name} has none."
        )
    for layer in kept:
        for name in by_layer[layer]:
            ours[name].copy_(theirs[name])
    rows = list(match_names(categories, checkpoint.categories).labels.items())
    took_rows = [_copy_rows(ours, theirs, by_layer[layer], rows) for layer in sorted(heads)]
    counts = {layer: sum(ours[n].numel() for n in names) for layer, names in by_layer.items()}
    return Transfer(
        name=checkpoint.name,
        kept=tuple(kept),
        fresh=tuple(layer for layer in by_layer if layer not in kept),
        parameter_share=sum(counts[layer] for layer in kept) / sum(counts.values()),
        sees_alike=next(iter(by_layer)) in kept,
        categories=tuple(categories[row] for row, _ in rows) if any(took_rows) else (),
    )


def _category_layers(network: CornerNet) -> set[str]:
    return {
        f"{name}.logits.{len(module.logits) - 1}"
        for name, module in network.named_modules()
        if isinstance(module, CornerBranch)
    } | {
        f"{name}.recognisers.{index}"
        for name, module in network.named_modules()
        if isinstance(module, Encoder)
        for index in range(len(module.recognisers))
    }


def _fits(ours: Tensor, theirs: Tensor | None) -> bool:
    return theirs is not None and theirs.shape == ours.shape


def _copy_rows(
    ours: Mapping[str, Tensor],
    theirs: Mapping[str, Tensor],
    names: list[str],
    rows: list[tuple[int, int]],
) -> bool:
    """Copy (to, from) rows of a layer's entries, if the rows fit; tell whether they did."""
    if not rows or not all(n in theirs and theirs[n].shape[1:] == ours[n].shape[1:] for n in names):
        return False
    to, source = (torch.tensor(indices) for indices in zip(*rows, strict=True))
    for name in names:
        ours[name][to] = theirs[name][source]
    return True


def start_with_encoder(
    network: CornerNet, categories: tuple[str, ...], pretrained: str | None
) -> None:
    """Load the published weights of NanoDet's encoder into a network that has it, unless 'none'.

    What it recognises goes by the names of COCO's categories.
    """
    if network.config.encoder == "nanodet":
        if pretrained != "none":
            rows = match_names(categories, COCO).labels
            load_encoder(network, Path(pretrained) if pretrained else None, rows)
    elif pretrained is not None:
        raise ValueError(
            "Expected --pretrained with a network that has such an encoder (--preset photos), "
            f"but {pretrained} was given."
        )


def preset_of(start: Checkpoint | None) -> str:
    """Name the preset with the network of a checkpoint, whatever its categories."""
    if start is None:
        return "shapes"
    config = start.network.config
    for name, preset in PRESETS.items():
        if _alike(preset.model) == _alike(config):
            return name
    raise ValueError(
        f"Expected weights of a preset's network, or --preset ({', '.join(PRESETS)}) with it, "
        f"but {start.name} has sizes of its own."
    )


def _alike(config: ModelConfig) -> ModelConfig:
    """Leave out what makes no other preset: categories, and layers for what is recognised."""
    return replace(config, categories=1, recognition=False)


def matching_preprocess(
    preprocess: PreprocessConfig, start: Checkpoint, transfer: Transfer
) -> PreprocessConfig:
    """Return a kept first layer the pixel values that it was trained on."""
    if not transfer.sees_alike:
        return preprocess
    theirs = start.preprocess
    return replace(
        preprocess,
        mean=theirs.mean,
        std=theirs.std,
        channel_order=theirs.channel_order,
        padding=theirs.padding,
    )
