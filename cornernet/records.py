"""Detections as plain values, the same for the command line, the page and its API."""

from cornernet.decode import Detections


def as_records(detections: Detections) -> list[dict[str, object]]:
    """Return one record per detection, the best first; boxes in original pixels."""
    rows = zip(
        detections.boxes_xyxy_px.tolist(),
        detections.scores.tolist(),
        detections.names,
        strict=True,
    )
    return [
        {"box_xyxy": [round(v, 2) for v in box], "score": round(score, 4), "label": name}
        for box, score, name in rows
    ]
