"""Start the CornerNet Explorer: python app.py [--model NAME|PATH] [--device auto|cpu|cuda|mps]."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported

import gradio as gr

from cornernet.detector import load_detector
from cornernet.device import choose_device
from cornernet.ui import build_demo
from cornernet.ui.page import STYLE
from cornernet.ui.shelf import Shelf

LAUNCH: dict[str, Any] = {
    "theme": gr.themes.Default(
        primary_hue="blue",
        spacing_size="sm",
        radius_size="sm",
        font=[gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"],
    ).set(body_text_color_subdued="*neutral_500", color_accent="*primary_600"),  # contrast on white
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


def make_shelf(model: str = "shapes", device: str = "auto") -> Shelf:
    """Prepare the models, none of which is loaded yet."""
    return Shelf(model, lambda name: load_detector(name, device=device))


def make_demo(shelf: Shelf) -> gr.Blocks:
    """Build the page; its queue turns visitors away before they wait too long."""
    demo = build_demo(shelf)
    demo.queue(max_size=32, default_concurrency_limit=2)
    return demo


SHELF = make_shelf()
demo = make_demo(SHELF)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what was asked for, then serve until Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        choose_device(options.device)
        _check_port(options.host, options.port)
        shelf = make_shelf(options.model, options.device)
        shelf.get()
    except ValueError as error:
        print(f"app.py: {error}", file=sys.stderr)  # noqa: T201
        return 2
    page = make_demo(shelf)
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
