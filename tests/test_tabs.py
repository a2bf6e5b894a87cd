"""Facts about the tabs "What if?", "Sandbox" and "Truth" that need no browser."""

import gzip
import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
import torch
from gradio.data_classes import ImageData
from PIL import Image

from cornernet.analysis.box_marks import box_marks
from cornernet.analysis.truth import compare, error_analysis
from cornernet.analysis.what_if import Alternative, Changes, Switches, changes, what_if
from cornernet.boxes import LabelledBoxes
from cornernet.config import DecodeConfig, ViewsConfig
from cornernet.data.radius import gaussian_radius, gaussian_sigma
from cornernet.detector import Detector
from cornernet.figures.marked_boxes import changed_boxes, compared_boxes, draw_marked
from cornernet.figures.radius import draw_radius
from cornernet.figures.targets import Aim, draw_miss_weight, draw_target
from cornernet.model.network import CornerNet
from cornernet.presets import PRESETS
from cornernet.ui.safe_image import safe_image
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage, plain, sentence, shown_image
from cornernet.ui.tabs.known_truth import known_truth, read_annotations
from cornernet.ui.tabs.sandbox import Sandbox, blank_sheet, drawn, make_sandbox_tab
from cornernet.ui.tabs.truth import Truth, make_truth_tab, marks_of
from cornernet.ui.tabs.truth_losses import NO_OBJECT, NO_TRUTH, losses_words
from cornernet.ui.tabs.truth_radius import show_radius
from cornernet.ui.tabs.truth_table import COMPARED_HEAD, ERROR_HEAD, compared_rows, error_rows
from cornernet.ui.tabs.truth_targets import show_targets
from cornernet.ui.tabs.views import SCALES, Looks
from cornernet.ui.tabs.what_if import (
    ONE_HOURGLASS,
    WhatIf,
    make_what_if_tab,
    sentence_of,
    switch_texts,
)
from tests.conftest import detector_of
from tests.tiny import TINY

NAMES = [f.name for f in fields(Switches)]
OFF = [False] * len(NAMES)
TRUTH = LabelledBoxes(
    boxes_xyxy_px=torch.tensor([[3.0, 4.0, 30.0, 40.0], [20.0, 10.0, 55.0, 33.0]]),
    labels=torch.tensor([0, 2]),
)


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(6).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture
def shown(tiny_detector: Detector) -> ShownImage:
    return shown_image(tiny_detector, noise(48, 60), truth=TRUTH)


@pytest.fixture
def without_truth(tiny_detector: Detector) -> ShownImage:
    return shown_image(tiny_detector, noise(48, 60))


def shelf_of(detector: Detector) -> Shelf:
    return Shelf("tiny", lambda _: detector)


def refuse(_: str) -> Detector:
    raise AssertionError("loaded")


def all_tabs() -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as demo:
        shown = gr.State()
        for name, make in (
            ("What if?", make_what_if_tab),
            ("Sandbox", make_sandbox_tab),
            ("Truth", make_truth_tab),
        ):
            with gr.Tab(name):
                make(shown, Shelf("tiny", refuse))
    return demo


def test_building_the_tabs_loads_no_model_and_offers_nothing_to_programs() -> None:
    demo = all_tabs()
    assert demo.get_api_info()["named_endpoints"] == {}
    waiting = {unbound(f.fn) for f in demo.fns.values() if f.concurrency_id == "model"}
    assert waiting == {
        WhatIf.show_both,
        WhatIf.show_after,
        Looks.look,
        Sandbox.paint_over,
        Sandbox.answer_drawing,
    }


def unbound(function: Any) -> Any:
    """Give the function behind a method, so that methods of two objects are the same."""
    return getattr(function, "__func__", function)


def test_every_answer_fills_all_its_outputs(
    tiny_detector: Detector, shown: ShownImage, without_truth: ShownImage
) -> None:
    counts = {unbound(f.fn): len(f.outputs) for f in all_tabs().fns.values()}

    def fills(function: Any, *given: Any) -> bool:
        return len(function(*given)) == counts[unbound(function)]

    tab, sandbox, truth = (kind(shelf=shelf_of(tiny_detector)) for kind in (WhatIf, Sandbox, Truth))
    drawing = {"composite": Image.fromarray(noise(40, 50)).convert("RGBA")}
    for given in (None, shown, without_truth):
        assert fills(tab.show_both, given, *OFF)
        assert fills(tab.show_after, given, *OFF)
        assert fills(truth.show, given, None, 0.3)
        assert fills(show_targets, given, None, 0.3)
    assert fills(sandbox.new_sheet)
    assert fills(sandbox.paint_over, shown)
    assert all(fills(sandbox.answer_drawing, paper) for paper in (None, drawing))
    assert fills(show_radius, 20, 12, 0.3)


# What if?


def test_every_switch_has_its_text_in_order() -> None:
    assert [text.name for text in switch_texts()] == NAMES
    assert all("look for" in text.look_for for text in switch_texts())


def test_with_nothing_switched_off_both_sides_are_equal(
    tiny_detector: Detector, shown: ShownImage
) -> None:
    said, *pictures = WhatIf(shelf=shelf_of(tiny_detector)).show_both(shown, *OFF)
    assert "both sides are equal" in said
    for after, before in zip(pictures[:3], pictures[3:6], strict=True):
        np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize(("stacks", "is_offered"), [(1, False), (2, True)])
def test_the_first_hourglass_is_a_switch_where_another_answers(
    stacks: int, is_offered: bool
) -> None:
    tiny = CornerNet(replace(TINY, stacks=stacks)).eval()
    detector = detector_of(tiny.requires_grad_(False), "fp32")
    tab, image = WhatIf(shelf=shelf_of(detector)), shown_image(detector, noise(48, 60))
    said, *_, switch, words = tab.show_both(image, *OFF[1:], True)
    assert (switch["interactive"], switch["value"]) == (is_offered, is_offered)
    assert (words == ONE_HOURGLASS) != is_offered
    assert ("both sides are equal" in said) != is_offered


def test_a_switch_changes_the_right_side_only(tiny_detector: Detector, shown: ShownImage) -> None:
    tab = WhatIf(shelf=shelf_of(tiny_detector))
    nothing, one = tab.show_both(shown, *OFF), tab.show_both(shown, True, *OFF[1:])
    for before, still in zip(nothing[4:7], one[4:7], strict=True):
        np.testing.assert_array_equal(before, still)
    assert not np.array_equal(nothing[2], one[2])
    assert "The last heads ran again" in one[0]


def alternative(answer: Alternative, **switches: bool) -> Alternative:
    return Alternative(
        switches=Switches(**switches),
        top_left=answer.top_left,
        bottom_right=answer.bottom_right,
        decoding=answer.decoding,
        milliseconds=12.3,
    )


@pytest.mark.parametrize(
    ("switches", "changed", "model", "words"),
    [
        ({}, ((), (), (), ()), {}, "both sides are equal"),
        ({"no_nms": True}, ((), (), (), ()), {}, "0 boxes before, 0 after: **still none**"),
        (
            {"no_nms": True},
            (((0, 0),), (), (), ()),
            {},
            "1 box before, 1 after: **the same boxes**",
        ),
        (
            {"ignore_offsets": True},
            (((0, 0),), ((1, 1),), (2, 3), (2,)),
            {},
            "3 boxes before, 4 after: **2 gained, 1 lost, 1 moved,** 1 as before. "
            "The network did not run again",
        ),
        ({"first_stack": True}, ((), (), (), ()), {}, "ran again up to its first heads (12 ms)."),
        (
            {"first_stack": True},
            ((), (), (), ()),
            {"stacks": 1},
            "one hourglass, so the first is the last",
        ),
        (
            {"without_pooling": True},
            ((), (), (), ()),
            {"pooling": "none"},
            "The last heads ran again (12 ms). This model has no corner pooling to take away.",
        ),
        ({"without_pooling": True}, ((), (), (), ()), {"pooling": "window"}, "they were taken"),
        ({"without_pooling": True}, ((), (), (), ()), {}, "The last heads ran again (12 ms)."),
    ],
)
def test_the_sentence_counts(
    switches: dict[str, bool],
    changed: tuple[Any, Any, Any, Any],
    model: dict[str, Any],
    words: str,
    tiny_detector: Detector,
    shown: ShownImage,
) -> None:
    same, moved, gained, lost = changed
    told = Changes(same=same, moved=moved, gained=gained, lost=lost, score_change=0.0)
    answer = what_if(tiny_detector, shown.observation, Switches())
    assert words in sentence_of(alternative(answer, **switches), told, replace(TINY, **model))


def test_changed_boxes_are_told_by_letter(tiny_detector: Detector, shown: ShownImage) -> None:
    seen = shown.observation
    config = DecodeConfig(min_score=0.0, top_k=60, max_embedding_distance=100)
    before, after = (
        what_if(tiny_detector, seen, switches, config).decoding
        for switches in (Switches(), Switches(ignore_offsets=True))
    )
    changed = changes(before, after)
    letters = [mark.text[:2] for mark in changed_boxes(before, after, changed)]
    assert letters.count("L ") == len(changed.lost)
    assert letters.count("G ") == len(changed.gained)
    assert letters.count("M ") == len(changed.moved)
    assert len(letters) == len(changed.lost) + len(after.detections.scores)
    assert len(before.detections.scores) > 0


# Sandbox.


@pytest.mark.parametrize(
    "drawing",
    [
        None,
        {"background": None, "layers": [], "composite": None},
        {"composite": blank_sheet()},
        {"composite": Image.new("RGBA", (30, 20), (0, 0, 0, 0))},
        {"composite": Image.new("RGB", (1, 1), "red")},
    ],
    ids=["nothing", "no canvas", "blank sheet", "transparent", "one pixel"],
)
def test_an_empty_sheet_says_so_and_runs_nothing(drawing: dict[str, Any] | None) -> None:
    said, *pictures = Sandbox(shelf=Shelf("tiny", refuse)).answer_drawing(drawing)
    assert "The sheet is empty" in said
    assert len(pictures) == 3


def test_a_drawing_is_answered_like_an_image(tiny_detector: Detector) -> None:
    image = noise(40, 50)
    composite = Image.fromarray(image).convert("RGBA")
    np.testing.assert_array_equal(drawn({"composite": composite}), image)
    said, *_ = Sandbox(shelf=shelf_of(tiny_detector)).answer_drawing({"composite": composite})
    count = len(tiny_detector.detect(image).scores)
    assert said.startswith(f"**{count} objects:**")
    assert re.search(r"Answered in \d+ ms \(model shapes, network \d+ ms\)", said)


def test_painting_over_begins_with_the_image(tiny_detector: Detector, shown: ShownImage) -> None:
    sandbox = Sandbox(shelf=shelf_of(tiny_detector))
    sheet, *_ = sandbox.paint_over(shown)
    np.testing.assert_array_equal(np.asarray(sheet), shown.observation.image)
    large = shown_image(tiny_detector, noise(300, 1500))
    assert max(sandbox.paint_over(large)[0].size) == 512
    with pytest.raises(gr.Error, match="choose one first"):
        sandbox.paint_over(None)


# Truth.


def test_a_drawn_scene_knows_its_truth(shown: ShownImage) -> None:
    known = known_truth(shown, None)
    assert known.boxes is not None
    assert known.boxes.boxes_xyxy_px.equal(TRUTH.boxes_xyxy_px)
    assert "2 objects" in known.words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("scene=1", "**The truth is known:** 2 objects."),
        ("example=coffee", "2 objects. Its boxes were drawn by hand, for this page."),
        ("example=motorcycle", "were not looked for: a false alarm may be one."),
    ],
)
def test_it_is_said_who_drew_true_boxes(shown: ShownImage, source: str, words: str) -> None:
    assert known_truth(replace(shown, source=source), None).words.endswith(words)


def test_nothing_that_the_model_knows_is_a_truth_too(
    tiny_detector: Detector, shown: ShownImage
) -> None:
    none = LabelledBoxes(boxes_xyxy_px=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.int64))
    empty = replace(shown, truth=none, source="example=lion")
    said, _, *panels, losses = Truth(shelf=shelf_of(tiny_detector)).show(empty, None, 0.3)
    assert said == "**The truth is known:** nothing here is of a kind that this model knows."
    assert NO_OBJECT in losses
    errors, boxes = (panel for panel in panels if isinstance(panel, list))
    assert [row[1:3] for row in errors] == [[0, 0]] * 3
    assert [row[5] for row in boxes] == [""] * len(boxes)
    assert "Nothing that is there" in sentence(empty, tiny_detector.decode(empty.observation))


def test_the_truth_of_a_large_image_shrinks_with_it(tiny_detector: Detector) -> None:
    truth = LabelledBoxes(
        boxes_xyxy_px=torch.tensor([[100.0, 50.0, 2000.0, 900.0]]), labels=torch.tensor([1])
    )
    large = shown_image(tiny_detector, noise(1000, 2560), truth=truth)
    known = known_truth(large, None)
    assert known.boxes is not None
    assert known.boxes.boxes_xyxy_px.tolist() == [[50.0, 25.0, 1000.0, 450.0]]
    assert "1 object." in known.words


def test_without_truth_the_panels_say_what_to_do(
    tiny_detector: Detector, without_truth: ShownImage
) -> None:
    truth = Truth(shelf=shelf_of(tiny_detector))
    for given, words in ((None, "choose one"), (without_truth, "annotations in COCO format")):
        said, *panels, _ = truth.show(given, None, 0.3)
        assert words in said
        assert [panel for panel in panels if isinstance(panel, list)] == [[], []]


def annotations(tmp_path: Path, width: int, names: tuple[str, ...]) -> Path:
    content = {
        "images": [{"id": 1, "file_name": "a.png", "width": width, "height": 48}],
        "categories": [{"id": k, "name": name} for k, name in enumerate(names)],
        "annotations": [
            {"image_id": 1, "category_id": k, "bbox": [5, 6, 20, 30]} for k in range(len(names))
        ],
    }
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(content))
    return path


def test_annotations_of_a_visitor_are_taken(tmp_path: Path, without_truth: ShownImage) -> None:
    hostile = "![x](http://evil.example/x.png)"
    folder = read_annotations(str(annotations(tmp_path, 60, ("blue", hostile))))
    known = known_truth(replace(without_truth, name="a.png"), folder)
    assert known.boxes is not None
    assert known.boxes.boxes_xyxy_px.tolist() == [[5, 6, 25, 36]]
    assert known.boxes.labels.tolist() == [2]
    assert "the model does not know" in known.words
    assert hostile not in known.words
    assert plain(hostile) in known.words


def test_annotations_of_other_images_get_a_sentence(
    tmp_path: Path, without_truth: ShownImage
) -> None:
    folder = read_annotations(str(annotations(tmp_path, 61, ("blue",))))
    known = known_truth(without_truth, folder)
    assert known.boxes is None
    assert "an image of 60 x 48 pixels" in known.words


def test_a_size_alone_is_asked_about(
    tmp_path: Path, without_truth: ShownImage, tiny_detector: Detector
) -> None:
    """Another photograph of the same camera has the same size."""
    folder = read_annotations(str(annotations(tmp_path, 60, ("blue",))))
    shown, truth = replace(without_truth, name="b.png"), Truth(shelf=shelf_of(tiny_detector))
    said, choice, *_ = truth.show(shown, folder, 0.3)
    assert said.startswith(r"**Which image is it?** The annotations list none called b.png")
    ((name, key),) = choice["choices"]
    assert (name, choice["visible"], choice["value"]) == ("a.png", True, None)
    said, choice, *_ = truth.show(shown, folder, 0.3, key)
    assert "1 object" in said
    assert choice["value"] == key
    other = replace(shown, key="another image")
    said, choice, *_ = truth.show(other, folder, 0.3, key)
    assert said.startswith("**Which image is it?**")
    assert choice["value"] is None


def test_what_was_odd_about_annotations_is_told(tmp_path: Path, without_truth: ShownImage) -> None:
    path = annotations(tmp_path, 60, ("blue", " Red"))
    content = json.loads(path.read_text())
    content["annotations"][1]["ignore"] = 1
    content["annotations"].append({"id": 9, "image_id": 1, "category_id": 0, "bbox": None})
    content["images"][0]["labelled"] = ["blue"]
    path.write_text(json.dumps(content))
    known = known_truth(replace(without_truth, name="a.png"), read_annotations(str(path)))
    assert known.boxes is not None
    assert known.boxes.labels.tolist() == [2]
    for words in (
        "- left out: annotations without a box: 1 (annotation 9)",
        "Names taken for the model's: Red as red.",
        "1 objects that are marked to be ignored",
        "Not all of the model's categories were looked for",
    ):
        assert words in known.words.replace("\\", "")


def test_gzipped_annotations_are_not_unpacked_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(gzip.compress(b"{}"))
    with pytest.raises(ValueError, match=r"Expected mine\.json to be unpacked"):
        read_annotations(str(path))


def test_a_visitor_s_file_keeps_its_name(tmp_path: Path, tiny_detector: Detector) -> None:
    Image.fromarray(noise(48, 60)).save(tmp_path / "stored.png")
    image = safe_image().preprocess(
        ImageData(path=str(tmp_path / "stored.png"), orig_name="street.png")
    )
    assert shown_image(tiny_detector, image).name == "street.png"
    assert shown_image(tiny_detector, noise(48, 60)).name == ""


@pytest.mark.parametrize("text", ["", "{}", "[]", "{nonsense", "\x00\xff"])
def test_files_that_hold_no_annotations_get_a_sentence(
    text: str, tmp_path: Path, tiny_detector: Detector
) -> None:
    path = tmp_path / "mine.json"
    path.write_text(text)
    truth = Truth(shelf=shelf_of(tiny_detector))
    with pytest.raises(
        gr.Error, match=r"Expected COCO-format annotations .* in mine\.json"
    ) as told:
        truth.read(str(path))
    assert str(tmp_path) not in str(told.value)
    path.unlink()
    with pytest.raises(gr.Error, match="no longer kept"):
        truth.read(str(path))
    assert truth.read(None) is None


@pytest.mark.parametrize(
    "text", ["a_b*c", "![x](y)", "<img src=x>", "${alert(1)}", "# no\n\n- list", "`code` $x$"]
)
def test_escaped_text_has_no_bare_mark(text: str) -> None:
    assert re.sub(r"\\[^\w\s]", "", plain(text)).strip("abcdefghijklmnopqrstuvwxyz_1 ") == ""


def test_tables_pictures_and_counts_agree(tiny_detector: Detector, shown: ShownImage) -> None:
    seen, config = (
        shown.observation,
        DecodeConfig(min_score=0.0, top_k=60, max_embedding_distance=100),
    )
    found = tiny_detector.decode(seen, config).detections
    assert len(found.scores) > 1
    truth = LabelledBoxes(
        boxes_xyxy_px=torch.cat([TRUTH.boxes_xyxy_px, found.boxes_xyxy_px[:1]]),
        labels=torch.cat([TRUTH.labels, found.labels[:1]]),
    )
    steps = error_analysis(seen, truth, config)
    all_marks = marks_of(steps)
    for step, row, given in zip(steps, error_rows(steps), all_marks, strict=True):
        rows = compared_rows(shown, step, truth, given)
        marks = [str(r[0]) for r in rows]
        kinds = [sum(mark.startswith(kind) for mark in marks) for kind in "HMF"]
        assert row[1:4] == kinds
        assert kinds[0] + kinds[1] == len(truth)
        drawn_marks = [
            mark.text.split()[0]
            for mark in compared_boxes(step.decoding, truth, step.matching, given)
            if mark.text
        ]
        assert sorted(drawn_marks) == sorted(marks)
        assert len(set(marks)) == len(marks)
        assert all(len(r) == len(COMPARED_HEAD) for r in rows)
        assert [bool(r[-1]) for r in rows] == [not mark.startswith("H") for mark in marks]
        assert len(row) == len(ERROR_HEAD)


def test_the_loss_is_one_line_with_the_weights_of_the_training(
    tiny_detector: Detector, shown: ShownImage
) -> None:
    for name, preset in PRESETS.items():
        train = preset.train
        said = losses_words(tiny_detector, shown.observation, TRUTH, name)
        rule, now, alone = said.split("\n\n")
        weights = [train.pull_weight, train.push_weight, train.offset_weight]
        for line in (rule, now):
            assert [float(w) for w in re.findall(r"([\d.]+) ×", line)] == weights
        values = [float(v) for v in re.findall(r"[=×+] (\d\.?\d*)(?= [+=])", now)]
        assert float(re.findall(r"\*\*([\d.]+)\*\*, of", now)[0]) == pytest.approx(
            values[0] + sum(w * v for w, v in zip(weights, values[1:], strict=True)),
            abs=0.5e-4 * (2 + sum(weights)),  # every number is rounded
        )
        assert "push 1.000, its worst" in alone
    assert "does not tell its own" in losses_words(tiny_detector, shown.observation, TRUTH, "mine")
    assert NO_TRUTH in losses_words(tiny_detector, shown.observation, None, "shapes")


@pytest.mark.parametrize("corner", ["top_left", "bottom_right"])
def test_targets_and_weights_are_drawn_where_corners_are(corner: Any, shown: ShownImage) -> None:
    seen = shown.observation
    nothing = LabelledBoxes(
        boxes_xyxy_px=torch.zeros((0, 4)), labels=torch.zeros(0, dtype=torch.int64)
    )

    def aim(truth: LabelledBoxes, min_overlap: float = 0.3) -> Aim:
        return Aim(observation=seen, truth=truth, min_overlap=min_overlap)

    for draw in (draw_target, draw_miss_weight):
        with_truth, without = (draw(aim(truth), corner) for truth in (TRUTH, nothing))
        assert with_truth.shape == without.shape
        assert not np.array_equal(with_truth, without)
    flat = draw_miss_weight(aim(nothing), corner)
    assert np.ptp(flat.reshape(-1, 3), axis=0).max() == 0  # every false corner costs in full
    wide = draw_miss_weight(aim(TRUTH, 0.05), corner)
    assert wide.mean() < draw_miss_weight(aim(TRUTH, 0.9), corner).mean()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (128, 1), (20, 12), (128, 128)])
@pytest.mark.parametrize("overlap", [0.05, 0.3, 0.95])
def test_the_radius_is_told_and_drawn(width: int, height: int, overlap: float) -> None:
    said, figure = show_radius(width, height, overlap)
    for pattern in (r"IoU of \*\*([\d.]+)\*\*", r"the worst has ([\d.]+)\."):
        told = re.search(pattern, said)
        assert told is not None
        assert float(told[1]) >= overlap - 0.0006  # told to three places
    assert figure.shape == draw_radius(3, 4, 0.5).shape
    assert f"= {gaussian_sigma(int(gaussian_radius(height, width, overlap))):.2f} cells" in said


def test_marks_are_drawn_even_when_there_are_none(
    shown: ShownImage, tiny_detector: Detector
) -> None:
    seen = shown.observation
    nothing = draw_marked(seen.image, ())
    decoding = tiny_detector.decode(seen)
    matching = compare(decoding, TRUTH)
    (marks,) = box_marks((decoding.detections.boxes,), (matching,))
    some = draw_marked(seen.image, compared_boxes(decoding, TRUTH, matching, marks))
    assert nothing.shape == some.shape
    assert not np.array_equal(nothing, some)


def test_more_looks_answer_as_the_library_does(shown: ShownImage, tiny_detector: Detector) -> None:
    looks = Looks(shelf=shelf_of(tiny_detector))
    said, once, often = looks.look(shown, False, False)
    assert "One look" in said
    np.testing.assert_array_equal(once, often)
    for flip, scales, count in ((True, False, 2), (False, True, 5), (True, True, 10)):
        said, again, often = looks.look(shown, flip, scales)
        views = ViewsConfig(flip=flip, scales=SCALES if scales else (1.0,))
        found = tiny_detector.detect(shown.observation.image, views=views)
        assert f"**{count} looks:** {len(found.scores)} boxes" in said
        np.testing.assert_array_equal(again, once)
        assert not np.array_equal(often, once)
    said, *pictures = looks.look(None, True, True)
    assert said.startswith("No image")
    assert len(pictures) == 2
