"""The layouts in which CornerNet's weights are published, told apart and mapped by one table."""

import re
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from cornernet.checkpoints.foreign import refuse_foreign
from cornernet.checkpoints.read import CheckpointError
from cornernet.config import ModelConfig

Layout = Literal["ours", "official", "lite", "mmdetection"]

LAYOUT_NAMES: dict[Layout, str] = {
    "ours": "this library's",
    "official": "the official code's (princeton-vl/CornerNet)",
    "lite": "CornerNet-Lite's (princeton-vl/CornerNet-Lite)",
    "mmdetection": "mmdetection's",
}
# An entry that only this layout has begins like this; DataParallel's "module." is taken off first.
SIGNS: tuple[tuple[Layout, str], ...] = (
    ("official", "kps."),
    ("lite", "hg."),
    ("mmdetection", "backbone.hourglass_modules."),
)
_COLUMN: dict[Layout, int] = {"official": 1, "lite": 2, "mmdetection": 3}

_POOL = r"(_(?:cnvs|modules|pool)\.\d+\.)"
# What each part of our names becomes in the other layouts; the rows apply one after the other.
NAMES: tuple[tuple[str, str, str, str], ...] = (
    # ours, official, CornerNet-Lite, mmdetection
    (r"\btop_left\b", "tl", "tl", "tl"),
    (r"\bbottom_right\b", "br", "br", "br"),
    # stem, links between stacks, and each stack's convolution
    (r"^stem\.0\.", "pre.0.", "hg.pre.0.", "backbone.stem.0."),
    (r"^stem\.(\d+)\.", r"pre.\1.", r"hg.pre.\1.", r"backbone.stem.\1.0."),
    (r"^links\.(\d+)\.residual\.", r"inters.\1.", r"hg.inters.\1.", r"backbone.inters.\1."),
    (
        r"^links\.(\d+)\.from_input\.0\.",
        r"inters_.\1.0.",
        r"hg.inters_.\1.0.",
        r"backbone.conv1x1s.\1.conv.",
    ),
    (
        r"^links\.(\d+)\.from_input\.1\.",
        r"inters_.\1.1.",
        r"hg.inters_.\1.1.",
        r"backbone.conv1x1s.\1.bn.",
    ),
    (
        r"^links\.(\d+)\.from_features\.0\.",
        r"cnvs_.\1.0.",
        r"hg.cnvs_.\1.0.",
        r"backbone.remap_convs.\1.conv.",
    ),
    (
        r"^links\.(\d+)\.from_features\.1\.",
        r"cnvs_.\1.1.",
        r"hg.cnvs_.\1.1.",
        r"backbone.remap_convs.\1.bn.",
    ),
    (r"^stacks\.(\d+)\.conv\.", r"cnvs.\1.", r"hg.cnvs.\1.", r"backbone.out_convs.\1."),
    # hourglasses
    (
        r"^stacks\.(\d+)\.hourglass\.",
        r"kps.\1.",
        r"hg.hgs.\1.",
        r"backbone.hourglass_modules.\1.",
    ),
    (r"\bcoarse\.", "low2.", "low2.", "low2."),
    (r"\bskip\.", "up1.", "up1.", "up1."),
    (r"\bdown\.", "low1.", "low1.", "low1."),
    (r"\bup\.", "low3.", "low3.", "low3."),
    (r"\benlarge\.", "up2.", "up2.", "up2."),
    # corner pooling
    (
        r"^stacks\.(\d+)\.(tl|br)\.pool\.",
        r"\2_cnvs.\1.",
        r"\2_modules.\1.",
        r"bbox_head.\2_pool.\1.",
    ),
    (r"\bvertical\.", "p1_conv1.", "p1_conv1.", "direction1_conv."),
    (r"\bhorizontal\.", "p2_conv1.", "p2_conv1.", "direction2_conv."),
    (r"\bmerge\.0\.", "p_conv1.", "p_conv1.", "aftpool_conv.conv."),
    (r"\bmerge\.1\.", "p_bn1.", "p_bn1.", "aftpool_conv.bn."),
    (_POOL + r"shortcut\.0\.", r"\1conv1.", r"\1conv1.", r"\1conv1.conv."),
    (_POOL + r"shortcut\.1\.", r"\1bn1.", r"\1bn1.", r"\1conv1.bn."),
    (_POOL + r"out\.", r"\1conv2.", r"\1conv2.", r"\1conv2."),
    # heads
    (
        r"^stacks\.(\d+)\.(tl|br)\.logits\.",
        r"\2_heats.\1.",
        r"\2_heats.\1.",
        r"bbox_head.\2_heat.\1.",
    ),
    (
        r"^stacks\.(\d+)\.(tl|br)\.embedding\.",
        r"\2_tags.\1.",
        r"\2_tags.\1.",
        r"bbox_head.\2_emb.\1.",
    ),
    (
        r"^stacks\.(\d+)\.(tl|br)\.offset\.",
        r"\2_regrs.\1.",
        r"\2_offs.\1.",
        r"bbox_head.\2_off.\1.",
    ),
    (
        r"(_(?:heats?|tags|emb|regrs|offs?)\.\d+)\.0\.",
        r"\1.0.conv.",
        r"\1.0.conv.",
        r"\1.0.conv.",
    ),
    (r"(_(?:heats?|tags|emb|regrs|offs?)\.\d+)\.2\.", r"\1.1.", r"\1.1.", r"\1.1.conv."),
    # residual blocks
    (r"\bfirst\.conv\.", "conv1.", "conv1.", "conv1."),
    (r"\bfirst\.bn\.", "bn1.", "bn1.", "bn1."),
    (r"\bsecond\.0\.", "conv2.", "conv2.", "conv2."),
    (r"\bsecond\.1\.", "bn2.", "bn2.", "bn2."),
    (r"\bshortcut\.", "skip.", "skip.", "downsample."),
    # fire modules
    (r"\bsqueeze\.0\.", "conv1.", "conv1.", "conv1."),
    (r"\bsqueeze\.1\.", "bn1.", "bn1.", "bn1."),
    (r"\bpointwise\.", "conv_1x1.", "conv_1x1.", "conv_1x1."),
    (r"\bdepthwise\.", "conv_3x3.", "conv_3x3.", "conv_3x3."),
    (r"\bnorm\.", "bn2.", "bn2.", "bn2."),
)


def name_in(layout: Layout, name: str) -> str:
    """Give what another layout calls our entry (or the beginning of entries) of that name."""
    if layout == "ours":
        return name
    for row in NAMES:
        name = re.sub(row[0], row[_COLUMN[layout]], name)
    return name


@dataclass(frozen=True, eq=False, kw_only=True)
class Entries:
    """Tensors under the names of another layout, looked up by ours."""

    layout: Layout
    prefix: str  # "module." where DataParallel wrote the file
    tensors: dict[str, Tensor]

    def name(self, ours: str) -> str:
        """Give the name in the file."""
        return self.prefix + name_in(self.layout, ours)

    def has(self, ours: str) -> bool:
        """Tell whether any entry begins like this."""
        start = self.name(ours)
        return any(name.startswith(start) for name in self.tensors)

    def shape(self, ours: str) -> tuple[int, ...]:
        """Give an entry's shape. Raise CheckpointError if it is missing or no convolution's."""
        name = self.name(ours)
        if name not in self.tensors or self.tensors[name].ndim not in (1, 4):
            raise CheckpointError(f"Expected the weight {name}, but it is missing.")
        return tuple(self.tensors[name].shape)


def recognise(tensors: dict[str, Tensor]) -> Entries:
    """Find out the layout. Raise CheckpointError if it is none that can be read."""
    prefix = "module." if all(name.startswith("module.") for name in tensors) else ""
    bare = [name.removeprefix(prefix) for name in tensors]
    refuse_foreign(bare)
    for layout, sign in SIGNS:
        if any(name.startswith(sign) for name in bare):
            return Entries(layout=layout, prefix=prefix, tensors=tensors)
    raise CheckpointError(
        "Expected a CornerNet in the layout of its official code, of CornerNet-Lite or of "
        f"mmdetection, but these are the weights of another network ({', '.join(bare[:3])}, ...)."
    )


def config_of(entries: Entries) -> ModelConfig:
    """Work out the network's sizes from the shapes of some entries."""
    stem = range(1, _count(entries, "stem.{}."))
    widths, blocks = _hourglass(entries)
    head = entries.shape("stacks.0.top_left.embedding.0.weight")
    return ModelConfig(
        categories=entries.shape("stacks.0.top_left.logits.2.bias")[0],
        stacks=_count(entries, "stacks.{}.conv."),
        stem_widths=(
            entries.shape("stem.0.conv.weight")[0],
            *(entries.shape(f"stem.{k}.second.0.weight")[0] for k in stem),
        ),
        hourglass_widths=widths,
        hourglass_blocks=blocks,
        pool_width=entries.shape("stacks.0.top_left.pool.vertical.conv.weight")[0],
        head_width=head[0],
        head_kernel=head[-1],
        block="fire" if entries.has("stacks.0.hourglass.skip.0.pointwise.") else "residual",
        upsampling="transposed" if entries.has("stacks.0.hourglass.enlarge.") else "nearest",
    )


def _count(entries: Entries, template: str) -> int:
    number = 0
    while entries.has(template.format(number)):
        number += 1
    return number


def _hourglass(entries: Entries) -> tuple[tuple[int, ...], tuple[int, ...]]:
    level, widths, blocks = "stacks.0.hourglass.", [], []
    while entries.has(f"{level}skip."):
        widths.append(_width(entries, f"{level}skip.0."))
        blocks.append(_count(entries, level + "skip.{}."))
        level += "coarse."
    widths.append(_width(entries, f"{level}0."))
    blocks.append(_count(entries, level + "{}."))
    return tuple(widths), tuple(blocks)


def _width(entries: Entries, block: str) -> int:
    # The last normalisation of a residual block and of a fire module have one name in all layouts.
    return entries.shape(f"{block}second.1.weight")[0]
