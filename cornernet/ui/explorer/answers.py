"""Answers to what the explorer asks about one corner, as plain values for JSON."""

from types import SimpleNamespace
from typing import Any

import torch

from cornernet.analysis.corner_cell import CornerCell
from cornernet.analysis.evidence import corner_evidence
from cornernet.analysis.shift import ShiftedCorner, shift_strip
from cornernet.detector import Detector
from cornernet.model.corner_pool import Corner
from cornernet.observation import ObservedCorner
from cornernet.peaks import Peaks
from cornernet.ui.explorer.atlas import halves
from cornernet.ui.explorer.corners import corner_union
from cornernet.ui.explorer.vocabulary import SIDES
from cornernet.ui.shown import ShownImage

SCANS_SENT = 4  # channels of corner pooling that come with an answer, the most telling first


def answer_to(detector: Detector, shown: ShownImage, request: Any) -> dict[str, Any] | list[Any]:  # noqa: ANN401 (from the browser)
    """Answer a question: "corner" and "shift" of a side, label and cell; "channel" of a side.

    Raise ValueError, in one sentence, if the question makes no sense.
    """
    side = SIDES.get(str(request.side))
    if side is None:
        raise ValueError(f"Expected topLeft or bottomRight, but {request.side!r} was given.")
    if request.question == "channel":
        return scan_of(detector, shown.observation.side(side), int(request.channel), 0.0)
    place = CornerCell(side, int(request.label), (int(request.cell[0]), int(request.cell[1])))
    if request.question == "corner":
        facts = corner_answer(detector, shown, *place)
        return {"key": shown.key, "side": request.side, "id": int(request.corner), **facts}
    if request.question == "shift":
        return [_shifted(s) for s in shift_strip(detector, shown.observation, place)]
    raise ValueError(f"Expected corner, channel or shift, but {request.question!r} was given.")


def corner_answer(
    detector: Detector, shown: ShownImage, corner: Corner, label: int, cell_xy: tuple[int, int]
) -> dict[str, Any]:
    """Return which cells voted for a corner, and send the channels that brought most to it."""
    evidence = corner_evidence(detector, shown.observation, CornerCell(corner, label, cell_xy))
    total, observed = evidence.total, shown.observation.side(corner)
    channels = total.best_channels.tolist()
    return {
        "logit": evidence.logit,
        "pooled": evidence.pooled,
        "evidence": halves(total.shares),
        "channels": channels,
        "scans": [
            scan_of(detector, observed, channel, float(total.by_channel[channel]))
            for channel in channels[:SCANS_SENT]
        ],
    }


def scan_of(
    detector: Detector, observed: ObservedCorner, channel: int, contribution: float
) -> dict[str, Any]:
    """Send what goes into both scans of one channel."""
    pool = observed.pool
    if not 0 <= channel < len(pool.vertical_in):
        last = len(pool.vertical_in) - 1
        raise ValueError(f"Expected a channel from 0 to {last}, but {channel} was given.")
    learned = detector.network.config.pool_width  # behind these, a map of each category
    return {
        "channel": channel,
        "recognised": detector.categories[channel - learned] if channel >= learned else "",
        "contribution": contribution,
        "vertical": halves(pool.vertical_in[channel]),
        "horizontal": halves(pool.horizontal_in[channel]),
    }


def kept_answers(
    detector: Detector, shown: ShownImage, corners: object = ()
) -> list[dict[str, Any]]:
    """Answer beforehand, for a page without a server.

    For the corners of the best detections; and for `corners`, the pair that is looked at, also
    what a shift of the image does to them. Each of these is what the explorer says of a corner:
    side, corner (its id), label and cell. Raise ValueError if they make no sense.
    """
    answers = {(a["side"], a["id"]): a for a in detected_answers(detector, shown)}
    shifts = []
    for given in _checked(corners):
        request = SimpleNamespace(question="corner", **given)
        side, place = str(request.side), int(request.corner)
        if (side, place) not in answers:
            answers[side, place] = _kept(request, answer_to(detector, shown, request))
        request.question = "shift"
        shifts.append(_kept(request, answer_to(detector, shown, request)))
    return [*answers.values(), *shifts]


def _kept(request: SimpleNamespace, answer: object) -> dict[str, Any]:
    """Set an answer beside its question."""
    return {
        "question": request.question,
        "side": request.side,
        "id": int(request.corner),
        "answer": answer,
    }


def _checked(corners: object) -> list[dict[str, Any]]:
    """Take what the browser says of corners, if it has the right form."""
    names = {"side", "corner", "label", "cell"}
    given: list[Any] = list(corners) if isinstance(corners, list | tuple) else [None]
    if len(given) > len(SIDES) or not all(isinstance(c, dict) and set(c) == names for c in given):
        raise ValueError(
            "Expected at most two corners, each with side, corner, label and cell, but others"
            " were given."
        )
    return given


def detected_answers(detector: Detector, shown: ShownImage, most: int = 8) -> list[dict[str, Any]]:
    """Answer beforehand for the corners of the best detections, for a page without a server."""
    decoding = detector.decode(shown.observation)
    detected = decoding.candidates.is_detection.nonzero()[:, 0][:most]
    corners, candidates = decoding.corners, decoding.candidates
    indices = {
        "topLeft": (corners.top_left, candidates.top_left_index[detected]),
        "bottomRight": (corners.bottom_right, candidates.bottom_right_index[detected]),
    }
    return [
        answer
        for side, (peaks, chosen) in indices.items()
        for answer in _answers_of(detector, shown, side, peaks, torch.unique(chosen))
    ]


def _answers_of(
    detector: Detector, shown: ShownImage, side: str, peaks: Peaks, chosen: torch.Tensor
) -> list[dict[str, Any]]:
    observed = shown.observation.side(SIDES[side])
    union = corner_union(observed)
    answers = []
    for k in chosen.tolist():
        label, cell = int(peaks.labels[k]), peaks.cell_xy[k]
        facts = corner_answer(detector, shown, SIDES[side], label, (int(cell[0]), int(cell[1])))
        place = union.place_of(label, cell)
        answer = {"key": shown.key, "side": side, "id": place, **facts}
        answers.append({"question": "corner", "side": side, "id": place, "answer": answer})
    return answers


def _shifted(shifted: ShiftedCorner) -> dict[str, Any]:
    return {
        "shift": shifted.shift_px,
        "x": shifted.cell_xy[0],
        "y": shifted.cell_xy[1],
        "offsetX": shifted.offset_xy[0],
        "offsetY": shifted.offset_xy[1],
        "score": shifted.score,
        "heat": shifted.heatmap.tolist(),
    }
