"""The layouts in which CornerNet's weights are published, and what a file of each holds."""

from dataclasses import dataclass

from torch import Tensor

from cornernet.checkpoints.foreign import refuse_foreign
from cornernet.checkpoints.layout_names import Layout, name_in
from cornernet.checkpoints.read import CheckpointError
from cornernet.config import ModelConfig

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


@dataclass(frozen=True, eq=False, kw_only=True)
class Entries:
    """Tensors under the names of another layout, looked up by ours."""

    layout: Layout
    prefix: str  # "module." where DataParallel wrote the file
    tensors: dict[str, Tensor]

    def name(self, ours: str) -> str:
        """Return the name in the file."""
        return self.prefix + name_in(self.layout, ours)

    def has(self, ours: str) -> bool:
        """Return whether any entry begins like this."""
        start = self.name(ours)
        return any(name.startswith(start) for name in self.tensors)

    def shape(self, ours: str) -> tuple[int, ...]:
        """Return an entry's shape. Raise CheckpointError if it is missing or no convolution's."""
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
