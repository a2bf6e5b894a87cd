"""What is kept of one run of the network: enough to decode and to draw every stage."""

from dataclasses import dataclass, replace

from cornernet.fast import CellMaps
from cornernet.frame import Frame
from cornernet.image_reading import RgbArray
from cornernet.model.corner_pool import CornerPoolOutput
from cornernet.model.heads import CornerOutput, Maps
from cornernet.model.network import StackOutput

ObservedCorner = CornerOutput[Maps]


@dataclass(frozen=True, kw_only=True)
class Milliseconds:
    """How long the stages of one observation took."""

    preprocess: float
    network: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Observation(StackOutput[Maps]):
    """One image and what the stack that answers computed of it, without a batch, on the CPU.

    Maps are as they were computed; features and the inputs of scans are in half precision, which
    holds exactly what bf16 computed.
    """

    image: RgbArray
    canvas: RgbArray  # the network's input before normalisation
    frame: Frame
    categories: tuple[str, ...]
    milliseconds: Milliseconds
    notice: str | None = None  # what a user should know, such as a fall-back to the CPU


def packed(output: StackOutput[CellMaps]) -> StackOutput[Maps]:
    """Take the image out of its batch of one, to the CPU, in the precision of observations."""
    return StackOutput(
        features=output.features[0].half().cpu(),
        top_left=_packed(output.top_left),
        bottom_right=_packed(output.bottom_right),
    )


def _packed(output: CornerOutput[CellMaps]) -> ObservedCorner:
    maps = output.maps.on_cpu()
    return CornerOutput(maps=maps, pool=_packed_pool(output.pool, maps))


def _packed_pool(pool: CornerPoolOutput, maps: CellMaps) -> CornerPoolOutput:
    return replace(
        pool,
        vertical_in=pool.vertical_in[0].half().cpu(),
        horizontal_in=pool.horizontal_in[0].half().cpu(),
        features=maps.features[0],  # what the heads at cells go on from, so not rounded
    )
