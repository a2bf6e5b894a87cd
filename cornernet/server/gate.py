"""The gate before Gradio: who asks, for what, with how much; and what browsers are told."""

import functools
import os
from urllib.parse import urlsplit

from cornernet.server.headers import (
    NONCE,
    Application,
    Message,
    Receive,
    Scope,
    Send,
    new_nonce,
    safe_headers,
)
from cornernet.server.limits import Limits
from cornernet.server.line import BYTES
from cornernet.server.names import Access, may_ask, may_be_asked_as
from cornernet.server.presence import Presence
from cornernet.server.routes import FILE, HEARTBEAT, UPLOAD, is_open
from cornernet.server.uploads import NotStoredError, Uploads

_CROSS = ("cross-site", "same-site")


class RefusedError(Exception):
    """A request that is not let in, with the status and the sentence that answer it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Gate:
    """An ASGI application that lets in what the page needs."""

    def __init__(
        self,
        app: Application,
        *,
        access: Access,
        limits: Limits,
        uploads: Uploads,
        presence: Presence,
    ) -> None:
        self.app, self.access, self.limits = app, access, limits
        self.uploads, self.presence = uploads, presence
        self._is_reloading = bool(os.environ.get("GRADIO_WATCH_DIRS"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say why it is not let in."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # this page has no other connections
        scope[NONCE] = new_nonce()
        send = functools.partial(self._send, send, scope[NONCE])
        try:
            path = self._admitted(scope)
        except RefusedError as refused:
            await _tell(send, refused.status, str(refused))
            return
        if not path.startswith(HEARTBEAT):
            await self.app(scope, receive, send)
            return
        session = path.removeprefix(HEARTBEAT)
        self.presence.come(session)
        try:
            await self.app(scope, receive, send)
        finally:
            self.presence.go(session)

    async def _send(self, send: Send, nonce: str, message: Message) -> None:
        """Add the safe headers; no other origin may read an answer."""
        if message["type"] == "http.response.start":
            kept = [
                (name, value)
                for name, value in message.get("headers", [])
                if not name.lower().startswith(b"access-control-")
            ]
            message = {**message, "headers": kept + safe_headers(self.access, nonce)}
        await send(message)

    def _admitted(self, scope: Scope) -> str:
        """Return the path below the root. Raise RefusedError if the request is not let in."""
        fields = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        hosts = self._hosts(fields)
        path, method = self._below_root(scope["path"]), scope["method"]
        if not is_open(method, path, self._is_reloading):
            raise RefusedError(404, "Expected a part of this page, but there is none here.")
        if method == "POST":
            self._check_origin(fields, hosts)
            scope[BYTES] = self._checked_size(scope, fields, path)
        if path.startswith(FILE):
            self._check_file(path.removeprefix(FILE))
        # A browser's page asks for where it is; nothing else may tell Gradio what its address is.
        scope["headers"] = [(k, v) for k, v in scope["headers"] if k != b"x-gradio-server"]
        return path

    def _hosts(self, fields: dict[str, str]) -> tuple[str, ...]:
        """Return the names by which the server is asked, here and at the proxy before it."""
        forwarded = fields.get("x-forwarded-host", "").split(",")[0].strip()
        hosts = (fields.get("host", ""), *((forwarded,) if forwarded else ()))
        for host in hosts:
            if not may_be_asked_as(self.access, host):
                raise RefusedError(
                    421,
                    f"Expected to be asked by a name of this server, but {host[:100]!r} was given: "
                    "start it with --allow-host NAME if that is one.",
                )
        return hosts

    def _check_origin(self, fields: dict[str, str], hosts: tuple[str, ...]) -> None:
        origin = fields.get("origin")
        is_foreign = fields.get("sec-fetch-site") in _CROSS if origin is None else not may_ask(
            self.access, origin, hosts
        )  # fmt: skip
        if is_foreign:
            raise RefusedError(403, "Expected a request of this page, but another site made it.")

    def _checked_size(self, scope: Scope, fields: dict[str, str], path: str) -> int:
        if not fields.get("content-length", "").isdecimal():
            raise RefusedError(411, "Expected a Content-Length, but none was given.")
        size, is_file = int(fields["content-length"]), path == UPLOAD
        largest = self.limits.largest_file + 100_000 if is_file else self.limits.largest_request
        if size > largest:
            raise RefusedError(
                413, f"Expected at most {largest // 10**6} MB, but {size // 10**6} MB were sent."
            )
        address = (scope.get("client") or ("",))[0]
        if is_file and not self.uploads.has_room(address, size):
            raise RefusedError(
                507, "Expected room for this file, but too many are stored here: try again later."
            )
        return size

    def _check_file(self, path: str) -> None:
        try:
            self.uploads.find(path)
        except NotStoredError as error:
            raise RefusedError(403, str(error)) from error

    def _below_root(self, path: str) -> str:
        root = self.access.root_path
        root = urlsplit(root).path if "://" in root else root
        return path.removeprefix(root.rstrip("/")) or "/"


async def _tell(send: Send, status: int, words: str) -> None:
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"),
               (b"content-length", str(len(body)).encode())]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
