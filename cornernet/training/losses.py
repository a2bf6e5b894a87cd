"""The paper's losses (equations 1, 3, 4 and 5), in full precision."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional as F

from cornernet.data.targets import CornerTargets, Targets, miss_weight, stack_targets
from cornernet.model.heads import CornerMaps, Maps
from cornernet.model.network import NetworkOutput

Scalar = Float[Tensor, ""]

FOCUS = 2  # alpha of equation 1: how little an easy cell counts
PUSH_MARGIN = 1.0  # Delta of equation 5: distance wanted between two objects' embeddings


@dataclass(frozen=True, eq=False, kw_only=True)
class Losses:
    """Each loss, a mean over stacks; `total` holds the weighted sum.

    Of a part of a batch, what it adds to the loss of the whole one.
    """

    heatmap: Scalar
    pull: Scalar
    push: Scalar
    offset: Scalar
    total: Scalar

    def items(self) -> Iterator[tuple[str, Scalar]]:
        """Return the losses by name, in the order above."""
        return ((f.name, getattr(self, f.name)) for f in fields(self))


def focal_loss(
    logits: Float[Tensor, "b c h w"],
    heatmap: Float[Tensor, "b c h w"],
    is_known: Bool[Tensor, "#b #c #h #w"],
) -> Scalar:
    """Penalise wrong cells, less near a corner (equation 1), per corner in the batch.

    Corners always count, other cells where the truth is known. Without any corner in the batch the
    sum is not divided.
    """
    is_corner = heatmap == 1
    probability = logits.sigmoid()
    hit = F.logsigmoid(logits) * (1 - probability) ** FOCUS
    miss = F.logsigmoid(-logits) * probability**FOCUS * (miss_weight(heatmap) * is_known)
    return -torch.where(is_corner, hit, miss).sum() / is_corner.sum().clamp(min=1)


def pull_loss(
    first: Float[Tensor, "b n"], second: Float[Tensor, "b n"], is_object: Bool[Tensor, "b n"]
) -> Scalar:
    """Draw an object's two embeddings to their mean (equation 4): a mean over objects, images."""
    mean = (first + second) / 2
    squared = ((first - mean) ** 2 + (second - mean) ** 2) * is_object
    return (squared.sum(1) / is_object.sum(1).clamp(min=1)).mean()


def push_loss(
    first: Float[Tensor, "b n"], second: Float[Tensor, "b n"], is_object: Bool[Tensor, "b n"]
) -> Scalar:
    """Drive the mean embeddings of different objects apart (equation 5): a mean over pairs, images.

    An image with fewer than two objects adds nothing.
    """
    mean = (first + second) / 2
    distance = (mean[:, :, None] - mean[:, None, :]).abs()
    itself = torch.eye(mean.shape[1], dtype=torch.bool, device=mean.device)
    is_pair = is_object[:, :, None] & is_object[:, None, :] & ~itself
    too_close = F.relu(PUSH_MARGIN - distance) * is_pair
    return (too_close.sum((1, 2)) / is_pair.sum((1, 2)).clamp(min=1)).mean()


def offset_loss(
    offset: Float[Tensor, "b n 2"], target: CornerTargets, is_object: Bool[Tensor, "b n"]
) -> Scalar:
    """Apply the smooth L1 loss at true corners (equation 3), per object in the batch."""
    loss = F.smooth_l1_loss(offset, target.offset, reduction="none") * is_object[:, :, None]
    return loss.sum() / is_object.sum().clamp(min=1)


def gather_cells(
    maps: Float[Tensor, "b c h w"], cell: Int[Tensor, "b n"]
) -> Float[Tensor, "b n c"]:
    """Read a map at row-major cell indices."""
    flat = maps.flatten(2).transpose(1, 2)
    return flat.gather(1, cell[:, :, None].expand(-1, -1, flat.shape[2]))


@dataclass(frozen=True, kw_only=True)
class LossWeights:
    """Shares of the total; the heatmap's is 1."""

    pull: float
    push: float
    offset: float


def counts_of(targets: Targets) -> Float[Tensor, "4"]:
    """Count what the losses are means over: both kinds of corners, objects, images."""
    corners = [(corner.heatmap == 1).sum() for corner in targets.both]
    images = targets.is_object.new_tensor(len(targets.is_object), dtype=torch.int64)
    return torch.stack([*corners, targets.is_object.sum(), images]).double()


def detection_losses(
    output: NetworkOutput,
    targets: Targets,
    weights: LossWeights,
    share: Float[Tensor, "4"] | None = None,
) -> Losses:
    """Compare every stack with the truth: intermediate supervision (section 3.5).

    `share` is how much of a whole batch's counts these targets hold, where they are a part of it.
    """
    share = torch.ones(4) if share is None else share
    shares = share.to(targets.is_object.device, torch.float32)
    per_stack = [_stack_losses(stack.maps, targets, shares) for stack in output.stacks]
    return _weighted([torch.stack(parts).mean() for parts in zip(*per_stack, strict=True)], weights)


def answer_losses(maps: tuple[Maps, Maps], targets: Targets, weights: LossWeights) -> Losses:
    """Compare what was answered of one image with its truth: the last stack alone."""
    width = maps[0].logits.shape[3]
    batch = stack_targets([targets])
    cells = [torch.stack([t.cell[0] % width, t.cell[0] // width], 1) for t in batch.both]
    values = [m.at(cell_xy) for m, cell_xy in zip(maps, cells, strict=True)]
    at_corners = _AtCorners(
        embeddings=[v.embeddings[None] for v in values], offsets=[v.offset_xy[None] for v in values]
    )
    logits = [m.logits for m in maps]
    return _weighted(_compared(logits, at_corners, batch, torch.ones(4)), weights)


def _weighted(losses: Sequence[Scalar], weights: LossWeights) -> Losses:
    heatmap, pull, push, offset = losses
    total = heatmap + weights.pull * pull + weights.push * push + weights.offset * offset
    return Losses(heatmap=heatmap, pull=pull, push=push, offset=offset, total=total)


@dataclass(frozen=True, eq=False, kw_only=True)
class _AtCorners:
    """What the heads say at the true corners of each kind, top-left ones first."""

    embeddings: list[Float[Tensor, "b n"]]
    offsets: list[Float[Tensor, "b n 2"]]


def _stack_losses(
    maps: tuple[CornerMaps, CornerMaps], targets: Targets, share: Float[Tensor, "4"]
) -> tuple[Scalar, ...]:
    pairs = list(zip(maps, targets.both, strict=True))
    at_corners = _AtCorners(
        embeddings=[gather_cells(m.embedding.float(), t.cell)[:, :, 0] for m, t in pairs],
        offsets=[gather_cells(m.offset.float(), t.cell) for m, t in pairs],
    )
    return _compared([m.logits for m in maps], at_corners, targets, share)


def _compared(
    logits: list[Float[Tensor, "b c h w"]],
    at_corners: _AtCorners,
    targets: Targets,
    share: Float[Tensor, "4"],
) -> tuple[Scalar, ...]:
    is_object, truths = targets.is_object, targets.both
    heatmaps = [
        focal_loss(given.float(), t.heatmap, targets.is_known)
        for given, t in zip(logits, truths, strict=True)
    ]
    offsets = [
        offset_loss(given, t, is_object)
        for given, t in zip(at_corners.offsets, truths, strict=True)
    ]
    first, second = at_corners.embeddings
    return (
        share[0] * heatmaps[0] + share[1] * heatmaps[1],
        share[3] * pull_loss(first, second, is_object),
        share[3] * push_loss(first, second, is_object),
        share[2] * (offsets[0] + offsets[1]),
    )
