"""The page's choice of a model: facts, and downloads from a server on this machine."""

import threading
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest

from cornernet.checkpoints import known
from cornernet.checkpoints.download import DownloadError
from cornernet.checkpoints.known import KNOWN_MODELS, KnownModel, is_here
from cornernet.cli import main
from cornernet.detector import Detector
from cornernet.ui import build_demo, picker
from cornernet.ui.downloads import Downloads
from cornernet.ui.images import Images
from cornernet.ui.picker import check_name, choices, facts_of, fetch, offer
from cornernet.ui.shelf import Shelf
from cornernet.ui.tabs.compare import second_model
from tests.page import owner_of, random_detector
from tests.server import Server, at


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def detector() -> Detector:
    return random_detector()


@pytest.fixture(scope="module")
def demo(detector: Detector) -> gr.Blocks:
    return build_demo(Shelf("shapes", lambda _: detector))


@pytest.fixture(scope="module")
def images(demo: gr.Blocks) -> Images:
    return owner_of(demo, Images)


@pytest.fixture(scope="module")
def downloads(demo: gr.Blocks) -> Downloads:
    return owner_of(demo, Downloads)


def test_the_model_that_was_started_with_comes_first() -> None:
    def never(_: str) -> Detector:
        raise AssertionError

    names = [name for _, name in choices(Shelf("squeeze", never))]
    assert names[0] == "squeeze"
    here = [name for name, it in KNOWN_MODELS.items() if it.is_offered]
    assert sorted(names) == sorted(here)
    own = choices(Shelf("/some/where/mine.safetensors", never))
    assert own[0] == ("mine.safetensors", "/some/where/mine.safetensors")


def test_a_shipped_model_whose_file_is_absent_is_neither_offered_nor_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(known, "WEIGHTS", tmp_path)
    assert known.default_model() == "shapes"
    shelf = Shelf("squeeze", lambda _: random_detector())
    assert "photos" not in [name for _, name in choices(shelf)]
    assert not offer("photos")["visible"]
    assert second_model("shapes") != "photos"
    assert main(["models"]) == 0
    assert "photos" in capsys.readouterr().out
    assert main(["models", "check", "photos"]) == 2
    assert "which ship with this library" in capsys.readouterr().err
    KNOWN_MODELS["photos"].file.write_bytes(b"")
    assert known.default_model() == "photos"
    assert "photos" in [name for _, name in choices(shelf)]


def test_no_path_is_loaded_because_a_visitor_names_it(images: Images) -> None:
    assert check_name(images.shelf, "squeeze") == "squeeze"
    for name in ("/etc/passwd", "../shapes.safetensors", ""):
        with pytest.raises(ValueError, match="Expected a model"):
            check_name(images.shelf, name)
    with pytest.raises(gr.Error, match="Expected a model"):
        images.show_query("example=1", "/etc/passwd")


@pytest.mark.parametrize("name", KNOWN_MODELS)
def test_facts_name_their_source(name: str) -> None:
    facts = facts_of(name)
    for word in (KNOWN_MODELS[name].ap, KNOWN_MODELS[name].ap_source, KNOWN_MODELS[name].licence):
        assert word in facts
    assert ("Not on this machine" in facts) == (not is_here(name))


@pytest.mark.parametrize(
    ("here", "chosen", "more"),
    [
        (("shapes",), "shapes", "take squeeze** (AP 34.4 on COCO without flip): 122 MiB to"),
        (("shapes", "photos"), "photos", "take squeeze** (AP 34.4 on COCO without flip): 122 MiB"),
        (("shapes",), "cornernet", "take squeeze**"),  # is not here either, and costs more
        (("shapes",), "squeeze", None),  # its own facts say what it costs
        (("shapes", "squeeze"), "squeeze", "take mmdet-8x6**"),
        (("shapes", "squeeze"), "shapes", "768 MiB to download once, then it works offline."),
        (("shapes", "cornernet"), "shapes", None),
        (tuple(KNOWN_MODELS), "photos", None),
    ],
)
def test_one_of_those_not_here_is_named_for_more(
    monkeypatch: pytest.MonkeyPatch, here: tuple[str, ...], chosen: str, more: str | None
) -> None:
    monkeypatch.setattr(picker, "is_here", lambda name: name in here)
    second = "".join(facts_of(chosen).split("\n\n")[1:2])
    assert second.startswith("**For more") == (more is not None)
    assert (more or "") in second


def test_categories_known_by_name_only_are_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(known, "WEIGHTS", tmp_path)
    known.measured.cache_clear()
    assert "by name only" not in facts_of("photos")
    (tmp_path / "photos.json").write_text('{"known_by_name_only": ["toaster", "hair drier"]}')
    known.measured.cache_clear()
    assert "Known by name only, hardly ever found: toaster, hair drier." in facts_of("photos")
    assert main(["models"]) == 0
    assert "known by name only: toaster, hair drier" in capsys.readouterr().out
    known.measured.cache_clear()


def test_a_model_that_is_not_here_is_offered_and_nothing_else_changes(
    images: Images, downloads: Downloads
) -> None:
    picker, shown = downloads.picker, images.show_scene(3)[images.parts.shown]
    offered = downloads.choose_model("squeeze")
    assert offered[picker.download]["visible"]
    assert "122 MiB" in offered[picker.download]["value"]
    pixels = np.zeros((30, 40, 3), np.uint8)
    for update in images.answer_again(pixels, shown, "squeeze").values():
        assert update == gr.skip()
    assert not downloads.choose_model("shapes")[picker.download]["visible"]
    assert images.show_scene(3, "squeeze")[images.parts.shown].model == "shapes"


@pytest.mark.parametrize("source", ["scene=3", "example=1", ""])
def test_a_model_that_is_here_answers_the_same_image(images: Images, source: str) -> None:
    parts = images.parts
    image = np.random.default_rng(0).integers(0, 256, (60, 50, 3), dtype=np.uint8)
    first = images.show_query(source) if source else images.show_image(image)
    again = images.answer_again(image, first[parts.shown], "shapes")
    assert set(again) == {parts.shown, parts.explorer, parts.footer, parts.inputs.scene_number}
    before, after = first[parts.shown], again[parts.shown]
    np.testing.assert_array_equal(after.observation.image, before.observation.image)
    assert (after.source, after.model) == (source, "shapes")


def test_a_download_tells_how_far_it_is(model: KnownModel, content: bytes) -> None:
    told = list(fetch(model))
    assert told[0].startswith("Asking for")
    assert all("MiB/s" in words for words in told[1:])
    assert model.file.read_bytes() == content


def test_a_download_that_fails_gets_a_sentence(model: KnownModel, server: Server) -> None:
    with pytest.raises(DownloadError, match=r"Expected weights\.pkl, but"):
        list(fetch(at(model, server, "page")))
    assert not model.file.exists()


def test_closing_stops_the_download(model: KnownModel, server: Server) -> None:
    news = fetch(at(model, server, "silent"))
    next(news)
    news.close()
    server.closing.set()
    for thread in threading.enumerate():
        if thread.name == "download":
            thread.join()
    assert not model.file.exists()


def test_the_page_tells_and_comes_back(
    downloads: Downloads,
    model: KnownModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picker = downloads.picker
    monkeypatch.setitem(KNOWN_MODELS, "tiny", model)
    updates: list[dict[Any, Any]] = list(downloads.download_model("tiny"))
    outputs = {picker.choice, picker.facts, picker.download, picker.cancel}
    assert all(set(update) == outputs for update in updates)
    assert updates[0][picker.cancel]["visible"]
    assert not updates[-1][picker.cancel]["visible"]
    assert not updates[-1][picker.download]["visible"]
    assert is_here("tiny")
