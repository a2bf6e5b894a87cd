"""What those who operate the server ask: does it live, is it ready, what does it count."""

import ipaddress

from cornernet.server.headers import Application, Message, Receive, Scope, Send
from cornernet.server.journal import Journal
from cornernet.server.metrics import CONTENT_TYPE, Metrics
from cornernet.server.pulse import Pulse
from cornernet.server.routes import COMPONENT

_PROXY = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip")
_PLAIN = "text/plain; charset=utf-8"
Answer = tuple[int, str, bytes]  # status, type, body


class Probes:
    """An ASGI application around all others, so that its answers need nothing of them."""

    def __init__(
        self, app: Application, *, metrics: Metrics, pulse: Pulse, journal: Journal
    ) -> None:
        self.app, self.metrics, self.pulse, self.journal = app, metrics, pulse, journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer who operates the server, or hand on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = await self._answer(scope)
        if answer is not None:
            await _send(send, *answer)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                self.metrics.refuse(message["status"])
            await send(message)

        if scope["method"] == "POST" and scope["path"].rstrip("/").endswith(COMPONENT):
            with self.journal.question("component"):  # the camera's frames pass no line
                await self.app(scope, receive, counted)
            return
        await self.app(scope, receive, counted)

    async def _answer(self, scope: Scope) -> Answer | None:
        if scope["method"] not in ("GET", "HEAD"):
            return None
        if scope["path"] == "/livez":
            return 200, _PLAIN, b"ok\n"
        if scope["path"] == "/readyz":
            trouble = await self.pulse.trouble()
            return (503, _PLAIN, f"{trouble}\n".encode()) if trouble else (200, _PLAIN, b"ok\n")
        if scope["path"] == "/metrics":
            if is_near(scope):
                return 200, CONTENT_TYPE, self.metrics.text()
            return 403, _PLAIN, b"Expected to be asked from this network, not through a proxy.\n"
        return None


def is_near(scope: Scope) -> bool:
    """Return whether a request came from a private address, and not through a proxy.

    A proxy has a private address, too, but says for whom it asks.
    """
    if any(name.lower() in _PROXY for name, _ in scope["headers"]):
        return False
    try:
        return ipaddress.ip_address((scope.get("client") or ("",))[0]).is_private
    except ValueError:
        return False


async def _send(send: Send, status: int, kind: str, body: bytes) -> None:
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
