"""What was true and found in images, scored by pycocotools."""

import contextlib
import io
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torch import Tensor

from cornernet.data.samples import Sample
from cornernet.decode import Detections


@dataclass(frozen=True, eq=False, kw_only=True)
class Answer:
    """What was true and what was found in one image; labels index the same categories."""

    true_boxes_xyxy_px: Float[Tensor, "n 4"]
    true_labels: Int[Tensor, "n"]
    is_crowd: tuple[bool, ...]  # regions of uncounted objects; any number may be found there
    is_ignored: tuple[bool, ...]  # finding one is neither right nor wrong; holds for every crowd
    areas_px2: tuple[float, ...]  # decide what is small, medium and large
    known_labels: frozenset[int] | None  # None: every category was looked for
    detections: Detections


def answer_of(sample: Sample, detections: Detections) -> Answer:
    """Put what was found beside what a sample says."""
    boxes = sample.boxes_xyxy_px
    nothing = (False,) * len(boxes)
    sides = (boxes[:, 2:] - boxes[:, :2]).double()
    return Answer(
        true_boxes_xyxy_px=boxes,
        true_labels=sample.labels,
        is_crowd=sample.is_crowd or nothing,
        is_ignored=sample.is_ignored or sample.is_crowd or nothing,
        areas_px2=sample.areas_px2 or tuple(sides.prod(1).tolist()),
        known_labels=sample.known_labels,
        detections=detections,
    )


class _Evaluation(COCOeval):  # type: ignore[misc]
    """COCO's evaluation, which also ignores what is no crowd but marked to be ignored."""

    def _prepare(self) -> None:
        super()._prepare()  # sets `ignore` to `iscrowd`
        for objects in self._gts.values():
            for truth in objects:
                truth["ignore"] = truth["iscrowd"] or truth["is_ignored"]


def evaluated(answers: list[Answer], categories: tuple[str, ...], labels: list[int]) -> COCOeval:
    """Let pycocotools score detections in the categories of some labels."""
    truth = COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": image} for image in range(len(answers))],
        "categories": [{"id": label, "name": name} for label, name in enumerate(categories)],
        "annotations": _annotations(answers),
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        evaluation = _Evaluation(truth, _results(truth, answers), "bbox")
        evaluation.params.catIds = labels
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def _annotations(answers: list[Answer]) -> list[dict[str, object]]:
    rows = [
        (image, *row)
        for image, answer in enumerate(answers)
        for row in zip(
            answer.true_boxes_xyxy_px.tolist(),
            answer.true_labels.tolist(),
            answer.areas_px2,
            answer.is_crowd,
            answer.is_ignored,
            strict=True,
        )
    ]
    return [
        {
            "id": number + 1,  # pycocotools takes an id of 0 for "no match"
            "image_id": image,
            "category_id": label,
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            "area": area,
            "iscrowd": int(is_crowd),
            "is_ignored": int(is_ignored),
        }
        for number, (image, (x1, y1, x2, y2), label, area, is_crowd, is_ignored) in enumerate(rows)
    ]


def _results(truth: COCO, answers: list[Answer]) -> COCO:
    rows = [
        [image, x1, y1, x2 - x1, y2 - y1, score, label]
        for image, answer in enumerate(answers)
        for (x1, y1, x2, y2), score, label in zip(
            answer.detections.boxes_xyxy_px.tolist(),
            answer.detections.scores.tolist(),
            answer.detections.labels.tolist(),
            strict=True,
        )
        if answer.known_labels is None or label in answer.known_labels
    ]
    if rows:
        return truth.loadRes(np.asarray(rows, dtype=np.float64))
    nothing = COCO()
    nothing.dataset = {**truth.dataset, "annotations": []}
    nothing.createIndex()
    return nothing
