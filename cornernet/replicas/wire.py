"""What a replica sends: all that the page needs of a run, without the heads, which the page has."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from cornernet.fast import CellHeads, CellMaps
from cornernet.model.heads import CellValues, CornerOutput
from cornernet.model.network import StackOutput
from cornernet.model.sides import Sides


@dataclass(frozen=True, eq=False, kw_only=True)
class SentMaps:
    """Maps without what computes the other heads at cells."""

    logits: Tensor
    features: Tensor

    def at(self, cell_xy: Tensor) -> CellValues:
        """Raise: the heads are where this is received."""
        raise NotImplementedError(f"{len(cell_xy)} cells asked before `received`")


Sent = StackOutput[SentMaps]


def sent(output: StackOutput[CellMaps]) -> Sent:
    """Copy to the CPU; in half precision, as observations keep it, what they keep so."""
    return StackOutput(
        features=output.features.half().cpu(),
        top_left=_sent(output.top_left),
        bottom_right=_sent(output.bottom_right),
    )


def _sent(output: CornerOutput[CellMaps]) -> CornerOutput[SentMaps]:
    features = output.maps.features.cpu()
    pool = replace(
        output.pool,
        vertical_in=output.pool.vertical_in.half().cpu(),
        horizontal_in=output.pool.horizontal_in.half().cpu(),
        features=features,
    )
    return CornerOutput(
        pool=pool, maps=SentMaps(logits=output.maps.logits.cpu(), features=features)
    )


def received(output: Sent, heads: Sides[CellHeads]) -> StackOutput[CellMaps]:
    """Put the heads back to what was sent."""
    return StackOutput(
        features=output.features,
        top_left=_received(output.top_left, heads.top_left),
        bottom_right=_received(output.bottom_right, heads.bottom_right),
    )


def _received(output: CornerOutput[SentMaps], heads: CellHeads) -> CornerOutput[CellMaps]:
    maps = CellMaps(logits=output.maps.logits, features=output.maps.features, heads=heads)
    return CornerOutput(pool=output.pool, maps=maps)


def are_same(first: Sent, second: Sent) -> bool:
    """Tell whether two answers have the same bits."""
    pairs = zip(_tensors(first), _tensors(second), strict=True)
    return all(torch.equal(one, other) for one, other in pairs)


def _tensors(output: Sent) -> list[Tensor]:
    found = [output.features]
    for corner in output.both:
        pool, maps = corner.pool, corner.maps
        found += [pool.vertical_in, pool.horizontal_in, pool.features, maps.logits, maps.features]
    return found
