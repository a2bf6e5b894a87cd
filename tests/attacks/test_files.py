"""A visitor names files of the server's disk."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cornernet.server.uploads import NOT_STORED
from tests.attacks.conftest import Served
from tests.attacks.visitor import META, THRESHOLDS, Visitor, error_of
from tests.page import png

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory, served: Served) -> dict[str, str]:
    """Lay out what must not be read, by what it is."""
    folder = tmp_path_factory.mktemp("secret")
    image, pipe = folder / "photo.png", folder / "pipe.png"
    image.write_bytes(png())
    os.mkfifo(pipe)
    inside = served.folder / "inside"
    inside.mkdir()
    (inside / "link.png").symlink_to(image)
    (inside / "folder.png").mkdir()
    os.mkfifo(inside / "pipe.png")
    with socket.socket(socket.AF_UNIX) as socket_file:
        socket_file.bind(str(inside / "s.png"))
    return {
        "an image": str(image),
        "by a way round": f"{inside}/../../secret/photo.png",
        "nothing": str(folder / "nothing.png"),
        "nothing inside": str(inside / "nothing.png"),
        "a pipe": str(pipe),
        "a pipe inside": str(inside / "pipe.png"),
        "a link out": str(inside / "link.png"),
        "a folder": str(inside / "folder.png"),
        "a socket": str(inside / "s.png"),
        "standard input": "/dev/stdin",
        "zeros": "/dev/zero",
        "a terminal": "/dev/tty",
        "this process": "/proc/self/mem",
        "a relative path": "README.md",
        "no path": "",
        "a zero": "photo\0.png",
        "a long name": "x" * 5000,
        "an address": "http://127.0.0.1:9/x.png",
        "a file's address": f"file://{image}",
        "a share": "\\\\host\\share\\x.png",
    }


NAMES = (
    "an image", "by a way round", "nothing", "nothing inside", "a pipe", "a pipe inside",
    "a link out", "a folder", "a socket", "standard input", "zeros", "a terminal", "this process",
    "a relative path", "no path", "a zero", "a long name", "an address", "a file's address",
    "a share",
)  # fmt: skip


@pytest.mark.parametrize("meta", [{}, {"meta": META}], ids=["bare", "meta"])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_not_stored_here_is_refused_in_one_sentence(
    served: Served, traps: dict[str, str], name: str, meta: dict[str, Any]
) -> None:
    named = {"path": traps[name], **meta}
    for fn, data in (
        ("detect", [named, *THRESHOLDS]),
        ("explain_pair", [named, 0, 0, *THRESHOLDS]),
        ("show_image", [named, "tiny"]),
        ("answer_drawing", [{"background": named, "layers": [named], "composite": named}]),
    ):
        answer = Visitor(served.address, timeout=10).ask(served.fn(fn), *data)
        assert error_of(answer) == NOT_STORED


def test_a_file_deep_inside_another_is_refused(served: Served, traps: dict[str, str]) -> None:
    good = served.visitor.upload(png())
    hidden = good | {"meta": {"_type": "gradio.FileData", "more": [{"path": traps["an image"]}]}}
    answer = served.visitor.ask(served.fn("detect"), hidden, *THRESHOLDS)
    assert error_of(answer) == NOT_STORED


def test_what_was_given_is_answered(served: Served) -> None:
    answer = served.visitor.ask(served.fn("detect"), served.visitor.upload(png()), *THRESHOLDS)
    assert answer["success"]
    assert answer["output"]["data"][0]


@pytest.mark.parametrize("name", NAMES)
def test_no_such_file_is_served(served: Served, traps: dict[str, str], name: str) -> None:
    path = traps[name].replace("\0", "%00")
    answer = served.visitor.get(f"gradio_api/file={path}")
    assert (answer.status_code, answer.text) in {(403, NOT_STORED), (404, answer.text)}
    assert (answer.status_code == 404) == (name in ("no path",))


class Outside:
    """A server that counts who comes."""

    def __init__(self) -> None:
        visits = self.visits = list[str]()

        class Count(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                visits.append(self.path)
                self.send_error(404)

            def do_HEAD(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Count)
        self.url = f"http://127.0.0.1:{self.server.server_port}/x.png"


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    thread = threading.Thread(target=outside.server.serve_forever, args=(0.02,))
    thread.start()
    yield outside
    outside.server.shutdown()
    outside.server.server_close()
    thread.join()


def test_no_request_leaves(
    served: Served, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = list[str]()
    look_up = socket.getaddrinfo

    def watch(host: Any, *rest: Any, **options: Any) -> Any:
        looked_up.append(str(host))
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", watch)
    visitor = served.visitor
    for url in (outside.url, "http://example.com/x.png", "https://huggingface.co/x.png"):
        for route in ("file=", "file/", "proxy=", "stream/"):
            assert visitor.get(f"gradio_api/{route}{url}").status_code in (403, 404)
        for named in (
            {"path": url}, {"path": url, "meta": META}, {"url": url, "meta": META},
            {"path": url, "url": url, "orig_name": url, "meta": META},
        ):  # fmt: skip
            assert error_of(visitor.ask(served.fn("detect"), named, *THRESHOLDS))
    assert outside.visits == []
    assert set(looked_up) <= {"127.0.0.1"}


def test_a_pipe_holds_nobody_up(served: Served, traps: dict[str, str]) -> None:
    started = time.perf_counter()
    for name in ("a pipe", "a pipe inside", "standard input"):
        for _ in range(3):
            served.visitor.ask(served.fn("detect"), {"path": traps[name]}, *THRESHOLDS)
    good = Visitor(served.address).upload(png())
    assert served.visitor.ask(served.fn("detect"), good, *THRESHOLDS)["success"]
    assert time.perf_counter() - started < 20
