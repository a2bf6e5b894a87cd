"""A running server, as those see it who operate it."""

import json
import logging
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cornernet.server.journal import LOG
from tests.attacks.conftest import Served, served_with
from tests.attacks.visitor import THRESHOLDS, Visitor
from tests.page import loops_closed, png

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with loops_closed(), served_with() as served:
        yield served


def numbers(visitor: Visitor) -> dict[str, float]:
    """Read all of Prometheus' numbers by their names and labels."""
    lines = visitor.get("metrics").text.splitlines()
    return {k: float(v) for k, v in (x.rsplit(" ", 1) for x in lines if not x.startswith("#"))}


def detect(served: Served, visitor: Visitor | None = None) -> dict[str, object]:
    visitor = visitor or Visitor(served.address)
    return visitor.ask(served.fn("detect"), visitor.upload(png()), *THRESHOLDS)


def test_a_question_is_counted_and_its_stages_timed(served: Served) -> None:
    before = numbers(served.visitor)
    detect(served)
    after = numbers(served.visitor)
    counted = 'cornernet_questions_total{outcome="answered",question="detect"}'
    assert after[counted] == before.get(counted, 0) + 1
    for stage in ("wait", "preprocess", "network", "decode", "all"):
        name = f'cornernet_stage_seconds_count{{stage="{stage}"}}'
        assert after[name] == before.get(name, 0) + 1
    assert after["process_resident_memory_bytes"] > 1e7
    assert after["cornernet_waiting"] == 0


def test_what_is_refused_is_counted_as_refused(served: Served) -> None:
    before = numbers(served.visitor)
    served.visitor.ask(served.fn("detect"), {"path": "/etc/passwd"}, *THRESHOLDS)
    served.visitor.get("gradio_api/nothing-of-this-page")
    after = numbers(served.visitor)
    for name in (
        'cornernet_questions_total{outcome="refused",question="detect"}',
        'cornernet_refused_total{status="404"}',
    ):
        assert after[name] == before.get(name, 0) + 1


def test_the_keepers_numbers_are_read(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("thinned", "dropped", "restored"):
        monkeypatch.setattr(served.site.keeper, name, 7)
    found = numbers(served.visitor)
    assert {found[f"cornernet_{n}_total"] for n in ("thinned", "dropped", "restored")} == {7.0}


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_numbers_are_not_given_through_a_proxy(served: Served, header: str) -> None:
    answer = served.visitor.get("metrics", **{header: "203.0.113.9"})
    assert answer.status_code == 403
    assert "cornernet_" not in answer.text


def test_a_question_is_one_line_of_json_without_what_was_given(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Visitor(served.address, session="secretsession")
    with caplog.at_level(logging.INFO, LOG.name):
        image = visitor.upload(png(), "secret-name.png")
        visitor.ask(served.fn("detect"), image, *THRESHOLDS)
    (line,) = [record.getMessage() for record in caplog.records if record.name == LOG.name]
    told = json.loads(line)
    assert (told["question"], told["outcome"]) == ("detect", "answered")
    assert {"time", "wait_ms", "preprocess_ms", "network_ms", "decode_ms", "all_ms"} <= set(told)
    assert "secret" not in line
    assert "\n" not in line
    assert len(line) < 500


def test_it_lives_and_is_ready(served: Served) -> None:
    for path in ("livez", "readyz"):
        answer = served.visitor.get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")


class Model:
    """Answers, or fails, or hangs until it may go on."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self) -> None:
        self.asked += 1
        self.may_answer.wait()
        if self.fails:
            raise RuntimeError("broken")


def probed(served: Served, monkeypatch: pytest.MonkeyPatch, fresh: float) -> Model:
    model, pulse = Model(), served.site.pulse
    for name, value in {
        "_probe": model, "_fresh": fresh, "_patience": 0.3, "_last": -1e9, "_probing": None,
    }.items():  # fmt: skip
        monkeypatch.setattr(pulse, name, value)
    return model


def test_a_model_that_answered_lately_is_not_asked(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = probed(served, monkeypatch, fresh=1e6)
    detect(served)
    assert served.visitor.get("readyz").status_code == 200
    assert model.asked == 0


@pytest.mark.parametrize("is_hanging", [True, False])
def test_it_lives_but_is_not_ready_while_the_model_gives_no_answer(
    served: Served, monkeypatch: pytest.MonkeyPatch, is_hanging: bool
) -> None:
    model = probed(served, monkeypatch, fresh=1e6)
    model.fails = not is_hanging
    if is_hanging:
        model.may_answer.clear()
    answers = [served.visitor.get("readyz") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "no answer" in answers[0].text
    assert model.asked == (1 if is_hanging else 2)  # nobody asks a model that hangs again
    assert served.visitor.get("livez").status_code == 200
    assert served.visitor.get("config").status_code == 200
    model.fails = False
    model.may_answer.set()
    assert served.visitor.get("readyz").status_code == 200


def test_a_server_that_stops_is_not_ready_and_takes_no_question(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.site.pulse, "is_stopping", True)
    monkeypatch.setattr(served.site._queue, "is_closing", True)
    assert served.visitor.get("readyz").status_code == 503
    assert "stopping" in str(detect(served)["output"])


@pytest.fixture
def program() -> Iterator[tuple[subprocess.Popen[str], str]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "app.py", "--port", port, "--model", "shapes"]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        address = f"http://127.0.0.1:{port}/"
        with httpx.Client(transport=httpx.HTTPTransport(retries=9), timeout=60) as client:
            assert client.get(f"{address}readyz").status_code == 200
        yield process, address
        process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_ends_within_ten_seconds_and_gives_its_last_answer(
    program: tuple[subprocess.Popen[str], str], number: signal.Signals
) -> None:
    process, address = program
    visitor = Visitor(address)
    config = visitor.get("config").json()
    fn = next(f["id"] for f in config["dependencies"] if f["api_name"] == "detect")
    image = visitor.upload(png(2000, 1500))
    event = visitor.join(fn, image, *THRESHOLDS).json()["event_id"]
    with visitor.page_open():
        process.send_signal(number)
        asked = time.monotonic()
        last = list(visitor.listen(event))[-1]

        out, err = process.communicate(timeout=20)
    assert time.monotonic() - asked < 10
    assert last["success"]
    assert process.returncode == 0, out + err
    assert "Traceback" not in err
    assert not Path(image["path"]).exists()
    assert [json.loads(x)["outcome"] for x in err.splitlines() if '"detect"' in x] == ["answered"]


@pytest.mark.slow
def test_the_program_ends_within_ten_seconds_though_a_question_never_ends() -> None:
    code = """
import time, threading
from cornernet.server.stop import end_soon
end_soon(1.0)
threading.Thread(target=time.sleep, args=(60,)).start()
import atexit
atexit.register(print, "deleted", flush=True)
"""
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert time.monotonic() - started < 30
    assert (done.returncode, done.stdout) == (1, "deleted\n")


def test_numbers_have_no_visitor_in_them(served: Served) -> None:
    visitor = Visitor(served.address, session="secretsession")
    detect(served, visitor)
    text = served.visitor.get("metrics").text
    assert not re.search(r"secretsession|\.png|127\.0\.0\.1", text)
