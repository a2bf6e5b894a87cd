"""Start the CornerNet Explorer: python app.py [--model NAME|PATH] [--device auto|cpu|cuda|mps]."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported

import gradio as gr

from cornernet.checkpoints import find_checkpoint
from cornernet.detector import Detector, load_detector
from cornernet.device import choose_device
from cornernet.ui import build_demo
from cornernet.ui.page import STYLE

LAUNCH: dict[str, Any] = {
    "theme": gr.themes.Default(
        primary_hue="blue",
        spacing_size="sm",
        radius_size="sm",
        font=[gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"],
    ),
    "css_paths": [STYLE],
    "max_file_size": "60mb",
    "run_history": False,
    "enable_monitoring": False,
    "footer_links": ["api", "settings"],
    "ssr_mode": False,
    "show_error": True,
    "share": False,
    "state_session_capacity": 50,
}


@lru_cache(maxsize=1)
def _loaded(model: str, device: str) -> Detector:
    return load_detector(model, device=device)


def make_demo(model: str = "shapes", device: str = "auto") -> gr.Blocks:
    """Build the page for a model that is loaded at the first image."""
    demo = build_demo(lambda: _loaded(model, device))
    demo.queue(max_size=32, default_concurrency_limit=2)
    return demo


demo = make_demo()


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what was asked for, then serve until Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        choose_device(options.device)
        find_checkpoint(options.model)
        _loaded(options.model, options.device)
        _check_port(options.host, options.port)
    except ValueError as error:
        print(f"app.py: {error}", file=sys.stderr)  # noqa: T201
        return 2
    page = make_demo(options.model, options.device)
    page.launch(server_name=options.host, server_port=options.port, **LAUNCH)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="Start the CornerNet Explorer.")
    parser.add_argument("--model", default="shapes", metavar="NAME|PATH")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", default=7860, type=int)
    return parser


def _check_port(host: str, port: int) -> None:
    """Raise ValueError unless the address is free."""
    if not 1 <= port <= 65535:
        raise ValueError(f"Expected a port from 1 to 65535, but {port} was given.")
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise ValueError(
            f"Expected a free port, but {host}:{port} cannot be used ({error}); try another --port."
        ) from error


if __name__ == "__main__":
    sys.exit(main())
