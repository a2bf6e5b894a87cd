"""Replicas, without an engine: what they answer has the bits of what is computed here."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from cornernet.analysis.what_if import Switches, what_if
from cornernet.detector import Detector, load_detector
from cornernet.observation import Observation
from cornernet.replicas import answering as module
from cornernet.replicas.answering import Answering
from cornernet.replicas.options import checked_replicas
from cornernet.replicas.remote import load_remote
from cornernet.replicas.wire import are_same, sent
from cornernet.replicas.zero_gpu import borrow, is_zero_gpu

ROOT = Path(__file__).parents[1]


def through_pickle(answering: Answering) -> Callable[..., Any]:
    """Ask as across processes."""

    def ask(question: str, *given: Any) -> Any:
        given = pickle.loads(pickle.dumps(given))
        found = answering.look([given]) if question == "look" else None
        answer = found[0] if found else getattr(answering, question)(*given)
        return pickle.loads(pickle.dumps(answer))

    return ask


@pytest.fixture
def answering(shapes_detector: Detector) -> Answering:
    return Answering(lambda _: shapes_detector)


@pytest.fixture
def remote(answering: Answering) -> Detector:
    return load_remote("shapes", through_pickle(answering))


def images(count: int) -> list[np.ndarray]:
    return [np.random.default_rng(k).integers(0, 256, (90, 120, 3), np.uint8) for k in range(count)]


def assert_same(one: Observation, other: Observation) -> None:
    for first, second in zip(one.both, other.both, strict=True):
        for name in ("vertical_in", "horizontal_in", "features"):
            assert torch.equal(getattr(first.pool, name), getattr(second.pool, name))
        assert torch.equal(first.maps.logits, second.maps.logits)
        cells = torch.tensor([[0, 0], [3, 2]])
        for name in ("embeddings", "offset_xy"):
            mine, theirs = (getattr(c.maps.at(cells), name) for c in (first, second))
            assert torch.equal(mine, theirs)
    assert torch.equal(one.features, other.features)
    np.testing.assert_array_equal(one.canvas, other.canvas)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_replicas_answer_has_the_bits_of_the_embedded_one(
    remote: Detector, shapes_detector: Detector
) -> None:
    (image,) = images(1)
    mine, theirs = shapes_detector.observe(image), remote.observe(image)
    assert_same(mine, theirs)
    for detector in (remote, shapes_detector):
        found = detector.decode(theirs).detections
        known = shapes_detector.detect(image)
        assert torch.equal(found.boxes_xyxy_px, known.boxes_xyxy_px)
        assert torch.equal(found.scores, known.scores)
    assert torch.equal(remote.detect(image).scores, shapes_detector.detect(image).scores)
    assert remote.precision == shapes_detector.precision
    assert remote.place.startswith("replicas: CPU")


@pytest.mark.parametrize(
    "switches",
    [Switches(first_stack=True), Switches(without_pooling=True), Switches(no_nms=True)],
    ids=["first stack", "without pooling", "no suppression"],
)
def test_what_if_has_the_bits_of_the_embedded_one(
    remote: Detector, shapes_detector: Detector, switches: Switches
) -> None:
    seen = shapes_detector.observe(images(1)[0])
    mine, theirs = (what_if(d, seen, switches) for d in (shapes_detector, remote))
    assert torch.equal(mine.top_left.logits, theirs.top_left.logits)
    assert torch.equal(mine.bottom_right.logits, theirs.bottom_right.logits)
    assert torch.equal(
        mine.decoding.detections.boxes_xyxy_px, theirs.decoding.detections.boxes_xyxy_px
    )


def pixels(count: int, side: int = 64) -> list[torch.Tensor]:
    random = torch.Generator().manual_seed(count)
    return [torch.randn(1, 3, side, side, generator=random) for _ in range(count)]


def test_a_batch_gives_each_its_own_answer_in_order(tiny_detector: Detector) -> None:
    answering = Answering(lambda _: tiny_detector)
    small, large = pixels(3), pixels(2, side=128)
    asked = [("tiny", x) for x in (small[0], large[0], small[1], large[1], small[2])]
    for _ in range(2):  # found out at first, then used
        answers = answering.look(asked)
        for (_, one), (answer, notice) in zip(asked, answers, strict=True):
            assert are_same(answer, sent(tiny_detector.run(one)[0]))
            assert notice is None


@pytest.mark.parametrize("is_same", [True, False])
def test_images_run_together_only_if_that_changes_no_bit(
    tiny_detector: Detector, monkeypatch: pytest.MonkeyPatch, is_same: bool
) -> None:
    runs: list[int] = []

    def together(detector: Detector, given: list[torch.Tensor]) -> list[Any]:
        runs.append(len(given))
        shift = 0.0 if is_same else 1e-3
        return [sent(detector.run(one + shift)[0]) for one in given]

    monkeypatch.setattr(module, "_together", together)
    answering = Answering(lambda _: tiny_detector)
    asked = [("tiny", one) for one in pixels(2)]
    for _ in range(3):
        for (_, one), (answer, _) in zip(asked, answering.look(asked), strict=True):
            assert are_same(answer, sent(tiny_detector.run(one)[0]))
    assert runs == ([2, 2, 2] if is_same else [2])


def test_other_weights_under_the_same_name_are_refused(tiny_detector: Detector) -> None:
    with pytest.raises(ValueError, match="Expected the same weights of shapes on all machines"):
        load_remote("shapes", through_pickle(Answering(lambda _: tiny_detector)))


@pytest.mark.parametrize(
    ("engine", "count", "processors", "gpu", "words"),
    [
        ("dask", "1", 1.0, 0.0, "'dask'"),
        ("ray://", "1", 1.0, 0.0, "'ray://'"),
        ("ray", "0", 1.0, 0.0, "'0'"),
        ("ray", "3-2", 1.0, 0.0, "'3-2'"),
        ("ray", "many", 1.0, 0.0, "'many'"),
        ("ray", "1", 0.0, 0.0, "--replica-cpus"),
        ("ray", "1", float("nan"), 0.0, "--replica-cpus"),
        ("ray", "1", 1.0, -0.5, "--replica-gpus"),
        ("ray", "1", 1.0, 1.5, "--replica-gpus"),
        ("ray", "1", 1.0, float("inf"), "--replica-gpus"),
    ],
)
def test_replicas_that_make_no_sense_get_a_sentence(
    engine: str, count: str, processors: float, gpu: float, words: str
) -> None:
    with pytest.raises(ValueError, match="Expected") as told:
        checked_replicas(engine, count, processors, gpu)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("engine", "count", "expected"),
    [
        ("ray", "2", (None, 2, 2)),
        ("ray://auto", "1-4", ("auto", 1, 4)),
        ("ray://10.0.0.1:6379", "3-3", ("10.0.0.1:6379", 3, 3)),
    ],
)
def test_replicas_are_read(engine: str, count: str, expected: tuple[Any, ...]) -> None:
    found = checked_replicas(engine, count, 0.5, 0.25)
    assert (found.address, found.least, found.most) == expected
    assert (found.processors, found.gpu) == (0.5, 0.25)


@pytest.mark.slow
def test_without_the_option_nothing_of_ray_is_imported() -> None:
    code = """
import sys
import app
app.gr.Blocks.launch = lambda *_, **__: None
assert app.main(["--port", "48765", "--log", "none"]) == 0
app.SHELF.get("shapes").observe(__import__("numpy").zeros((64, 64, 3), "uint8"))
found = [name for name in sys.modules if name.split(".")[0] in ("ray", "spaces")]
assert not found, found
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_missing_engine_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import app

    monkeypatch.setitem(sys.modules, "ray", None)
    assert app.main(["--serve", "ray", "--port", "48766"]) == 2
    message = capsys.readouterr().err
    assert 'pip install "ray[serve]==2.60.0"' in message
    assert message.count("\n") == 1


def test_the_page_needs_no_folded_network() -> None:
    """What it has itself is what the explorer's evidence goes through."""
    here = load_detector("shapes", device="cpu", precision="fp32")
    there = load_remote("shapes", through_pickle(Answering(lambda _: here)))
    for mine, theirs in zip(
        here.network.stack(-1).branches.both, there.network.stack(-1).branches.both, strict=True
    ):
        for name, tensor in mine.state_dict().items():
            assert torch.equal(tensor, theirs.state_dict()[name])


def test_zero_gpu_lends_a_gpu_for_each_question_and_none_before(
    monkeypatch: pytest.MonkeyPatch, shapes_detector: Detector
) -> None:
    lent: list[str] = []
    seconds: list[int] = []

    def gpu(function: Callable[..., Any], duration: int) -> Callable[..., Any]:
        seconds.append(duration)

        def on_gpu(question: str, *given: Any) -> Any:
            lent.append(question)
            return function(question, *pickle.loads(pickle.dumps(given)))

        return on_gpu

    monkeypatch.setitem(sys.modules, "spaces", SimpleNamespace(GPU=gpu))
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert is_zero_gpu()
    detector = load_remote("shapes", borrow(lambda _: shapes_detector))
    assert (lent, len(seconds)) == ([], 1)
    (image,) = images(1)
    assert_same(shapes_detector.observe(image), detector.observe(image))
    assert lent == ["look"]
    assert detector.place == "replicas: ZeroGPU"


@pytest.mark.parametrize("value", [None, "", "false", "0"])
def test_elsewhere_there_is_no_zero_gpu(value: str | None) -> None:
    assert not is_zero_gpu({} if value is None else {"SPACES_ZERO_GPU": value})
