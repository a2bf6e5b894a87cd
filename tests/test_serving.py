"""`app.py` as a program: where it serves, and what it says to bad usage."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "nonesuch"], "nonesuch"),
        (["--device", "abacus"], "abacus"),
        (["--port", "99999"], "99999"),
        (["--port", "TAKEN"], "free port"),
        (["--port", "many"], "'many'"),
        (["--port", "0"], "'0'"),
        (["--port", "7860.0"], "'7860.0'"),
        (["--root-path", "course"], "'course'"),
    ],
)
def test_bad_usage_ends_with_one_sentence(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import app

    with contextlib.ExitStack() as stack:
        taken = stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
        given = [str(taken) if word == "TAKEN" else word for word in arguments]
        assert app.main(given) == 2
    message = capsys.readouterr().err
    assert words in message
    assert message.count("\n") == 1


ENVIRONMENT = {
    "GRADIO_SERVER_NAME": "0.0.0.0",
    "GRADIO_SERVER_PORT": "7861",
    "GRADIO_ROOT_PATH": "/course/",
}


@pytest.mark.parametrize(
    ("arguments", "given", "served_at"),
    [
        ([], {}, ("127.0.0.1", 7860, "")),
        ([], dict.fromkeys(ENVIRONMENT, ""), ("127.0.0.1", 7860, "")),
        ([], ENVIRONMENT, ("0.0.0.0", 7861, "/course")),
        (["--host", "127.0.0.2", "--port", "7862"], ENVIRONMENT, ("127.0.0.2", 7862, "/course")),
        (["--root-path", "https://a.b/c"], ENVIRONMENT, ("0.0.0.0", 7861, "https://a.b/c")),
        ([], {"GRADIO_SERVER_NAME": "::1"}, ("[::1]", 7860, "")),
        ([], {"GRADIO_SERVER_NAME": "[::1]"}, ("[::1]", 7860, "")),
    ],
)
def test_the_environment_says_where_to_serve_if_no_option_does(
    arguments: list[str],
    given: dict[str, str],
    served_at: tuple[str, int, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import app

    launched: dict[str, Any] = {}
    monkeypatch.setattr(app.socket, "create_server", lambda *_, **__: contextlib.nullcontext())
    monkeypatch.setattr(app.gr.Blocks, "launch", lambda _, **options: launched.update(options))
    assert app.main(arguments, given) == 0
    assert tuple(launched[k] for k in ("server_name", "server_port", "root_path")) == served_at


@pytest.mark.slow
def test_gradio_is_imported_whatever_the_port_in_the_environment() -> None:
    command = [sys.executable, "app.py"]
    environment = os.environ | {"GRADIO_SERVER_PORT": "many"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "GRADIO_SERVER_PORT), but 'many' was given." in done.stderr


@pytest.mark.slow
def test_the_program_serves_where_the_environment_says() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    environment = os.environ | ENVIRONMENT | {"GRADIO_SERVER_PORT": port}
    with subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment) as program:
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
                config = client.get(f"http://127.0.0.1:{port}/config").json()
        finally:
            program.terminate()
    assert config["root"] == f"http://127.0.0.1:{port}/course"
