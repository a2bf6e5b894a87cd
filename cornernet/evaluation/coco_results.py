"""Detections in COCO's result format, which pycocotools' `loadRes` reads."""

from collections.abc import Iterable
from typing import Any

from cornernet.data.coco.values import Id
from cornernet.decode import Detections


def coco_results(
    found: Iterable[tuple[Id, Detections]], category_ids: tuple[Id | None, ...]
) -> list[dict[str, Any]]:
    """Return one record a detection: x, y, width and height in pixels, and the ids of a file.

    A label without an id has no place in the format and is left out.
    """
    return [
        {
            "image_id": image_id,
            "category_id": category_ids[label],
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            "score": score,
        }
        for image_id, detections in found
        for (x1, y1, x2, y2), score, label in zip(
            detections.boxes_xyxy_px.double().tolist(),
            detections.scores.tolist(),
            detections.labels.tolist(),
            strict=True,
        )
        if category_ids[label] is not None
    ]
