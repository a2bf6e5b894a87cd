"""A visitor who asks a running server whatever comes to mind."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import httpx

from cornernet.ui.thresholds import FIELDS

# Without TLS there is nothing to verify; reading all certificates for each request takes longer
# than the request.
PLAIN = False
META = {"_type": "gradio.FileData"}
THRESHOLDS = [None] * len(FIELDS)


@dataclass
class Visitor:
    """One session at a server."""

    address: str
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    headers: dict[str, str] = field(default_factory=dict)
    timeout: float = 60.0

    def get(self, path: str, **headers: str) -> httpx.Response:
        told = self._told(headers)
        return httpx.get(self.address + path, headers=told, timeout=self.timeout, verify=PLAIN)

    def post(self, path: str, **options: Any) -> httpx.Response:
        headers = self._told(options.pop("headers", {}))
        given = {"headers": headers, "timeout": self.timeout, "verify": PLAIN, **options}
        return httpx.post(self.address + path, **given)

    def _told(self, headers: dict[str, str]) -> dict[str, str]:
        return self.headers | {name.replace("_", "-"): value for name, value in headers.items()}

    def upload(self, data: bytes, name: str = "image.png") -> dict[str, Any]:
        answer = self.post("gradio_api/upload", files={"files": (name, data)})
        answer.raise_for_status()
        return {"path": answer.json()[0], "orig_name": name, "meta": META}

    def ask(self, fn: int, *data: Any, **body: Any) -> dict[str, Any]:
        """Ask through the line; give the last message."""
        joined = self.join(fn, *data, **body)
        if joined.status_code != 200:
            return {"success": False, "status": joined.status_code, "output": joined.json()}
        return list(self.listen(joined.json()["event_id"]))[-1]

    def join(self, fn: int, *data: Any, **body: Any) -> httpx.Response:
        asked = {"fn_index": fn, "data": list(data), "session_hash": self.session, **body}
        return self.post("gradio_api/queue/join", json=asked)

    def listen(self, event: str) -> Iterator[dict[str, Any]]:
        """Give what the server tells of an event, until it is done."""
        url = f"{self.address}gradio_api/queue/data"
        with httpx.stream(
            "GET", url, params={"session_hash": self.session}, headers=self.headers,
            timeout=self.timeout, verify=PLAIN,
        ) as told:  # fmt: skip
            for line in told.iter_lines():
                message = json.loads(line[6:]) if line.startswith("data: ") else {}
                if message.get("event_id") == event:
                    yield message
                if message.get("event_id") == event and message["msg"] == "process_completed":
                    return

    @contextmanager
    def page_open(self) -> Iterator[None]:
        """Keep the page open, as a browser does."""
        url = f"{self.address}gradio_api/heartbeat/{self.session}"
        given: dict[str, Any] = {"headers": self.headers, "timeout": self.timeout, "verify": PLAIN}
        with httpx.stream("GET", url, **given) as told:
            lines = told.iter_lines()  # the connection ends with it
            next(lines)
            yield
            del lines


def error_of(answer: dict[str, Any]) -> str:
    """Give the sentence of a refusal."""
    assert not answer["success"], answer
    return str(answer["output"].get("error") or answer["output"].get("detail"))


def function(site: gr.Blocks, name: str) -> int:
    """Find an event by the name of its handler."""
    found = [k for k, fn in site.fns.items() if fn.name == name or fn.api_name == name]
    return int(found[0])


def at_once(count: int, act: Any) -> list[Any]:
    """Let visitors act at the same time, each told its number."""
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        results[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
