"""What the tour's stops on drawings claim is what their images show, at any precision."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from cornernet import load_detector
from cornernet.image_reading import open_image, to_rgb
from cornernet.ui.examples import example_files
from cornernet.ui.lessons import all_stops

STOPS = {stop["id"]: stop for stop in all_stops()}


@pytest.mark.parametrize("precision", ["auto", "fp32"])
def test_without_a_peak_window_two_dozen_boxes_become_five(precision: str) -> None:
    stop = STOPS["10-nms"]
    view = parse_qs(stop["view"])
    image = to_rgb(open_image(example_files()[int(view["example"][0]) - 1]))
    detector = load_detector("shapes", device="cpu", precision=precision)
    config = replace(detector.decode_config, peak_window=int(view["peakWindow"][0]))
    decoding = detector.decode(detector.observe(image), config)
    before = int((decoding.candidates.scores >= config.min_score).sum())
    assert before == pytest.approx(24, abs=2)
    assert len(decoding.detections.names) == 5
    assert "About two dozen boxes become 5" in stop["answer"]
