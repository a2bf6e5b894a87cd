"""What the explorer gets: every corner that Python would find, exactly; small; and safe."""

import dataclasses
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from cornernet.analysis.verdicts import Verdict
from cornernet.config import DecodeConfig, NmsKind
from cornernet.detector import Detector, load_detector
from cornernet.figures.palette import VERDICT_COLOURS
from cornernet.observation import ObservedCorner
from cornernet.paths import EXPLORER
from cornernet.peaks import find_peaks, local_maxima
from cornernet.ui.examples import example_files, example_truth
from cornernet.ui.explorer import payload as payload_module
from cornernet.ui.explorer.answers import detected_answers
from cornernet.ui.explorer.bundle import explorer_script, explorer_style
from cornernet.ui.explorer.corners import corner_union, surviving_windows
from cornernet.ui.explorer.counts import counts_above
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.explorer.standalone import standalone_page
from cornernet.ui.lessons import panel_texts, tour_stops
from cornernet.ui.shown import ShownImage, shown_image
from cornernet.ui.thresholds import LARGEST_TOP_K, SLIDERS, THRESHOLDS, WINDOWS, camel, settings_of
from tests.page import read_example


@pytest.fixture(scope="module")
def shapes() -> Detector:
    return load_detector("shapes", device="cpu")


@pytest.fixture(scope="module")
def shown(shapes: Detector) -> ShownImage:
    return shown_image(
        shapes, read_example(1), truth=example_truth(example_files()[1], shapes.categories)
    )


def test_surviving_windows_follow_the_definition() -> None:
    heatmap = torch.randint(0, 6, (2, 13, 17), generator=torch.Generator().manual_seed(3)).float()
    survives = surviving_windows(heatmap)
    for window in WINDOWS:
        assert torch.equal(survives >= window, local_maxima(heatmap, window))


def test_counts_above_follow_the_definition() -> None:
    generator = torch.Generator().manual_seed(3)
    heatmap = torch.randint(0, 101, (2, 13, 17), generator=generator).double().div(100).float()
    counts = counts_above(heatmap, surviving_windows(heatmap), WINDOWS)
    for window in WINDOWS:
        scores = heatmap[local_maxima(heatmap, window)]
        assert counts[str(window)] == [int((scores >= k / 100).sum()) for k in range(51)]


def corners_by(columns: dict[str, list[float]], window: int, least: float, top_k: int) -> list[int]:
    """Filter as the browser does: the columns come sorted, the best first."""
    rows = range(len(columns["x"]))
    kept = [k for k in rows if columns["window"][k] >= window and columns["score"][k] >= least]
    return kept[:top_k]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("top_k", [1, 7, 100, LARGEST_TOP_K])
@pytest.mark.parametrize("least", [0.0, 0.1])
def test_the_union_holds_what_python_finds(
    shapes: Detector, shown: ShownImage, window: int, top_k: int, least: float
) -> None:
    payload = build_payload(shown, shapes, footer="", answers=[])
    config = DecodeConfig(peak_window=window, top_k=top_k, min_corner_score=least)
    corners: tuple[tuple[str, ObservedCorner], ...] = (
        ("topLeft", shown.observation.top_left),
        ("bottomRight", shown.observation.bottom_right),
    )
    for side, corner in corners:
        peaks, columns = find_peaks(corner.maps, config), payload[side]
        rows = corners_by(columns, window, least, top_k)
        assert [columns["label"][k] for k in rows] == peaks.labels.tolist()
        assert [[columns["x"][k], columns["y"][k]] for k in rows] == peaks.cell_xy.tolist()
        assert [columns["score"][k] for k in rows] == peaks.scores.tolist()
        assert [columns["embedding"][k] for k in rows] == peaks.embeddings.tolist()
        offsets = [[columns["offsetX"][k], columns["offsetY"][k]] for k in rows]
        assert offsets == peaks.offset_xy.tolist()


def test_equal_scores_keep_their_order(shown: ShownImage) -> None:
    corner = shown.observation.top_left
    flat = replace(corner, maps=replace(corner.maps, logits=torch.zeros_like(corner.maps.logits)))
    union = corner_union(flat)
    assert union.windows.tolist() == [WINDOWS[-1]] * LARGEST_TOP_K
    assert torch.equal(union.peaks.cell_xy, find_peaks(flat.maps, DecodeConfig(top_k=200)).cell_xy)


def test_a_payload_is_small_and_plain(shapes: Detector, shown: ShownImage) -> None:
    payload = build_payload(shown, shapes, footer="", answers=detected_answers(shapes, shown))
    text = json.dumps(payload, allow_nan=False)
    assert len(text) < 1_000_000
    assert payload["pooling"] == {"name": "corner pooling", "note": ""}
    assert json.loads(text) == payload  # nothing but what JSON has, keys included
    assert {camel(one.field) for one in SLIDERS} <= set(payload["settings"])


def test_a_network_without_corner_pooling_says_so_and_is_explained_all_the_same(
    otherwise_pooling_detector: Detector,
) -> None:
    detector = otherwise_pooling_detector
    pooling = detector.network.config.pooling
    shown = shown_image(detector, np.full((48, 64, 3), 90, np.uint8))
    payload = build_payload(shown, detector, footer="", answers=detected_answers(detector, shown))
    words = {"window": "maximum of the 5 × 5 cells", "none": "keeps its own value"}[pooling]
    assert words in payload["pooling"]["note"]
    (chip,) = (step["chip"] for step in payload["ribbon"] if step["name"] == "pooling")
    assert chip.startswith({"window": "4 windows' maxima", "none": "none in this"}[pooling])
    answers = [kept["answer"] for kept in payload["answers"]]
    assert answers
    assert all("evidence" in answer for answer in answers)


def test_the_scores_of_a_heatmap_are_computed_once(
    shapes: Detector, shown: ShownImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, sigmoid = [], torch.Tensor.sigmoid
    monkeypatch.setattr(torch.Tensor, "sigmoid", lambda x: runs.append(x.shape) or sigmoid(x))
    monkeypatch.setattr(payload_module, "hint_of", lambda *_: None)  # decodes, for itself
    build_payload(shown, shapes, footer="", answers=[])
    assert len(runs) == 2


def test_words_and_colours_are_those_of_the_figures(shapes: Detector, shown: ShownImage) -> None:
    sent = build_payload(shown, shapes, footer="", answers=[])["vocabulary"]
    for fate in Verdict:
        colour = "#" + bytes(VERDICT_COLOURS[fate]).hex()
        said = {"letter": fate.letter, "words": fate.words, "colour": colour}
        assert said.items() <= sent["verdicts"][fate].items()
    assert sent["sides"] == {"topLeft": "top-left", "bottomRight": "bottom-right"}
    assert [one["name"] for one in sent["nms"]] == list(get_args(NmsKind))
    of_tests = Path(__file__).parent / "explorer" / "vocabulary.json"
    assert json.loads(of_tests.read_text(encoding="utf-8")) == sent


def test_one_table_holds_every_threshold() -> None:
    fields = [field.name for field in dataclasses.fields(DecodeConfig)]
    assert {one.field for one in THRESHOLDS} == set(fields) - {"max_pairs", "max_detections"}
    assert set(settings_of(DecodeConfig())) == {camel(name) for name in fields}
    for one in SLIDERS:
        for value in (one.minimum, one.maximum):  # what is offered is possible
            whole = int(value) if one.step >= 1 else value
            replace(DecodeConfig(), **{one.field: whole})


def test_a_large_photo_stays_under_a_megabyte(shapes: Detector) -> None:
    rng = np.random.default_rng(0)
    blocks = rng.integers(0, 256, (60, 80, 3), dtype=np.uint8).repeat(30, 0).repeat(30, 1)
    payload = build_payload(shown_image(shapes, blocks), shapes, footer="", answers=[])
    assert len(json.dumps(payload)) < 1_000_000


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "${alert(1)}", "<!--"])
def test_names_cannot_leave_the_data_of_a_saved_page(
    shapes: Detector, shown: ShownImage, name: str
) -> None:
    payload = build_payload(shown, shapes, footer="", answers=[]) | {"categories": [name] * 8}
    page = standalone_page(payload, "")
    assert page.count("<script") == 2
    assert page.count("</script>") == 2
    data = re.search(r'type="application/json" id="payload">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["payload"]["categories"] == [name] * 8


def modules() -> Iterator[Path]:
    return EXPLORER.rglob("*.js")


def test_all_modules_are_linked() -> None:
    script = explorer_script("page")
    for module in modules():
        if not module.stem.endswith("types"):
            name = module.relative_to(EXPLORER).with_suffix("").as_posix()
            assert f"modules['{name}'] = (" in script
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)


def test_the_explorer_asks_no_other_machine() -> None:
    text = explorer_script("page") + explorer_style()
    assert not re.search(r"https?://|\bfetch\(|XMLHttpRequest|innerHTML|insertAdjacentHTML", text)


def test_every_panel_has_its_text() -> None:
    panels = re.findall(r'^  \["(\w+)", "', (EXPLORER / "main.js").read_text(), re.MULTILINE)
    assert set(panel_texts()) == set(panels)
    assert all(text["title"] and text["text"] for text in panel_texts().values())


def test_the_tour_leads_to_panels_and_images_that_exist() -> None:
    stops = tour_stops()
    assert len(stops) >= 10
    for stop in stops:
        assert stop["panel"] in panel_texts()
        assert stop["paragraphs"]
        assert stop["question"].endswith("?")
        assert stop.get("setting") in {None, *(camel(one.field) for one in SLIDERS)}
        assert stop.get("tab") in {None, "what-if", "truth"}
        example = re.search(r"example=(\d+)", stop["view"])
        assert example is None or 1 <= int(example[1]) <= len(example_files())
