"""Published layouts are told apart, mapped and checked: on small networks of the same structure."""

import json
import pickle
import re
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from cornernet.categories import COCO
from cornernet.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from cornernet.checkpoints.layout_names import name_in
from cornernet.cli import main
from cornernet.config import (
    HOURGLASS_104,
    MMDETECTION_PREPROCESS,
    OFFICIAL_PREPROCESS,
    SQUEEZE,
    DecodeConfig,
    ModelConfig,
)
from cornernet.detector import load_detector
from cornernet.model.network import CornerNet
from cornernet.records import as_records
from tests.published import (
    COLUMNS,
    COUNTER,
    TINY_CHANNELS,
    Architecture,
    Column,
    renamed,
    weights,
    write,
    write_layout,
    write_trained,
)


def shrunk(config: ModelConfig) -> ModelConfig:
    return replace(
        config,
        categories=3,
        stem_widths=tuple(TINY_CHANNELS[width] for width in config.stem_widths),
        hourglass_widths=tuple(TINY_CHANNELS[width] for width in config.hourglass_widths),
        pool_width=4,
        head_width=8,
    )


@pytest.fixture(scope="module")
def hourglass() -> dict[str, Tensor]:
    return weights("hourglass104", is_tiny=True)


@pytest.fixture(scope="module")
def squeeze() -> dict[str, Tensor]:
    return {f"module.{k}": v for k, v in weights("squeeze", is_tiny=True).items()}


@pytest.mark.parametrize("layout", COLUMNS)
def test_the_table_gives_every_name_of_hourglass_104(
    hourglass: dict[str, Tensor], layout: Column
) -> None:
    with torch.device("meta"):
        ours = CornerNet(HOURGLASS_104).state_dict()
    prefix = "" if layout == "mmdetection" else "module."
    assert {prefix + name_in(layout, name) for name in ours} == set(renamed(hourglass, layout))


def test_all_three_layouts_give_the_same_network(
    tmp_path: Path, hourglass: dict[str, Tensor]
) -> None:
    pixels = torch.randn(1, 3, 127, 255, generator=torch.Generator().manual_seed(1))
    seen = []
    for layout in COLUMNS:
        checkpoint = load_checkpoint(write_layout(tmp_path, hourglass, layout))
        assert checkpoint.layout == layout
        assert checkpoint.name == layout
        assert checkpoint.network.config == shrunk(HOURGLASS_104)
        assert checkpoint.decode == DecodeConfig()
        assert not checkpoint.network.training
        assert not any(p.requires_grad for p in checkpoint.network.parameters())
        seen.append(checkpoint.network(pixels).stacks[-1].top_left.maps)
    for maps in seen[1:]:
        assert torch.equal(maps.logits, seen[0].logits)
        assert torch.equal(maps.embedding, seen[0].embedding)
        assert torch.equal(maps.offset, seen[0].offset)


def test_squeeze_is_recognised(tmp_path: Path, squeeze: dict[str, Tensor]) -> None:
    checkpoint = load_checkpoint(write(tmp_path / "squeeze.pkl", squeeze))
    assert checkpoint.network.config == shrunk(SQUEEZE)
    assert checkpoint.decode == DecodeConfig(top_k=20, max_pairs=100)
    assert checkpoint.preprocess == OFFICIAL_PREPROCESS


@pytest.mark.parametrize("is_zip", [False, True], ids=["legacy", "zip"])
@pytest.mark.parametrize("has_prefix", [False, True], ids=["bare", "module"])
@pytest.mark.parametrize("has_counters", [False, True], ids=["PyTorch 0.4", "newer"])
def test_prefix_counters_and_container_do_not_matter(
    tmp_path: Path,
    hourglass: dict[str, Tensor],
    is_zip: bool,
    has_prefix: bool,
    has_counters: bool,
) -> None:
    entries = {
        f"module.{k}" if has_prefix else k: v
        for k, v in hourglass.items()
        if has_counters or not k.endswith(COUNTER)
    }
    loaded = load_checkpoint(write(tmp_path / "a.pkl", entries, is_zip=is_zip)).network
    assert torch.equal(
        loaded.state_dict()["stacks.1.hourglass.coarse.up.1.shortcut.0.weight"],
        hourglass["kps.1.low2.low3.1.skip.0.weight"],
    )
    assert all(not tensor.is_meta for tensor in loaded.state_dict().values())


def test_preprocessing_belongs_to_the_layout(tmp_path: Path, hourglass: dict[str, Tensor]) -> None:
    preprocess = {
        layout: load_checkpoint(write_layout(tmp_path, hourglass, layout)).preprocess
        for layout in COLUMNS
    }
    assert preprocess["official"] == preprocess["lite"] == OFFICIAL_PREPROCESS
    assert preprocess["mmdetection"] == MMDETECTION_PREPROCESS


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({}, ("category 0", "category 1", "category 2")),
        ({"CLASSES": ("cat", "dog", "cow")}, ("cat", "dog", "cow")),
        ({"dataset_meta": {"classes": ["cat", "dog", "cow"]}}, ("cat", "dog", "cow")),
        ({"CLASSES": ("cat",)}, ("category 0", "category 1", "category 2")),
        ({"CLASSES": None}, ("category 0", "category 1", "category 2")),
    ],
)
def test_category_names_come_from_the_file_if_they_fit(
    tmp_path: Path, hourglass: dict[str, Tensor], meta: dict[str, object], expected: tuple[str, ...]
) -> None:
    entries = renamed(hourglass, "mmdetection")
    path = write(tmp_path / "a.pth", entries, is_zip=True, meta=meta)
    assert load_checkpoint(path).categories == expected


def test_eighty_categories_are_cocos(tmp_path: Path, hourglass: dict[str, Tensor]) -> None:
    final = re.compile(r"_heats\.\d\.1\.")
    wide = {
        k: v[:1].repeat(80, *[1] * (v.ndim - 1)) if final.search(k) else v
        for k, v in hourglass.items()
    }
    assert load_checkpoint(write(tmp_path / "a.pkl", wide)).categories == COCO
    assert len(set(COCO)) == 80
    assert (COCO[0], COCO[11], COCO[79]) == ("person", "stop sign", "toothbrush")


KEY = "module.kps.1.low2.up1.0.conv1.weight"
Change = dict[str, Tensor | None]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({KEY: None}, f"misses {KEY}."),
        ({"module.extra": torch.zeros(1)}, "has the unexpected module.extra"),
        ({KEY: torch.zeros(8, 8, 5, 5)}, f"has other shapes for {KEY}"),
        ({KEY: torch.full((8, 8, 3, 3), torch.nan)}, f"no finite numbers in {KEY}"),
        ({KEY: torch.full((8, 8, 3, 3), -torch.inf)}, f"no finite numbers in {KEY}"),
        ({"module.pre.0.conv.weight": None}, "module.pre.0.conv.weight, but it is missing"),
        (
            {f"module.kps.1.up1.{i}.conv1.weight": None for i in range(2)}
            | {f"module.kps.1.low1.{i}.conv1.weight": None for i in range(2)},
            "misses module.kps.1.up1.0.conv1.weight, module.kps.1.up1.1.conv1.weight, "
            "module.kps.1.low1.0.conv1.weight and 1 more",
        ),
        (
            {KEY: None, "module.extra": torch.zeros(1)},
            f"misses {KEY} and has the unexpected module.extra",
        ),
        ({"module.att_modules.0.0.1.bias": torch.zeros(1)}, "CornerNet-Saccade"),
    ],
)
def test_wrong_entries_are_named(
    tmp_path: Path, hourglass: dict[str, Tensor], change: Change, message: str
) -> None:
    entries: Change = {**renamed(hourglass, "official"), **change}
    path = write(tmp_path / "wrong.pkl", {k: v for k, v in entries.items() if v is not None})
    with pytest.raises(CheckpointError, match=r"^Expected .*" + re.escape(message)):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "holds something else"),
        ([torch.zeros(1)], "holds something else"),
        ({"state_dict": {"a": 1}}, "holds something else"),
        ({"conv1.weight": torch.zeros(1), "fc.bias": torch.zeros(1)}, "of another network"),
    ],
)
def test_other_contents_are_refused(tmp_path: Path, content: object, message: str) -> None:
    torch.save(content, tmp_path / "other.pth")
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(tmp_path / "other.pth")


@pytest.mark.parametrize("is_zip", [False, True], ids=["legacy", "zip"])
@pytest.mark.parametrize("numpy", [1, 2])
def test_a_trainings_history_is_left_out(
    tmp_path: Path, hourglass: dict[str, Tensor], is_zip: bool, numpy: int
) -> None:
    entries = renamed(hourglass, "mmdetection")
    path = write_trained(tmp_path / "epoch_12.pth", entries, is_zip=is_zip, numpy=numpy)
    plain = load_checkpoint(write(tmp_path / "plain.pth", entries, is_zip=True, meta={}))
    trained = load_checkpoint(path)
    assert trained.layout == "mmdetection"
    assert trained.categories == ("cat", "dog", "cow")
    assert trained.network.config == plain.network.config
    expected = plain.network.state_dict()
    assert all(torch.equal(v, expected[k]) for k, v in trained.network.state_dict().items())
    with pytest.raises(pickle.UnpicklingError, match=r"HistoryBuffer|numpy"):
        torch.load(path, weights_only=True)  # what is left out here is refused elsewhere, as before


@pytest.mark.parametrize(
    ("network", "names"),
    [
        ("CornerNet-Saccade", ("hg.pre.0.conv.weight", "att_modules.0.0.1.bias")),
        ("ExtremeNet", ("kps.0.up1.0.conv1.weight", "t_heats.0.1.bias", "ct_heats.0.1.bias")),
        ("CenterNet (Duan", ("kps.0.up1.0.conv1.weight", "tl_heats.0.1.bias", "ct_heats.0.1.bias")),
        ("CenterNet (Zhou", ("kps.0.up1.0.conv1.weight", "hm.0.1.bias", "wh.0.1.bias")),
        ("CenterNet (Zhou", ("base.level0.0.weight", "dla_up.ida_0.up_1.weight", "hm.2.bias")),
        ("CenterNet (Zhou", ("backbone.conv1.weight", "bbox_head.heatmap_head.0.weight")),
        (
            "CentripetalNet",
            (
                "backbone.hourglass_modules.0.up1.0.conv1.weight",
                "bbox_head.tl_heat.0.1.conv.bias",
                "bbox_head.tl_centripetal_shift.0.1.conv.bias",
            ),
        ),
        ("CentripetalNet", ("backbone.pre.0.conv.weight", "bbox_head.mid_br_off_c.1.bias")),
    ],
)
@pytest.mark.parametrize("prefix", ["", "module."])
def test_other_networks_are_named(
    tmp_path: Path, network: str, names: tuple[str, ...], prefix: str
) -> None:
    entries = {prefix + name: torch.zeros(3) for name in names}
    torch.save({"epoch": 140, "state_dict": entries}, tmp_path / "other.pth")
    sentence = r"^Expected CornerNet .*this is " + re.escape(network) + r".*\(in other\.pth\)\.$"
    with pytest.raises(CheckpointError, match=sentence):
        load_checkpoint(tmp_path / "other.pth")


def test_categories_that_are_no_text_are_refused(
    tmp_path: Path, hourglass: dict[str, Tensor]
) -> None:
    entries, names = renamed(hourglass, "mmdetection"), tuple(map(np.str_, ("cat", "dog", "cow")))
    path = write(tmp_path / "a.pth", entries, is_zip=True, meta={"CLASSES": names})
    with pytest.raises(CheckpointError, match="Expected categories named by text"):
        load_checkpoint(path)


class _Method:
    def __call__(self) -> None:
        raise SystemExit("executed")

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return getattr, (1, "real")


class _Call:
    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _Method(), ()


def test_what_stands_for_history_cannot_be_called(
    tmp_path: Path, hourglass: dict[str, Tensor]
) -> None:
    content = {"meta": {"hook": _Call()}, "state_dict": OrderedDict(hourglass)}
    torch.save(content, tmp_path / "code.pth")
    with pytest.raises(CheckpointError, match=r"code\.pth asks to run something when it is read"):
        load_checkpoint(tmp_path / "code.pth")


class _Code:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('executed')",)


@pytest.mark.parametrize("is_zip", [False, True], ids=["legacy", "zip"])
def test_code_in_a_file_is_named_and_not_run(
    tmp_path: Path, hourglass: dict[str, Tensor], is_zip: bool
) -> None:
    content = {"meta": {"hook": _Code()}, "state_dict": OrderedDict(hourglass)}
    torch.save(content, tmp_path / "code.pth", _use_new_zipfile_serialization=is_zip)
    sentence = r"code\.pth asks to run .*exec when .* not loaded\. Where it was made.*'state_dict'"
    with pytest.raises(CheckpointError, match=sentence):
        load_checkpoint(tmp_path / "code.pth")


@pytest.mark.parametrize("keep", [3, 100, 0.5, 0.99])
@pytest.mark.parametrize("is_zip", [False, True], ids=["legacy", "zip"])
def test_a_truncated_file_is_told_in_a_sentence(
    tmp_path: Path, hourglass: dict[str, Tensor], is_zip: bool, keep: float
) -> None:
    path = write(tmp_path / "cut.pkl", hourglass, is_zip=is_zip)
    content = path.read_bytes()
    path.write_bytes(content[: int(keep if keep > 1 else keep * len(content))])
    with pytest.raises(CheckpointError, match=r"^Expected .*cut\.pkl"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<!DOCTYPE html><html>Quota exceeded</html>", "is a web page"),
        (b"\n  <html>", "is a web page"),
        (pickle.dumps({"a": 1}), "cannot be read"),
        (b"\x80", "cannot be read"),
        (b"PK\x03\x04" + b"\x00" * 50, "cannot be read"),
    ],
)
def test_other_files_are_told_in_a_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "other.pkl"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(path)


@pytest.mark.parametrize("architecture", ["hourglass104", "squeeze"])
def test_saving_a_published_network_in_our_layout_keeps_it(
    tmp_path: Path, architecture: Architecture
) -> None:
    path = write(tmp_path / "a.pkl", weights(architecture, is_tiny=True))
    published = load_checkpoint(path)
    save_checkpoint(tmp_path / "a.safetensors", published)
    again = load_checkpoint(tmp_path / "a.safetensors")
    assert again.network.config == published.network.config
    assert again.preprocess == published.preprocess
    for name, tensor in again.network.state_dict().items():
        assert torch.allclose(tensor, published.network.state_dict()[name], rtol=1e-3, atol=1e-6)


def test_detect_takes_the_file_of_any_layout(
    tmp_path: Path, hourglass: dict[str, Tensor], capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "photo.png"
    noise = np.random.default_rng(3).integers(0, 256, (100, 150, 3)).astype(np.uint8)
    Image.fromarray(noise).save(photo)
    found = {}
    for layout in COLUMNS:
        path = write_layout(tmp_path, hourglass, layout)
        command = ["detect", str(photo), "--model", str(path), "--json", "-", "--min-score", "0"]
        assert main(command) == 0
        (result,) = json.loads(capsys.readouterr().out)
        detector = replace(load_detector(path, device="cpu"), preprocess=OFFICIAL_PREPROCESS)
        config = replace(detector.decode_config, min_score=0.0)
        found[layout] = as_records(detector.detect(noise, config))
        assert len(found[layout]) > 10
        # What the command found is the same, but for mmdetection's own preprocessing.
        assert (result["detections"] == found[layout]) == (layout != "mmdetection")
    assert found["official"] == found["lite"] == found["mmdetection"]
