"""The offset lens and the strip of moved images say what Python computes."""

import pytest
import torch
from playwright.sync_api import expect

from cornernet.analysis.corner_cell import CornerCell
from cornernet.analysis.shift import shift_strip
from cornernet.boxes import iou_matrix
from cornernet.decode import Decoding, boxes_of_pairs
from cornernet.detector import Detector
from cornernet.ui.examples import example_files, example_truth
from cornernet.ui.shown import ShownImage
from tests.browser.conftest import PAIR, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
CELLS = (64, 48)


def test_the_lens_tells_what_offsets_are_worth(
    pinned: Visit, decoding: Decoding, served_shapes: tuple[str, Detector]
) -> None:
    captions = pinned.texts("#cn-lens figcaption")
    sides = decoding.corners.both
    for words, name, peaks, k in zip(
        captions, ("top-left", "bottom-right"), sides, PAIR, strict=False
    ):
        (x, y), (dx, dy) = peaks.cell_xy[k].tolist(), peaks.offset_xy[k].tolist()
        expected = f"{name}: cell ({x}, {y}) + offset ({dx:.3f}, {dy:.3f}) cells"
        assert words == expected.replace("-0", "\u22120")
    rows, columns = torch.tensor([PAIR[0]]), torch.tensor([PAIR[1]])
    exact = decoding.candidates.boxes_xyxy_px[decoding.candidates.top_left_index == PAIR[0]][:1]
    cells = torch.cat([sides[0].cell_xy[rows], sides[1].cell_xy[columns]], 1).double()
    rough = decoding.frame.from_cells(cells)
    spanned = boxes_of_pairs(decoding.corners, rows, columns)
    assert torch.allclose(decoding.frame.from_cells(spanned), exact)
    truth = example_truth(example_files()[1], served_shapes[1].categories)
    assert truth is not None
    real = truth.boxes_xyxy_px.double()
    between = float(iou_matrix(exact, rough))
    with_offsets, without = (float(iou_matrix(box, real).max()) for box in (exact, rough))
    gain = round(with_offsets, 3) - round(without, 3)  # of the numbers that are shown
    assert pinned.texts("#cn-lens .cn-readout")[1:] == [
        f"Box with and without offsets: IoU {between:.3f}. With the true box: "
        f"{with_offsets:.3f} with offsets, {without:.3f} without, "
        f"a {'gain' if gain > 0 else 'loss'} of {abs(gain):.3f}."
    ]


def test_the_lens_writes_out_the_way_from_cell_to_image_pixel(
    pinned: Visit, decoding: Decoding, seen: ShownImage
) -> None:
    boxes = decoding.candidates.boxes_xyxy_px[decoding.candidates.top_left_index == PAIR[0]][:1]
    original = boxes[0] * boxes.new_tensor(seen.original_per_shown_xy * 2)
    said = pinned.texts("#cn-lens .cn-ways li")
    for words, (x, y) in zip(said, (original[:2], original[2:]), strict=True):
        assert "stride 4" in words
        assert words.endswith(f"= ({x:.1f}, {y:.1f}) pixels of your image")
    cell = 4 / decoding.frame.scale_xy[0] * seen.original_per_shown_xy[0]
    worst = pinned.texts("#cn-lens .cn-readout")[0]
    assert worst.endswith(f"= {cell:g} pixels of your image.")


def test_the_strip_follows_a_corner_through_a_moved_image(
    pinned: Visit, decoding: Decoding, seen: ShownImage, served_shapes: tuple[str, Detector]
) -> None:
    peaks = decoding.corners.top_left
    x, y = peaks.cell_xy[PAIR[0]].tolist()
    steps = shift_strip(
        served_shapes[1],
        seen.observation,
        CornerCell("top_left", int(peaks.labels[PAIR[0]]), (x, y)),
    )
    pinned.page.get_by_role("button", name="Move the image by 0, 1, 2, 3 pixels").click()
    expect(pinned.page.locator("#cn-shift")).to_contain_text("off by at most", timeout=20_000)
    captions = pinned.texts("#cn-shift figcaption")
    assert len(captions) == len(steps) == 4
    for words, step in zip(captions, steps, strict=True):
        place = ", ".join(
            f"{v - padding:.1f}"
            for v, padding in zip(step.corner_xy_network_px, decoding.frame.shift_xy, strict=True)
        )
        assert f"moved by {step.shift_px} network px" in words
        assert f"cell ({step.cell_xy[0]}, {step.cell_xy[1]}) + offset" in words
        assert f": at {place} network px" in words
    jump = next(step.shift_px for step in steps if step.cell_xy != steps[0].cell_xy)
    assert f"the cell jumps after {jump} pixel" in pinned.texts("#cn-shift .cn-readout")[0]
