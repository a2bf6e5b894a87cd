"""What browsers are told about this page: what it may load, and who may frame it."""

import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from cornernet.server.names import Access

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
NONCE = "cornernet.nonce"  # in a request's scope
_SCRIPT = re.compile(rb"<script(?=[\s>])")


def policy(access: Access, nonce: str) -> str:
    """Write the Content-Security-Policy.

    Scripts come from here or carry the nonce; eval is what Gradio runs an event's and a gr.HTML's
    JavaScript with. Nothing else is loaded from elsewhere, nor sent there.
    """
    framers = " ".join(("'self'", *access.embedders))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            f"frame-ancestors {framers}",
        )
    )


def safe_headers(access: Access, nonce: str) -> list[tuple[bytes, bytes]]:
    """Return the headers that every answer carries."""
    headers = {
        "content-security-policy": policy(access, nonce),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if not access.embedders:
        headers["x-frame-options"] = "SAMEORIGIN"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def new_nonce() -> str:
    """Make a word that no one can guess, for one answer."""
    return secrets.token_urlsafe(16)


class Nonces:
    """Mark the scripts of Gradio's page with the answer's nonce, before it is compressed."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on a request, and its answer marked."""
        if scope["type"] != "http" or NONCE not in scope:
            await self.app(scope, receive, send)
            return
        page = _Page(scope[NONCE].encode(), send)
        await self.app(scope, receive, page.send)


class _Page:
    """Hold an HTML answer back until it is whole."""

    def __init__(self, nonce: bytes, send: Send) -> None:
        self._nonce, self._send = nonce, send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = _SCRIPT.sub(b'<script nonce="' + self._nonce + b'"', self._body)
        length = [(b"content-length", str(len(body)).encode())]
        headers = [(k, v) for k, v in self._start["headers"] if k.lower() != b"content-length"]
        await self._send({**self._start, "headers": headers + length})
        await self._send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    kinds = [value for name, value in start["headers"] if name.lower() == b"content-type"]
    return any(kind.startswith(b"text/html") for kind in kinds)
