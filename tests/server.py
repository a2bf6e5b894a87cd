"""A web server on this machine that gives one file, and misbehaves on request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from cornernet.checkpoints import KnownModel

FILE_NAME = "weights.pkl"
PAGE = b"<!DOCTYPE html><html><body>Quota exceeded</body></html>"
DRIVE_FORM = (
    b'<html><form id="download-form" action="https://drive.usercontent.google.com/download">'
    b'<input type="hidden" name="id" value="abc"><input type="hidden" name="confirm" value="t">'
    b"</form></html>"
)
DRIVE_QUOTA = b'<html>\n<p class="uc-error-subcaption">Too many users have viewed it.</p>\n</html>'


class Server(ThreadingHTTPServer):
    """What it serves and what it was asked."""

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.half = 600_000  # bytes before it breaks off; the client takes 524,288 at a time
        self.requests: list[tuple[str, str | None]] = []  # path, Range header
        self.is_over_quota = False
        self.closing = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


@contextmanager
def serving(content: bytes) -> Iterator[Server]:
    server = Server(content)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.strip("/")
        asked = self.headers.get("Range")
        self.server.requests.append((path, asked))
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        answer = getattr(self, "_" + path.replace("-", "_"), None)
        if answer is None:
            self.send_error(404)
        else:
            answer(start)
        self.close_connection = True

    def _send(
        self, body: bytes, *, cut: int | None = None, total: int | None = None, **headers: str
    ) -> None:
        """Announce a body (or `total` bytes) and send it, or only the first `cut` bytes."""
        self.send_response(206 if "Content_Range" in headers else 200)
        self.send_header("Content-Length", str(len(body) if total is None else total))
        self.send_header("ETag", '"1"')
        for name, value in {"Content_Type": "application/octet-stream", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body[:cut])

    def _from(self, start: int, *, cut: int | None = None) -> None:
        content = self.server.content
        if start >= len(content):
            self.send_error(416)
        elif start:
            last = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self._send(content[start:], cut=cut, Content_Range=last)
        else:
            self._send(content, cut=cut)

    def _good(self, start: int) -> None:
        self._from(start)

    def _redirect(self, _: int) -> None:
        self.send_response(302)
        self.send_header("Location", self.server.url("good"))
        self.send_header("Connection", "close")  # or the client may use what is being closed
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _breaks_once(self, start: int) -> None:
        self._from(start, cut=None if start else self.server.half)

    def _breaks_always(self, start: int) -> None:
        self._from(start, cut=0 if start else self.server.half)

    def _breaks_and_knows_no_ranges(self, _: int) -> None:
        is_first = len(self.server.requests) == 1
        self._send(self.server.content, cut=self.server.half if is_first else None)

    def _wrong_range(self, start: int) -> None:
        content = self.server.content
        if start:
            self._send(content[1:], Content_Range=f"bytes 1-{len(content) - 1}/{len(content)}")
        else:
            self._send(content, cut=self.server.half if len(self.server.requests) == 1 else None)

    def _page(self, _: int) -> None:
        self._send(PAGE, Content_Type="text/html")

    def _truncated(self, _: int) -> None:
        self._send(self.server.content[:-100])

    def _tampered(self, start: int) -> None:
        content = bytearray(self.server.content)
        content[len(content) // 2] ^= 1
        self._send(bytes(content)[start:])

    def _broken(self, _: int) -> None:
        self.send_error(503)

    def _silent(self, _: int) -> None:
        self.server.closing.wait(5)

    # What Google Drive does with a file that is too large for its virus scan.
    def _uc(self, _: int) -> None:
        page = DRIVE_QUOTA if self.server.is_over_quota else DRIVE_FORM
        self._send(page, Content_Type="text/html; charset=utf-8")

    def _download(self, start: int) -> None:
        if "confirm=t" in self.path and "id=abc" in self.path:
            name = 'attachment; filename="weights.pkl"'
            content = self.server.content[start:]
            self._send(content, Content_Disposition=name)
        else:
            self.send_error(403)


def at(model: KnownModel, server: Server, path: str) -> KnownModel:
    return replace(model, url=server.url(path))
