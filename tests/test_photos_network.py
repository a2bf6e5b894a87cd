"""The network of the `photos` model: a small trained encoder, and a way up of our own."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from cornernet.checkpoints.ncnn import load_encoder
from cornernet.checkpoints.read import CheckpointError
from cornernet.config import PHOTOS_MODEL
from cornernet.config.model import PoolingKind
from cornernet.model.network import CornerNet
from cornernet.model.pyramid import Pyramid
from cornernet.model.shufflenet import BiasConv, shuffle
from cornernet.preprocess import preprocess
from cornernet.presets import PRESETS
from tests.tiny import TINY_PHOTOS

ENCODER = Path(__file__).parents[2] / "shared" / "data" / "encoder"


def pyramid_of(network: CornerNet) -> Pyramid:
    pyramid = network.stacks[0].hourglass
    assert isinstance(pyramid, Pyramid)
    return pyramid


@pytest.mark.parametrize("size_hw", [(64, 64), (64, 128), (192, 64)])
def test_maps_have_an_eighth_of_the_input(size_hw: tuple[int, int]) -> None:
    network = CornerNet(PHOTOS_MODEL).eval()
    with torch.inference_mode():
        (stack,) = network(torch.zeros(1, 3, *size_hw)).stacks
    cells = (size_hw[0] // 8, size_hw[1] // 8)
    assert stack.top_left.maps.logits.shape == (1, 80, *cells)
    assert stack.bottom_right.maps.offset.shape == (1, 2, *cells)
    assert stack.features.shape == (1, 96 + 80, *cells)
    assert stack.top_left.pool.vertical_in.shape == (1, 64 + 80, *cells)


def test_strides() -> None:
    assert (PHOTOS_MODEL.heatmap_stride, PHOTOS_MODEL.total_stride) == (8, 64)


def test_shuffle_interleaves_the_halves() -> None:
    x = torch.arange(6.0).reshape(1, 6, 1, 1)
    assert shuffle(x).flatten().tolist() == [0, 3, 1, 4, 2, 5]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"encoder_units": (4, 8)}, "as many encoder_widths as encoder_units"),
        ({"hourglass_widths": (96, 96), "hourglass_blocks": (1, 1)}, "one fewer than"),
        ({"stacks": 2}, "1 stack"),
        ({"stem_widths": (24, 48)}, "a stem of 2 equal widths"),
        ({"encoder": "hourglass", "stem_widths": (24, 96)}, "encoder 'nanodet' with recognition"),
    ],
)
def test_configs_that_do_not_fit_are_refused(change: dict[str, object], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        replace(PHOTOS_MODEL, **change)  # type: ignore[arg-type]


@pytest.mark.skipif(not ENCODER.is_dir(), reason="NanoDet-Plus-m's weights are not here")
def test_the_encoder_computes_what_the_published_one_does() -> None:
    network = CornerNet(PHOTOS_MODEL).eval()
    load_encoder(network, ENCODER / "nanodet-plus-m_416.bin")
    reference = np.load(ENCODER / "reference.npz")
    noise = np.random.Generator(np.random.PCG64(7)).standard_normal((1, 3, 128, 192), np.float32)
    encoder = pyramid_of(network).encoder
    with torch.inference_mode():
        backbone = encoder.backbone(network.stem(torch.from_numpy(noise)))
        pan = encoder.pan(backbone)
    names = ("backbone_8", "backbone_16", "backbone_32", "pan_8", "pan_16", "pan_32", "pan_64")
    for name, found in zip(names, (*backbone, *pan), strict=True):
        expected = torch.from_numpy(reference[name])
        step = found.shape[2] // expected.shape[1]  # large maps are given in parts
        assert torch.allclose(found[0, :, ::step, ::step], expected, atol=1e-4), name


def written(convolutions: list[torch.nn.Conv2d]) -> bytes:
    """Write convolutions as ncnn does: the slow definition of what is read."""
    parts = []
    for conv in convolutions:
        weights = conv.weight.detach().numpy().astype("<f2").tobytes()
        parts += [(0x01306B47).to_bytes(4, "little"), weights, b"\0" * (-len(weights) % 4)]
        parts.append(conv.bias.detach().numpy().astype("<f4").tobytes())  # type: ignore[union-attr]
    return b"".join(parts)


@pytest.mark.parametrize("pooling", ["corner", "none"])
def test_what_is_recognised_is_scanned_and_added_to_the_heatmaps(pooling: PoolingKind) -> None:
    torch.manual_seed(3)
    network = CornerNet(replace(TINY_PHOTOS, pooling=pooling)).eval()
    own = TINY_PHOTOS.hourglass_widths[0]
    with torch.inference_mode():
        features = network.stack(-1)(network.stem(torch.rand(1, 3, 128, 192)))
        for branch in network.stack(-1).branches.both:
            pool, edges = branch.pool(features), branch.pool.edges(features[:, :own])
            vertical, horizontal = branch.pool.scans
            recognised = features[:, own:]
            expected = branch.pool.gain * (
                vertical((recognised + edges[:, :1]).clamp(min=0))
                + horizontal((recognised + edges[:, 1:]).clamp(min=0))
            )
            alone = nn.Sequential(*branch.logits)(pool.features[:, :own])
            assert torch.allclose(branch.logits(pool.features) - alone, expected, atol=1e-5)
            assert expected.std() > 0


def test_a_cell_is_given_the_highest_logit_of_all_resolutions() -> None:
    torch.manual_seed(4)
    pyramid = pyramid_of(CornerNet(TINY_PHOTOS).eval())
    for number, recogniser in enumerate(pyramid.encoder.recognisers):
        nn.init.constant_(recogniser.weight, 0.0)
        nn.init.constant_(recogniser.bias, float(-number))
    nn.init.constant_(pyramid.encoder.recognisers[-1].bias[0], 7.0)
    x = torch.rand(1, TINY_PHOTOS.stem_widths[-1], 32, 32)
    with torch.inference_mode():
        recognised = pyramid(x)[:, TINY_PHOTOS.hourglass_widths[0] :]
    assert recognised[:, 0].unique().tolist() == [7.0]
    assert recognised[:, 1:].unique().tolist() == [0.0]


def test_weights_are_read_in_the_order_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    source, target = CornerNet(PHOTOS_MODEL).eval(), CornerNet(PHOTOS_MODEL).eval()
    encoder = pyramid_of(source).encoder
    order: list[torch.nn.Conv2d] = []
    own_heads: list[torch.nn.Conv2d] = []
    for part in (source.stem, encoder.backbone, encoder.pan):
        order += [m for m in part.modules() if isinstance(m, torch.nn.Conv2d)]
    for tower in encoder.towers:
        order += [m for m in tower.modules() if isinstance(m, torch.nn.Conv2d)]
        own_heads.append(BiasConv(96, 112, 1))
        order.append(own_heads[-1])
    path = tmp_path / "encoder.bin"
    path.write_bytes(written(order))
    monkeypatch.setattr("cornernet.checkpoints.ncnn.SHA256", _sha256(path))
    load_encoder(target, path, {5: 70, 6: 2})
    expected = {k: v for k, v in source.state_dict().items() if "encoder" in k or "stem" in k}
    for recogniser, given in zip(pyramid_of(target).encoder.recognisers, own_heads, strict=True):
        assert torch.equal(recogniser.weight[[5, 6]], given.weight[[70, 2]].half().float())
        assert torch.equal(recogniser.bias[[5, 6]], given.bias[[70, 2]])
    found = target.state_dict()
    expected = {k: v for k, v in expected.items() if "recognisers" not in k}
    assert all(
        torch.equal(found[k], v.half().float() if v.ndim > 1 else v) for k, v in expected.items()
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_missing_or_another_file_is_named(tmp_path: Path) -> None:
    network, path = CornerNet(PHOTOS_MODEL), tmp_path / "encoder.bin"
    with pytest.raises(CheckpointError, match=r"nanodet-plus-m_416\.bin.*f7555ca6.*no file"):
        load_encoder(network, path)
    path.write_bytes(b"something else")
    with pytest.raises(CheckpointError, match=r"SHA-256 f7555ca6.*but"):
        load_encoder(network, path)


def test_training_in_bf16_keeps_the_encoder_in_single_precision() -> None:
    network = CornerNet(TINY_PHOTOS).train()
    seen: list[torch.dtype] = []
    pyramid_of(network).encoder.pan.laterals[0].register_forward_hook(
        lambda _module, _inputs, output: seen.append(output.dtype)
    )
    pixels = torch.rand(2, 3, 64, 64)
    for is_trained in (True, False):
        network.requires_grad_(is_trained)
        with torch.autocast("cpu", torch.bfloat16):
            network(pixels)
    assert seen == [torch.float32, torch.bfloat16]


def test_the_preset_sees_pixels_as_the_encoder_was_trained_to() -> None:
    # NanoDet-Plus: blue, green, red; (value - mean) / deviation, in steps of 0 to 255.
    mean, deviation = (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)
    colour = np.array([200, 90, 30], np.uint8)
    pixels = preprocess(np.full((64, 64, 3), colour), PRESETS["photos"].preprocess, 8).pixels
    expected = [(v - m) / d for v, m, d in zip(colour[::-1].tolist(), mean, deviation, strict=True)]
    assert pixels[:, 32, 32].tolist() == pytest.approx(expected, abs=1e-5)
