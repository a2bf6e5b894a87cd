"""A server on this machine, as it is served to visitors, with a tiny network."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cornernet.server.limits import Limits
from cornernet.server.names import Access
from cornernet.server.site import Site
from cornernet.ui import build_demo
from cornernet.ui.shelf import Shelf
from tests.attacks.visitor import Visitor, function
from tests.page import loops_closed, random_detector


@dataclass
class Served:
    """A running server."""

    site: Site
    address: str
    visitor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.visitor = Visitor(self.address)

    @property
    def folder(self) -> Path:
        return self.site.uploads.folder

    def fn(self, name: str) -> int:
        return function(self.site, name)


@contextmanager
def served_with(
    limits: Limits | None = None,
    access: Access | None = None,
    prepare: Callable[[Site], None] = lambda _: None,
    **options: Any,
) -> Iterator[Served]:
    import app

    detector = random_detector()
    site = build_demo(Shelf("tiny", lambda _: detector), limits)
    prepare(site)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"server_name": "127.0.0.1", "server_port": port} | options
    quiet = {"quiet": True, "prevent_thread_lock": True, "inbrowser": False}
    site.launch(access=access, **app.LAUNCH | quiet | options)
    try:
        yield Served(site, f"http://127.0.0.1:{port}/")
    finally:
        site.close(verbose=False)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with loops_closed(), served_with() as served:
        yield served
