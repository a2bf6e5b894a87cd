"""The worst misses and false boxes of an evaluation, drawn with the reason of each."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from cornernet.analysis.reasons import Reason, reasons_of
from cornernet.analysis.truth import compare
from cornernet.boxes import LabelledBoxes
from cornernet.config import DecodeConfig
from cornernet.data.samples import Sample
from cornernet.decode import Decoding, decide_again
from cornernet.figures.marked_boxes import ABSENT, BAD, MarkedBox, draw_marked
from cornernet.figures.palette import INK
from cornernet.image_reading import RgbArray
from cornernet.writing import unwritable, whole_file

MOST = 12  # pictures of each kind
WIDTH = 960  # of a picture, in pixels
INSIDE = 0.5  # share of a box in an ignored region from which it is neither right nor wrong


@dataclass(frozen=True, eq=False, kw_only=True)
class Mistake:
    """A true box that was missed, or a false box, and how much that counts."""

    image: RgbArray
    truth: LabelledBoxes
    box_xyxy_px: Float[Tensor, "4"]
    category: str
    reason: Reason
    weight: float  # a miss: the share of the image that it fills; a false box: its score


class Worst:
    """Collect mistakes image by image, at the thresholds at which the model answers."""

    def __init__(self, config: DecodeConfig) -> None:
        self._config = config
        self._kept: dict[str, list[Mistake]] = {"miss": [], "false": []}
        self.counts: dict[str, Counter[str]] = {"miss": Counter(), "false": Counter()}

    def add(self, sample: Sample, decoding: Decoding) -> None:
        """Take an image's mistakes in."""
        answer, counted = decide_again(decoding, self._config), sample.is_counted
        truth = LabelledBoxes(
            boxes_xyxy_px=sample.boxes_xyxy_px[counted], labels=sample.labels[counted]
        )
        reasons, found = reasons_of(answer, truth, compare(answer, truth)), answer.detections
        names, area = found.categories, sample.image.shape[0] * sample.image.shape[1]
        sides = truth.boxes_xyxy_px[:, 2:] - truth.boxes_xyxy_px[:, :2]
        passed = _is_passed_over(found.boxes, sample)

        def mistake(box: Tensor, label: int, reason: Reason, weight: float) -> Mistake:
            return Mistake(
                image=sample.image,
                truth=truth,
                box_xyxy_px=box,
                category=names[label],
                reason=reason,
                weight=weight,
            )

        missed = [
            mistake(truth.boxes_xyxy_px[n], int(truth.labels[n]), r, float(sides[n].prod()) / area)
            for n, r in reasons.of_missed.items()
        ]
        false = [
            mistake(found.boxes_xyxy_px[k], int(found.labels[k]), r, float(found.scores[k]))
            for k, r in reasons.of_false.items()
            if not passed[k]
        ]
        self._keep("miss", missed)
        self._keep("false", false)

    def _keep(self, kind: str, mistakes: list[Mistake]) -> None:
        self.counts[kind].update(str(mistake.reason) for mistake in mistakes)
        kept = sorted([*self._kept[kind], *mistakes], key=lambda each: -each.weight)
        self._kept[kind] = kept[:MOST]

    def sentences(self) -> list[str]:
        """Count the mistakes by their reasons, a line for each kind."""
        heads = {"miss": "missed", "false": "false boxes"}
        return [
            f"{heads[kind]}: {sum(counts.values())}"
            + "".join(f", {reason} {count}" for reason, count in counts.most_common())
            for kind, counts in self.counts.items()
        ]

    def draw(self, folder: Path) -> None:
        """Write a picture of each of the worst. Raise ValueError if it cannot be written."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for kind, mistakes in self._kept.items():
                for place, each in enumerate(mistakes, 1):
                    slug = re.sub(r"\W+", "-", f"{each.category} {each.reason}").strip("-")[:60]
                    with whole_file(folder / f"{kind}-{place:02d}-{slug}.png") as new:
                        Image.fromarray(_picture(kind, each)).save(new, format="PNG")
        except OSError as error:
            raise unwritable(folder, error) from error


def _is_passed_over(found: LabelledBoxes, sample: Sample) -> list[bool]:
    """Return which boxes nobody can call false: in ignored regions, of what was not looked for."""
    boxes, regions = found.boxes_xyxy_px, sample.boxes_xyxy_px[~sample.is_counted]
    low = torch.maximum(boxes[:, None, :2], regions[None, :, :2])
    high = torch.minimum(boxes[:, None, 2:], regions[None, :, 2:])
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1).clamp(min=1e-9)
    share = (high - low).clamp(min=0).prod(2) / area[:, None]
    same = found.labels[:, None] == sample.labels[~sample.is_counted][None]
    known = sample.known_labels
    return [
        ignored or (known is not None and label not in known)
        for ignored, label in zip(
            ((share >= INSIDE) & same).any(1).tolist(), found.labels.tolist(), strict=True
        )
    ]


def _picture(kind: str, mistake: Mistake) -> RgbArray:
    is_miss = kind == "miss"
    words = "missed" if is_miss else f"false, {mistake.weight:.2f}"
    this = MarkedBox(
        box_xyxy_px=mistake.box_xyxy_px,
        text=f"{mistake.category}, {words}: {mistake.reason}",
        colour=ABSENT if is_miss else BAD,
        is_dashed=is_miss,
    )
    others = tuple(
        MarkedBox(box_xyxy_px=box, text="", colour=INK, is_dashed=True)
        for box in mistake.truth.boxes_xyxy_px
        if not (is_miss and box.equal(mistake.box_xyxy_px))
    )
    return draw_marked(mistake.image, (this, *others), width=WIDTH)
