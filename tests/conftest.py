"""What several test modules share: detectors, a page, a server of files, runs, tools."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import torch

from cornernet.checkpoints import KNOWN_MODELS, KnownModel, download, load_checkpoint
from cornernet.config import DecodeConfig, PreprocessConfig
from cornernet.detector import Detector, load_detector
from cornernet.device import choose_precision
from cornernet.fast import FastNetwork
from cornernet.model.network import CornerNet
from cornernet.presets import PRESETS
from tests.javascript import FOLDER, run
from tests.page import loops_closed
from tests.published import renamed, weights, write
from tests.runs import CATEGORIES, TINY_PRESET, write_annotations
from tests.server import FILE_NAME, Server, serving
from tests.tiny import TINY

torch.set_num_threads(1)  # tiny networks gain nothing from more, and lose on a busy machine


@pytest.fixture
def tiny_network() -> CornerNet:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return CornerNet(TINY).eval().requires_grad_(False)


needs_photos = pytest.mark.skipif(
    not KNOWN_MODELS["photos"].file.is_file(), reason="the weights of `photos` are not here"
)
# Tests of what has to hold in every precision; bf16 works on every processor, slowly on some.
BOTH_PRECISIONS = pytest.mark.parametrize("precision", ["fp32", "bf16"])


@pytest.fixture
def precision() -> str:
    return "fp32"


@cache
def shapes_in(precision: str) -> Detector:
    """Load the shipped model once for all tests."""
    return load_detector("shapes", device="cpu", precision=precision)


@pytest.fixture
def shapes_detector(precision: str) -> Detector:
    return shapes_in(precision)


@pytest.fixture
def tiny_detector(tiny_network: CornerNet, precision: str) -> Detector:
    return detector_of(tiny_network, precision)


def detector_of(network: CornerNet, precision: str) -> Detector:
    """Give a tiny network's detector."""
    return Detector(
        name="tiny",
        network=network,
        fast=FastNetwork(network, choose_precision(precision)),
        categories=("red", "green", "blue"),
        preprocess=PreprocessConfig(longer_side=64, multiple=16),
        decode_config=DecodeConfig(min_score=0.0, top_k=40, max_embedding_distance=10.0),
        device=torch.device("cpu"),
    )


@pytest.fixture(params=["window", "none"])
def otherwise_pooling_detector(request: pytest.FixtureRequest) -> Detector:
    """Give a tiny detector whose network was made without the paper's corner pooling."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = replace(TINY, pooling=request.param, pool_window=5)
        network = CornerNet(config).eval().requires_grad_(False)
    return detector_of(network, "fp32")


@pytest.fixture(scope="module", autouse=True)
def close_loops() -> Iterator[None]:
    with loops_closed():
        yield


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None and "CI" not in os.environ:
        pytest.skip("no Node.js on this machine")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def packages() -> Path:
    """Install the pinned packages that only the tests need, once."""
    folder = FOLDER / "node_modules"
    installed, wanted = folder / ".package-lock.json", FOLDER / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < wanted.stat().st_mtime:
        if shutil.which("npm") is None and "CI" not in os.environ:
            pytest.skip("no npm on this machine")
        run("npm", "ci", "--no-audit", "--no-fund")
    return folder


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    entries = renamed(weights("hourglass104", is_tiny=True), "official")
    return write(tmp_path_factory.mktemp("made") / FILE_NAME, entries).read_bytes()


@pytest.fixture
def server(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "TRIES", 1)
    with serving(content) as started:
        yield started


@pytest.fixture(scope="module")
def parameters(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> int:
    path = tmp_path_factory.mktemp("counted") / FILE_NAME
    path.write_bytes(content)
    return sum(p.numel() for p in load_checkpoint(path).network.parameters())


@pytest.fixture
def model(server: Server, content: bytes, parameters: int) -> KnownModel:
    return replace(
        KNOWN_MODELS["cornernet"],
        name="tiny",
        parameters=parameters,
        megabytes=len(content) / 2**20,
        file_name=FILE_NAME,
        url=server.url("good"),
        sha256=hashlib.sha256(content).hexdigest()[:8],
    )


@pytest.fixture
def tiny_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "tiny", TINY_PRESET)


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    return write_annotations(tmp_path / "data", CATEGORIES)
