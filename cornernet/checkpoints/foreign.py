"""Other networks whose weights are taken for CornerNet's, told apart by names of their entries."""

import re
from collections.abc import Iterable

from cornernet.checkpoints.read import CheckpointError

# An entry that only this network has, the network, and what it does instead. More telling ones come
# first: ExtremeNet has centres, too.
_NETWORKS: tuple[tuple[str, str, str], ...] = (
    (r"att_modules\.", "CornerNet-Saccade", "looks at an image in a series of crops"),
    (r"[tlbr]_heats\.", "ExtremeNet", "finds objects as four extreme points and a centre"),
    (
        r"ct_heats\.",
        "CenterNet (Duan et al., keypoint triplets)",
        "confirms each pair of corners by a third keypoint, the centre",
    ),
    (
        r"hm\.|hm_[tlbrc]\.|bbox_head\.(heatmap_head|wh_head)\.",
        "CenterNet (Zhou et al., objects as points)",
        "finds objects as centres with a size",
    ),
    (
        r"bbox_head\.(mid_)?(tl|br)_(centripetal_shift|guiding_shift|off_c(_2)?)\.",
        "CentripetalNet",
        "pairs corners by shifts to the centre instead of embeddings",
    ),
)


def refuse_foreign(names: Iterable[str]) -> None:
    """Raise CheckpointError if entries, named without `module.`, are of a network known by name."""
    given = list(names)
    for pattern, network, what in _NETWORKS:
        if any(re.match(pattern, name) for name in given):
            raise CheckpointError(
                f"Expected CornerNet or CornerNet-Squeeze, but this is {network}, which {what} and "
                "is not supported."
            )
