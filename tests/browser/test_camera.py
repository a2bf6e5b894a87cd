"""The live camera, with Chromium's fake device playing drawn scenes."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from cornernet.data.samples import held_out_scene
from cornernet.detector import Detector
from tests.browser.conftest import WIDE, Launch, Visit, check_quiet, visit_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
SCENES, REPEATS = (2, 3), 15  # half a second of each, over and over
TRACKS = """() => {
    window.tracks = [];
    const devices = navigator.mediaDevices, open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wishes) => {
        const stream = await open(wishes);
        window.tracks.push(...stream.getTracks());
        return stream;
    };
}"""
Opened = Callable[[list[str]], Visit]


def write_film(path: Path) -> Path:
    """Write scenes as a film of JPEGs, one after the other."""
    frames = []
    for number in SCENES:
        buffer = BytesIO()
        scene = Image.fromarray(held_out_scene(number, 0).image).resize((640, 480))
        scene.save(buffer, "JPEG", quality=92)
        frames += [buffer.getvalue()] * REPEATS
    path.write_bytes(b"".join(frames))
    return path


@pytest.fixture(scope="module")
def camera_browser(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    film = write_film(tmp_path_factory.mktemp("film") / "scenes.mjpeg")
    device = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    browser = launch(*device)
    yield browser
    browser.close()


@pytest.fixture
def opened(camera_browser: Browser, served_shapes: tuple[str, Detector]) -> Iterator[Opened]:
    """Open the tab, with the permissions that the visitor gave."""
    contexts = []

    def open_tab(permissions: list[str]) -> Visit:
        context = camera_browser.new_context(viewport=WIDE, permissions=permissions)
        contexts.append(context)
        visit = visit_of(context, served_shapes)
        visit.page.add_init_script(f"({TRACKS})()")
        visit.open("example=2&tab=camera")
        expect(visit.page.get_by_role("button", name="Start the camera")).to_be_visible()
        return visit

    yield open_tab
    for context in contexts:
        context.close()


def start(page: Page) -> None:
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator(".cn-camera-rate")).to_contain_text("answers a second", timeout=30_000)


def pixels(page: Page, panel: str) -> np.ndarray:
    with Image.open(BytesIO(page.locator(f"#cn-{panel} canvas").screenshot())) as picture:
        return np.asarray(picture.convert("RGB"), dtype=float)


def test_frames_are_answered_drawn_and_explored(opened: Opened) -> None:
    visit = opened(["camera"])
    page = visit.page
    buttons = {
        name: page.get_by_role("button", name=name)
        for name in ("Start the camera", "Stop", "Freeze and explore")
    }
    assert [b.is_enabled() for b in buttons.values()] == [True, False, False]
    start(page)
    summary = page.locator(".cn-camera .cn-summary")
    found = set()
    for _ in range(60):  # both scenes come by, and are told apart
        found.add(summary.inner_text())
        page.wait_for_timeout(100)
    assert len(found) > 1
    assert any("objects" in words for words in found)
    for panel in ("liveBoxes", "liveTopLeft", "liveBottomRight", "liveLine"):
        assert pixels(page, panel).std() > 5
    assert [b.is_enabled() for b in buttons.values()] == [False, True, True]
    key = visit.key()
    buttons["Freeze and explore"].click()
    visit.wait_for_another(key)
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    assert visit.app("app.payload.source") == ""
    assert visit.app("[app.payload.image.width, app.payload.image.height]") == [640, 480]
    expect(page.locator("#image img")).to_be_visible()
    assert page.evaluate("tracks.map((track) => track.readyState)") == ["ended"]
    check_quiet(visit)


def test_one_frame_is_on_its_way_at_a_time(opened: Opened) -> None:
    visit = opened(["camera"])
    page = visit.page
    page.evaluate("""() => {
        const fetched = window.fetch;
        window.waiting = window.most = window.framesSent = 0;
        window.fetch = async (address, options) => {
            if (!String(address?.url ?? address).includes("component_server"))
                return fetched(address, options);
            window.framesSent += 1;
            window.waiting += 1;
            window.most = Math.max(window.most, window.waiting);
            try {
                return await fetched(address, options);
            } finally {
                window.waiting -= 1;
            }
        };
    }""")
    start(page)
    page.wait_for_function("framesSent > 5")
    assert page.evaluate("most") == 1
    page.get_by_role("button", name="Stop").click()
    check_quiet(visit)


@pytest.mark.parametrize("way", ["Stop", "Tour"])
def test_the_camera_is_released(opened: Opened, way: str) -> None:
    visit = opened(["camera"])
    page = visit.page
    start(page)
    if way == "Stop":
        page.get_by_role("button", name="Stop").click()
    else:
        page.get_by_role("tab", name=way).click()
    page.wait_for_function("tracks.every((track) => track.readyState === 'ended')")
    assert page.evaluate("tracks.length") == 1
    if way == "Stop":
        expect(page.locator(".cn-camera-said")).to_have_text("The camera is off.")
        start(page)  # once more
        assert page.evaluate("tracks.map((track) => track.readyState)") == ["ended", "live"]
    check_quiet(visit)


def test_a_camera_that_is_not_allowed_is_explained(opened: Opened) -> None:
    visit = opened([])
    visit.page.get_by_role("button", name="Start the camera").click()
    said = visit.page.locator(".cn-camera-said")
    expect(said).to_contain_text("The browser may not use the camera", timeout=15_000)
    expect(visit.page.get_by_role("button", name="Start the camera")).to_be_enabled()
    check_quiet(visit)
