"""At which steps a replay shows a training: evenly spaced in log scale."""

import math
from collections.abc import Sequence

MOMENTS = 16  # of a whole run: before it, after its first step, and as evenly as can be to its end
# Between steps where the last one is not known beforehand: enough to choose from at the end.
FINE_RATIO = 2.0 ** (1 / 3)


def ratio_of(steps: int | None) -> float:
    """Return what a moment's step is multiplied by to give the next one's."""
    return FINE_RATIO if steps is None else max(steps, 2) ** (1 / (MOMENTS - 2))


def is_moment(step: int, ratio: float) -> bool:
    """Return whether a step is 0, or a power of the ratio but for rounding."""
    if step == 0:
        return True
    power = math.log(step) / math.log(ratio)
    return any(round(ratio**k) == step for k in (math.floor(power), math.ceil(power)))


def chosen(steps: Sequence[int], most: int) -> list[int]:
    """Choose at most so many of rising steps, as evenly in log scale as they allow.

    The first, a step of 0 and the one after it, and the last are among them.
    """
    if len(steps) <= most:
        return list(steps)
    before, counted = [s for s in steps if s == 0], [s for s in steps if s > 0]
    first, gaps = counted[0], most - len(before) - 1
    factor = (counted[-1] / first) ** (1 / gaps)
    wanted = [math.log(first * factor**k) for k in range(gaps + 1)]
    nearest = {min(counted, key=lambda s: abs(math.log(s) - target)) for target in wanted}
    return [*before, *sorted(nearest)]
