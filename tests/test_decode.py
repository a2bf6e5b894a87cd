"""Decoding against the official decoder's answer, and on maps whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from cornernet.config import DecodeConfig, config_from
from cornernet.decode import decide_again, decode, pair_corners
from cornernet.frame import Frame
from cornernet.peaks import best_cells, find_corners, find_peaks, local_maxima
from tests.handmade import CATEGORIES, frame_of, maps_with, official_maps


def test_kept_pairs_equal_the_official_decoder() -> None:
    maps, official = official_maps()
    config = DecodeConfig(top_k=70, max_embedding_distance=0.5, max_pairs=500, min_score=0.0)
    height, width = maps[0].logits.shape[2:]
    decoding = decode(maps, frame_of(height, width), CATEGORIES, config)
    pairs, candidates = decoding.pairing, decoding.candidates
    rows, columns = candidates.top_left_index, candidates.bottom_right_index
    ours = torch.cat(
        [
            decoding.corners.top_left.corner_xy_cell[rows],
            decoding.corners.bottom_right.corner_xy_cell[columns],
            pairs.scores[rows, columns][:, None],
            decoding.corners.top_left.scores[rows, None],
            decoding.corners.bottom_right.scores[columns, None],
            candidates.labels[:, None],
        ],
        1,
    )
    assert len(ours) == len(official) == int(pairs.is_kept.sum())

    def ordered(table: Tensor) -> Tensor:
        keys = [tuple(round(v, 3) for v in row) for row in table.tolist()]
        return table[sorted(range(len(keys)), key=keys.__getitem__)]

    assert torch.allclose(ordered(ours), ordered(official.double()), atol=1e-5)


def test_every_test_has_its_own_matrix() -> None:
    first = maps_with([(0, 2, 2, 5, 1.0), (1, 8, 8, 4, 3.0)])
    second = maps_with([(0, 6, 6, 5, 1.2), (1, 7, 12, 4, 2.0)])
    corners = find_corners((first, second), DecodeConfig(top_k=2))
    pairing = pair_corners(corners, DecodeConfig(max_embedding_distance=0.5))
    assert pairing.label_matches.tolist() == [[True, False], [False, True]]
    assert pairing.is_ordered.tolist() == [[True, True], [False, False]]
    assert pairing.embedding_is_close.tolist() == [[True, False], [False, False]]
    assert pairing.is_kept.tolist() == [[True, False], [False, False]]


def test_pairs_equal_a_loop_over_all_corners() -> None:
    maps, _ = official_maps()
    config = DecodeConfig(top_k=12)
    corners = find_corners(maps, config)
    first, second = corners.both
    pairing = pair_corners(corners, config)
    for i in range(12):
        for j in range(12):
            start, end = first.corner_xy_cell[i].tolist(), second.corner_xy_cell[j].tolist()
            distance = abs(first.embeddings[i].item() - second.embeddings[j].item())
            assert pairing.embedding_distance[i, j].item() == distance
            assert pairing.embedding_is_close[i, j].item() == (distance <= 0.5)
            assert pairing.is_ordered[i, j].item() == (end[0] >= start[0] and end[1] >= start[1])
            assert pairing.label_matches[i, j].item() == (first.labels[i] == second.labels[j])


def test_a_box_goes_from_corner_to_corner_in_original_pixels() -> None:
    maps = (maps_with([(3, 2, 4, 4, 0.0)]), maps_with([(3, 9, 12, 4, 0.1)]))
    frame = Frame(
        original_hw=(120, 120),
        network_hw=(64, 64),
        cells_hw=(16, 16),
        scale_xy=(0.5, 0.5),
        shift_xy=(2.0, 2.0),
    )
    detections = decode(maps, frame, CATEGORIES, DecodeConfig()).detections
    cells = np.array([2.25, 4.5, 9.25, 12.5])
    assert detections.boxes_xyxy_px.numpy() == pytest.approx(((cells * 4 - 2) / 0.5)[None])
    assert detections.names == ("d",)
    assert detections.scores[0].item() == pytest.approx(torch.tensor(4.0).sigmoid().item())


def test_weak_peaks_are_no_corners_where_the_config_says_so() -> None:
    maps = maps_with([(0, 2, 2, 3.0, 0.0), (1, 9, 9, -1.0, 0.0)])
    assert find_peaks(maps, DecodeConfig(min_corner_score=0.5)).labels.tolist() == [0]
    assert find_peaks(maps, DecodeConfig(min_corner_score=0.1)).labels.tolist() == [0, 1]
    assert find_peaks(maps, DecodeConfig(min_corner_score=1.0)).cell_xy.shape == (0, 2)


def test_maps_of_another_size_than_the_frames_are_refused() -> None:
    maps = (maps_with([]), maps_with([]))
    with pytest.raises(ValueError, match=r"^Expected maps of \(8, 16\) cells, but \(16, 16\)"):
        decode(maps, frame_of(8, 16), CATEGORIES, DecodeConfig())


def test_quiet_maps_give_no_detection() -> None:
    maps = (maps_with([]), maps_with([]))
    decoding = decode(maps, frame_of(16, 16), CATEGORIES, DecodeConfig())
    assert decoding.detections.boxes_xyxy_px.shape == (0, 4)
    assert decoding.detections.names == ()


def test_a_shared_corner_gives_two_boxes_and_soft_nms_orders_them() -> None:
    first = maps_with([(0, 2, 2, 6, 0.0)])
    second = maps_with([(0, 10, 10, 5, 0.0), (0, 12, 12, 4, 0.0)])
    config = DecodeConfig(min_score=0.01, min_corner_score=0.1)
    decoding = decode((first, second), frame_of(16, 16), CATEGORIES, config)
    assert decoding.candidates.scores.diff().le(0).all()
    assert len(decoding.detections.scores) == 2
    lowered = decoding.candidates.suppression
    assert lowered.strongest.tolist()[:2] == [-1, 0]
    assert decoding.detections.scores[1] < decoding.candidates.scores[1]


def test_only_the_best_are_kept() -> None:
    maps, _ = official_maps()
    config = DecodeConfig(min_score=0.0, max_detections=7, nms="none")
    decoding = decode(maps, frame_of(48, 64), CATEGORIES, config)
    assert len(decoding.detections.scores) == 7
    assert torch.equal(
        decoding.detections.scores.double(), decoding.candidates.scores[:7].float().double()
    )
    none = decode(maps, frame_of(48, 64), CATEGORIES, replace(config, max_detections=0))
    assert none.detections.boxes_xyxy_px.shape == (0, 4)


@pytest.mark.parametrize("window", [1, 3, 7])
def test_peaks_equal_a_full_sort_of_local_maxima(window: int) -> None:
    maps, _ = official_maps()
    config = DecodeConfig(top_k=50, peak_window=window)
    heat = maps[0].logits[0].sigmoid()
    is_peak = local_maxima(heat, window)
    cells = sorted(
        ((-heat[c, y, x].item(), c, y, x) for c, y, x in is_peak.nonzero().tolist()),
    )[:50]
    peaks = find_peaks(maps[0], config)
    assert peaks.labels.tolist() == [c for _, c, _, _ in cells]
    assert peaks.cell_xy.tolist() == [[x, y] for _, _, y, x in cells]
    assert peaks.scores.tolist() == [-score for score, *_ in cells]


@pytest.mark.parametrize("shape", [(1, 2, 3), (3, 7, 9), (8, 16, 20), (80, 13, 11)])
@pytest.mark.parametrize("top_k", [1, 20, 100])
@pytest.mark.parametrize("levels", [2, 50, 100_000])  # few: many equal values, in many cells
@pytest.mark.parametrize("is_by_cell", [True, False])
def test_the_best_cells_are_those_of_a_full_sort_however_memory_lies(
    shape: tuple[int, int, int], top_k: int, levels: int, is_by_cell: bool
) -> None:
    generator = torch.Generator().manual_seed(levels)
    heat = torch.randint(0, levels, shape, generator=generator) / levels
    is_peak = torch.rand(shape, generator=generator) < 0.3
    if is_by_cell:
        heat = heat[None].contiguous(memory_format=torch.channels_last)[0]
    least = 0.1
    ranked = sorted(
        (-value, index)
        for index, (value, peak) in enumerate(
            zip(heat.flatten().tolist(), is_peak.flatten().tolist(), strict=True)
        )
        if peak and value >= least
    )
    expected = [index for _, index in ranked[:top_k]]
    assert best_cells(heat, is_peak, top_k, least).tolist() == expected


@pytest.mark.parametrize("is_by_cell", [True, False])
def test_local_maxima_equal_the_definition(is_by_cell: bool) -> None:
    heat = torch.rand(2, 6, 7)
    if is_by_cell:
        heat = heat[None].contiguous(memory_format=torch.channels_last)[0]
    for window in (3, 5):
        reach = window // 2
        for c, y, x in np.ndindex(2, 6, 7):
            around = heat[c, max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
            assert local_maxima(heat, window)[c, y, x] == (heat[c, y, x] == around.max())


def test_ties_are_taken_in_index_order_and_top_k_may_exceed_the_map() -> None:
    maps = maps_with([], shape=(1, 2, 3))
    peaks = find_peaks(maps, DecodeConfig(top_k=1000))
    assert peaks.cell_xy.tolist() == [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
    assert find_peaks(maps, DecodeConfig(top_k=2)).cell_xy.tolist() == [[0, 0], [1, 0]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"top_k": 0},
        {"top_k": 1001},
        {"peak_window": 2},
        {"peak_window": 33},
        {"max_embedding_distance": -0.1},
        {"min_score": 1.5},
        {"nms_sigma": 0.0},
        {"nms_iou": 2.0},
        {"max_pairs": 0},
    ],
)
def test_settings_out_of_range_are_refused_in_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^Expected .*, but .* was given\.$"):
        DecodeConfig(**wrong)


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="min_scor"):
        config_from(DecodeConfig, {"min_scor": 0.5})


def test_deciding_again_equals_decoding_with_the_other_settings() -> None:
    maps, _ = official_maps()
    first = DecodeConfig(top_k=70, min_score=0.0)
    other = replace(first, max_embedding_distance=0.05, min_score=0.2, nms="linear", max_pairs=9)
    frame = frame_of(*maps[0].logits.shape[2:])
    again = decide_again(decode(maps, frame, CATEGORIES, first), other)
    expected = decode(maps, frame, CATEGORIES, other)
    assert again.config == other
    assert len(expected.detections.scores) > 0
    assert torch.equal(again.detections.boxes_xyxy_px, expected.detections.boxes_xyxy_px)
    assert torch.equal(again.candidates.suppression.scores, expected.candidates.suppression.scores)
