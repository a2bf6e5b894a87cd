"""Visitors' files: how many, whose, and for how long."""

import contextlib
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cornernet.server.folder import LOCK, PREFIX, private_folder, remove_remnants
from cornernet.server.limits import Limits
from cornernet.server.uploads import NotStoredError, Uploads
from tests.attacks.conftest import Served, served_with
from tests.attacks.program import started
from tests.attacks.visitor import THRESHOLDS, Visitor
from tests.page import loops_closed, png

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> bool:
    """Look again and again; tell whether it became so in time."""
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
    return is_so()


@pytest.mark.parametrize(
    ("limits", "sizes", "statuses"),
    [
        (Limits(largest_file=1000), [900, 300_000], [200, 413]),
        (Limits(stored_per_address=200_000), [90_000, 90_000, 90_000], [200, 200, 507]),
    ],
)
def test_storage_has_bounds(limits: Limits, sizes: list[int], statuses: list[int]) -> None:
    with loops_closed(), served_with(limits) as served:
        got = [
            served.visitor.post(
                "gradio_api/upload", files={"files": ("a.png", bytes([k]) * size)}
            ).status_code
            for k, size in enumerate(sizes)
        ]
    assert got == statuses


def test_all_addresses_together_have_a_bound(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Limits(stored_in_all=1000))
    (tmp_path / "image.png").write_bytes(bytes(700))
    assert not uploads.has_room("10.0.0.1", 400)
    assert uploads.has_room("10.0.0.2", 300)
    own = tmp_path / "figure.png"
    own.write_bytes(bytes(5000))
    uploads.keep([str(own)])  # of the page itself: it does not count
    assert uploads.has_room("10.0.0.3", 300)


def test_a_visitors_files_go_when_the_page_is_closed() -> None:
    with loops_closed(), served_with(Limits(grace_seconds=0.2)) as served:
        fn, first, second = served.fn("detect"), served.visitor, Visitor(served.address)
        with second.page_open():
            with first.page_open():
                own, common = first.upload(png()), first.upload(png(70, 50), "common.png")
                for image in (own, common):
                    assert first.ask(fn, image, *THRESHOLDS)["success"]
                assert second.ask(fn, common, *THRESHOLDS)["success"]
            assert wait_until(lambda: not Path(own["path"]).exists())
            assert wait_until(lambda: first.session not in served.site.state_holder)
            assert Path(common["path"]).exists()
        assert wait_until(lambda: not Path(common["path"]).exists())


def test_a_page_that_comes_back_at_once_keeps_its_files() -> None:
    with loops_closed(), served_with(Limits(grace_seconds=5)) as served:
        visitor = served.visitor
        image = visitor.upload(png())
        with visitor.page_open():
            assert visitor.ask(served.fn("detect"), image, *THRESHOLDS)["success"]
        assert visitor.session in served.site.presence
        with visitor.page_open():
            assert visitor.ask(served.fn("detect"), image, *THRESHOLDS)["success"]


def test_files_that_nobody_uses_go_after_ten_minutes(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Limits())
    own = tmp_path / "figure.png"
    own.write_bytes(b"of the page")
    uploads.keep([str(own)])
    image = tmp_path / "a" / "image.png"
    image.parent.mkdir()
    image.write_bytes(b"of a visitor")
    now = time.time()
    uploads.sweep(now + 500)
    assert uploads.find(str(image)) == image
    uploads.use(image, "anna")
    uploads.sweep(now + 601.5)
    assert not image.parent.exists()
    assert own.exists()
    with pytest.raises(NotStoredError):
        uploads.find(str(image))


def test_a_server_that_runs_looks_for_old_files() -> None:
    with loops_closed(), served_with(Limits(kept_seconds=0.4)) as served:
        image = served.visitor.upload(png())
        assert wait_until(lambda: not Path(image["path"]).exists())


def test_the_folder_is_private(served: Served) -> None:
    assert stat.S_IMODE(served.folder.stat().st_mode) == 0o700
    assert served.folder.name.startswith(PREFIX)


def test_remnants_are_removed_and_nothing_else(tmp_path: Path) -> None:
    lives = private_folder(tmp_path)
    dead, foreign, link = (tmp_path / name for name in (f"{PREFIX}x", "other", f"{PREFIX}link"))
    for folder in (dead, foreign):
        folder.mkdir()
        (folder / LOCK).touch()
        (folder / "image.png").touch()
    link.symlink_to(foreign)
    remove_remnants(tmp_path)
    assert lives.exists()
    assert (foreign / "image.png").exists()
    assert link.is_symlink()
    assert not dead.exists()


def folders(parent: Path) -> list[Path]:
    return sorted(parent.glob(f"{PREFIX}*"))


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_servers_of_one_machine_do_not_meet_and_leave_nothing(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        first, second = (stack.enter_context(started(tmp_path)) for _ in range(2))
        paths = [Path(one.visitor.upload(png())["path"]) for one in (first, second)]
        assert len(folders(tmp_path)) == 2
        assert paths[0].parents[1] != paths[1].parents[1]

        began, before = time.monotonic(), second.cpu_seconds()  # idle costs nothing
        time.sleep(5)
        assert (second.cpu_seconds() - before) / (time.monotonic() - began) < 0.015

        asked = time.monotonic()
        first.process.send_signal(signal.SIGTERM)
        assert first.process.wait(timeout=30) == 0
        assert time.monotonic() - asked < 10
        assert folders(tmp_path) == [paths[1].parents[1]]
        assert paths[1].exists()

        os.kill(second.process.pid, signal.SIGKILL)
        second.process.wait(timeout=10)
        assert paths[1].exists()  # a remnant, which the next one removes
        third = stack.enter_context(started(tmp_path))
        assert not paths[1].exists()
        assert len(folders(tmp_path)) == 1
        assert third.visitor.ask(third.fn("detect"), third.visitor.upload(png()), *THRESHOLDS)
