"""Runs side by side: at equal minutes, at equal images, with the spread over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cornernet.evaluation.validation import FIGURES
from cornernet.studies.record import Record


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A figure over the seeds of one variant."""

    mean: float
    least: float
    most: float

    def words(self) -> str:
        """Return the mean and the range, in hundredths of AP as the paper prints it."""
        return f"{100 * self.mean:.1f} ({100 * self.least:.1f} to {100 * self.most:.1f})"


def spread_of(values: Sequence[float | None]) -> Spread | None:
    """Return the spread; None where a seed has no figure."""
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    return Spread(mean=sum(known) / len(known), least=min(known), most=max(known))


def at_images(curve: Sequence[Record], images: float, figure: str) -> float | None:
    """Read a curve at a number of images, on the line between the points around it.

    None before the first point or after the last, or where a point has no figure.
    """
    for before, after in pairwise(curve):
        if before["images"] <= images <= after["images"]:
            low, high = before[figure], after[figure]
            if low is None or high is None:
                return None
            span = after["images"] - before["images"]
            share = (images - before["images"]) / span if span else 1.0
            return float(low + share * (high - low))
    only = curve[-1] if curve else None
    return only[figure] if only and only["images"] == images else None


def equal_images(runs: Sequence[Record]) -> int:
    """Return how many images the slowest of the runs saw."""
    return min(int(run["curve"][-1]["images"]) for run in runs)


def summarised(runs: Sequence[Record], images: int) -> dict[str, dict[str, Record | None]]:
    """Summarise the seeds of one variant: each figure at the end, and after so many images."""
    ends = {f: spread_of([run["curve"][-1][f] for run in runs]) for f in FIGURES}
    same = {f: spread_of([at_images(run["curve"], images, f) for run in runs]) for f in FIGURES}
    return {
        "at_equal_minutes": {f: vars(s) if s else None for f, s in ends.items()},
        "at_equal_images": {f: vars(s) if s else None for f, s in same.items()},
    }


def spread_in(variant: Record, budget: str, figure: str = "AP") -> Spread | None:
    """Read back one of the spreads of a variant's record."""
    values = variant[budget][figure]
    return Spread(**values) if values else None


def follows(record: Record) -> list[str]:
    """Say in two sentences which variant is ahead, as far as the spread over seeds carries it."""
    return [
        _sentence(record, "at_equal_minutes", f"After {record['minutes']:g} minutes each"),
        _sentence(record, "at_equal_images", f"After {record['equal_images']:,} images each"),
    ]


def _sentence(record: Record, budget: str, when: str) -> str:
    known = [
        (variant["words"], spread)
        for variant in record["variants"]
        if (spread := spread_in(variant, budget)) is not None
    ]
    if len(known) < len(record["variants"]):
        return f"{when}, not every variant has a figure, so none is compared."
    (best, first), *others = sorted(known, key=lambda pair: -pair[1].mean)
    head = f"{when}, AP is highest with “{best}”: {first.words()} over {len(record['seeds'])} seeds"
    behind = [words for words, other in others if is_ahead(first, other)]
    unclear = [words for words, other in others if not is_ahead(first, other)]
    parts = [f"; ahead of {_listed(behind)} by more than the spread"] if behind else []
    parts += [f"; no difference from {_listed(unclear)} that the spread carries"] if unclear else []
    return f"{head}{''.join(parts)}."


def is_ahead(first: Spread, second: Spread) -> bool:
    """Return whether one is above another by more than the seeds of each differ.

    One seed has no spread, and so carries nothing.
    """
    widest = max(first.most - first.least, second.most - second.least)
    has_seeds = first.least < first.most or second.least < second.most
    return has_seeds and first.least > second.most and first.mean - second.mean > widest


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{each}”" for each in words)
