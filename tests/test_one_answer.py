"""The library, the command line, the API and the page give one answer, in every precision."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from cornernet.analysis.corner_cell import CornerCell
from cornernet.analysis.evidence import corner_evidence
from cornernet.cli import main
from cornernet.data.samples import held_out_scene
from cornernet.detector import Detector
from cornernet.image_reading import RgbArray
from cornernet.model.corner_pool import SCANS, Corner
from cornernet.records import as_records
from cornernet.ui.endpoint import endpoint
from cornernet.ui.explorer.answers import corner_answer
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import LONGEST_SHOWN, shown_image
from cornernet.ui.thresholds import settings_of
from tests.conftest import BOTH_PRECISIONS
from tests.explorer_parity import ask_node, without_pictures

CORNERS: tuple[Corner, ...] = ("top_left", "bottom_right")


def images() -> dict[str, RgbArray]:
    """Draw scenes; make one of them large and one narrow."""
    scenes = [held_out_scene(77, index).image for index in range(4)]
    large = Image.fromarray(scenes[2]).resize((LONGEST_SHOWN + 333, LONGEST_SHOWN - 100))
    return {
        **{f"scene-{k}": scene for k, scene in enumerate(scenes[:2])},
        "large": np.asarray(large),
        "narrow": np.ascontiguousarray(scenes[3][:, 70:170]),
    }


def records_on_the_page(detector: Detector, pictures: list[RgbArray]) -> list[Any]:
    """Let the page's JavaScript decide, and read what its records say."""
    settings = settings_of(detector.decode_config)
    cases = []
    for image in pictures:
        payload = build_payload(shown_image(detector, image), detector, footer="", answers=[])
        sent = without_pictures(payload)
        cases.append({"payload": sent, "settings": settings, "pairs": []})
    return [json.loads(answer["records"]) for answer in ask_node(cases)]


@BOTH_PRECISIONS
def test_four_ways_give_the_same_records(
    precision: str, shapes_detector: Detector, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = images()
    library = [as_records(shapes_detector.detect(image)) for image in pictures.values()]
    assert all(library)
    paths = [tmp_path / f"{name}.png" for name in pictures]
    for path, image in zip(paths, pictures.values(), strict=True):
        Image.fromarray(image).save(path)
    options = ["--device", "cpu", "--precision", precision, "--json", "-"]
    assert main(["detect", *map(str, paths), *options]) == 0
    command = [result["detections"] for result in json.loads(capsys.readouterr().out)]
    assert command == library
    detect = endpoint(Shelf("shapes", lambda _: shapes_detector))
    assert [detect(image) for image in pictures.values()] == library
    if shutil.which("node"):
        assert records_on_the_page(shapes_detector, list(pictures.values())) == library


@BOTH_PRECISIONS
def test_decoding_an_observation_is_detecting_bit_by_bit(shapes_detector: Detector) -> None:
    for image in images().values():
        decoded = shapes_detector.decode(shapes_detector.observe(image)).detections
        found = shapes_detector.detect(image)
        assert torch.equal(decoded.scores, found.scores)
        assert torch.equal(decoded.boxes_xyxy_px, found.boxes_xyxy_px)
        assert torch.equal(decoded.labels, found.labels)


@BOTH_PRECISIONS
@pytest.mark.parametrize("corner", CORNERS)
def test_evidence_adds_up_to_the_score_beside_it(
    precision: str, shapes_detector: Detector, corner: Corner
) -> None:
    shown = shown_image(shapes_detector, images()["scene-0"])
    decoding = shapes_detector.decode(shown.observation)
    peaks = decoding.corners.top_left if corner == "top_left" else decoding.corners.bottom_right
    for k in range(5):
        label, (x, y) = int(peaks.labels[k]), peaks.cell_xy[k].tolist()
        evidence = corner_evidence(
            shapes_detector, shown.observation, CornerCell(corner, label, (x, y))
        )
        answer = corner_answer(shapes_detector, shown, corner, label, (x, y))
        assert torch.tensor(answer["logit"]).sigmoid() == pytest.approx(float(peaks.scores[k]))
        assert answer["pooled"] == pytest.approx(float(evidence.total.shares.sum()), abs=1e-4)
        assert evidence.pooled + evidence.rest == pytest.approx(answer["logit"], abs=1e-12)
        largest = 0.005 if precision == "fp32" else 0.05
        assert abs(evidence.rounding) < largest


@BOTH_PRECISIONS
@pytest.mark.parametrize("corner", CORNERS)
def test_the_microscope_shows_what_the_evidence_was_computed_from(
    shapes_detector: Detector, corner: Corner
) -> None:
    """What is sent, scanned anew, is what came out of the network's scans."""
    shown = shown_image(shapes_detector, images()["scene-1"])
    seen = shown.observation.top_left if corner == "top_left" else shown.observation.bottom_right
    answer = corner_answer(shapes_detector, shown, corner, 0, (20, 20))
    for scan in answer["scans"]:
        for direction, outs in (
            ("vertical", seen.pool.vertical_out),
            ("horizontal", seen.pool.horizontal_out),
        ):
            halves = np.frombuffer(base64.b64decode(scan[direction]), "<f2").copy()
            sent = torch.from_numpy(halves).reshape(1, *outs.shape[1:])
            assert torch.equal(sent[0], getattr(seen.pool, f"{direction}_in")[scan["channel"]])
            scanned = SCANS[corner][0 if direction == "vertical" else 1](sent)[0]
            assert torch.equal(scanned, outs[scan["channel"]])
