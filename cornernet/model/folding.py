"""Batch normalisation folded into convolutions: the same network at inference, with less to do."""

import copy
from collections.abc import Iterable, Iterator
from typing import TypeVar

import torch
from torch import Tensor, nn

from cornernet.model.layers import ConvBlock, ConvNorm, Fire
from cornernet.model.network import CornerNet

Module = TypeVar("Module", bound=nn.Module)


def _normalised(network: nn.Module) -> Iterator[tuple[tuple[nn.Conv2d, ...], nn.BatchNorm2d]]:
    """Pair each normalisation with the convolutions whose channels, in order, it has."""
    for module in network.modules():
        if isinstance(module, ConvBlock):
            yield (module.conv,), module.bn
        elif isinstance(module, ConvNorm):
            conv, norm = module
            assert isinstance(conv, nn.Conv2d)
            assert isinstance(norm, nn.BatchNorm2d)
            yield (conv,), norm
        elif isinstance(module, Fire):
            yield (module.pointwise, module.depthwise), module.norm


def is_folded(network: CornerNet) -> bool:
    """Return whether the normalisations only add their bias."""
    return all(_is_neutral(norm) for _, norm in _normalised(network))


def _is_neutral(norm: nn.BatchNorm2d) -> bool:
    scale, _ = _affine(norm)
    return bool((scale - 1).abs().max() < 1e-6) and not _mean(norm).any()


def _affine(norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Return what a normalisation multiplies by and adds at inference, by channel."""
    assert norm.running_var is not None
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return scale, norm.bias - _mean(norm) * scale


def _mean(norm: nn.BatchNorm2d) -> Tensor:
    assert norm.running_mean is not None
    return norm.running_mean


@torch.no_grad()
def fold(network: Module) -> Module:
    """Move the scale of each normalisation into its convolution; take the network, or a part, over.

    It stays complete, and gives the same answers but for rounding: each normalisation still adds
    its bias. One tensor is replaced at a time, so this takes no second copy. Convolutions become
    channels-last, which CPUs compute faster.
    """
    for convolutions, norm in _normalised(network):
        scale, bias = _affine(norm)
        start = 0
        for conv in convolutions:
            factor = scale[start : start + conv.out_channels, None, None, None]
            conv.weight = _scaled(conv.weight, factor)
            start += conv.out_channels
        norm.weight = nn.Parameter(torch.ones_like(scale), requires_grad=False)
        norm.bias = nn.Parameter(bias, requires_grad=False)
        norm.running_mean = torch.zeros_like(scale)
        norm.running_var = torch.full_like(scale, 1 - norm.eps)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            weight = module.weight
            if not weight.is_contiguous(memory_format=torch.channels_last):
                module.weight = _scaled(weight, torch.ones(1, 1, 1, 1).to(weight))
    return network.eval()


def _scaled(weight: Tensor, factor: Tensor) -> nn.Parameter:
    # Straight into its new layout: a copy between would leave holes in the process's memory.
    scaled = torch.empty_like(weight, memory_format=torch.channels_last)
    torch.mul(weight, factor, out=scaled)
    return nn.Parameter(scaled, requires_grad=False)


@torch.no_grad()
def without_norms(network: CornerNet) -> CornerNet:
    """Return a network of the same tensors whose convolutions have the biases of a folded one."""
    shared = {id(tensor): tensor for tensor in (*network.parameters(), *network.buffers())}
    bare = copy.deepcopy(network, shared) if is_folded(network) else fold(copy.deepcopy(network))
    for convolutions, norm in _normalised(bare):
        biases = torch.split(norm.bias, [conv.out_channels for conv in convolutions])
        for conv, bias in zip(convolutions, biases, strict=True):
            conv.bias = nn.Parameter(bias, requires_grad=False)
    for module in bare.modules():
        if isinstance(module, ConvBlock):
            module.bn = nn.Identity()  # type: ignore[assignment]
        elif isinstance(module, ConvNorm):
            module[1] = nn.Identity()
        elif isinstance(module, Fire):
            module.norm = nn.Identity()  # type: ignore[assignment]
    return bare


def convert(module: nn.Module, dtype: torch.dtype, spared: Iterable[nn.Module]) -> None:
    """Replace a module's tensors by copies in another type, but for parts that keep theirs.

    `to` would change tensors that it shares with others.
    """
    kept = {part for each in spared for part in each.modules()}
    for part in set(module.modules()) - kept:
        for name, tensor in part.named_parameters(recurse=False):
            if tensor.dtype != dtype:
                setattr(part, name, nn.Parameter(tensor.to(dtype), requires_grad=False))
