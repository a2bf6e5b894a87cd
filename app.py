"""Start the CornerNet Explorer: python app.py [--model NAME|PATH] [--device auto|cpu|cuda|mps]."""

# ruff: noqa: E402 (the environment is read before Gradio reads it)

import argparse
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
# Gradio asks for it at the first visit, and without it Matplotlib imports pyplot: half a second.
os.environ.setdefault("MPLBACKEND", "agg")
# Taken away from Gradio, whose import ends in a traceback if the port is no number, and which looks
# for free ports at that name whatever it is told to serve at.
GIVEN = {
    name: os.environ.pop(name, "").strip()
    for name in ("GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "GRADIO_ROOT_PATH")
}

from cornernet.server.arenas import limit_arenas
from cornernet.server.folder import take_private_folder

limit_arenas()  # before there are threads
if os.environ.get("SPACES_ZERO_GPU"):
    import spaces  # noqa: F401 (before anything looks for a GPU)
take_private_folder()  # before gradio, which makes one for all users and servers of this machine

import gradio as gr

from cornernet.checkpoints.known import default_model
from cornernet.detector import load_detector
from cornernet.device import choose_device
from cornernet.replicas.options import Replicas, add_replicas, checked_replicas
from cornernet.replicas.ray_serve import start
from cornernet.replicas.remote import load_remote
from cornernet.replicas.zero_gpu import borrow, is_zero_gpu
from cornernet.server.access import (
    checked_access,
    checked_root_path,
    end_on_sigterm,
    read_account,
    who_can_come,
)
from cornernet.server.journal import write_lines
from cornernet.server.limits import Limits
from cornernet.server.stop import end_now
from cornernet.ui import build_demo
from cornernet.ui.page import STYLES
from cornernet.ui.shelf import Shelf

LAUNCH: dict[str, Any] = {
    "theme": gr.themes.Default(
        primary_hue="blue",
        spacing_size="sm",
        radius_size="sm",
        font=[gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"],
    ).set(  # contrast on white, and of white on it
        body_text_color_subdued="*neutral_500",
        color_accent="*primary_600",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
    ),
    "css_paths": STYLES,
    "max_file_size": "60mb",
    "run_history": False,
    "enable_monitoring": False,
    "footer_links": ["api", "settings"],
    "ssr_mode": False,
    "show_error": True,
    "share": False,
}


def make_shelf(
    model: str | None = None, device: str = "auto", replicas: Replicas | None = None
) -> Shelf:
    """Prepare the models, none of which is loaded yet but in replicas."""
    model = model or default_model()
    if replicas is not None:
        ask = start(replicas, model, device)
    elif is_zero_gpu():
        ask = borrow()
    else:
        return Shelf(model, lambda name: load_detector(name, device=device))
    return Shelf(model, lambda name: load_remote(name, ask))


SHELF = make_shelf()
demo = build_demo(SHELF)


def main(arguments: Sequence[str] | None = None, given: Mapping[str, str] = GIVEN) -> int:
    """Check what was asked for, then serve until Ctrl-C; `given` holds where no option is."""
    options = _parser(given).parse_args(arguments)
    try:
        replicas = _replicas(options)
        if replicas is None:
            choose_device(options.device)
        port = _free_port(options.host, options.port)
        root_path = checked_root_path(options.root_path)
        access = checked_access(options.host, root_path, options.allow_host, options.embed)
        account = read_account(options.auth)
        shelf = make_shelf(options.model, options.device, replicas)
        shelf.get()
    except ValueError as error:
        print(f"app.py: {error}", file=sys.stderr)  # noqa: T201
        return 2
    if message := who_can_come(access, account):
        print(message, file=sys.stderr)  # noqa: T201
    end_on_sigterm()
    if options.log == "json":
        write_lines()
    page = build_demo(shelf, Limits(at_once=replicas.at_once) if replicas else None)
    where: dict[str, Any] = {
        "server_name": _bracketed(options.host), "server_port": port, "root_path": root_path
    }  # fmt: skip
    try:
        page.launch(access=access, auth=account, **where, **LAUNCH)
    finally:
        page.close(verbose=False)
    return 0


def _replicas(options: argparse.Namespace) -> Replicas | None:
    if not options.serve:
        return None
    return checked_replicas(
        options.serve, options.replicas, options.replica_cpus, options.replica_gpus
    )


def _parser(given: Mapping[str, str]) -> argparse.ArgumentParser:
    host, port = given.get("GRADIO_SERVER_NAME"), given.get("GRADIO_SERVER_PORT")
    parser = argparse.ArgumentParser(prog="app.py", description="Start the CornerNet Explorer.")
    parser.add_argument("--model", default=default_model(), metavar="NAME|PATH")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument(
        "--host",
        default=host or "127.0.0.1",
        help="address to listen on; else GRADIO_SERVER_NAME, else 127.0.0.1",
    )
    parser.add_argument(
        "--port", default=port or "7860", help="1 to 65535; else GRADIO_SERVER_PORT, else 7860"
    )
    parser.add_argument(
        "--root-path",
        default=given.get("GRADIO_ROOT_PATH", ""),
        metavar="/PATH",
        help="where a proxy serves the page; else GRADIO_ROOT_PATH",
    )
    _add_visitors(parser)
    parser.add_argument(
        "--log",
        default="json",
        choices=("json", "none"),
        help="a line of JSON a question to standard error, or none",
    )
    add_replicas(parser)
    return parser


def _add_visitors(parser: argparse.ArgumentParser) -> None:
    """Let it say who may come, under which names of the machine, and who may frame the page."""
    parser.add_argument(
        "--auth",
        default="",
        metavar="USER:PASSWORD-FILE",
        help="ask visitors for a name and a password, the file's first line",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which a proxy or other machines ask for the page; may be repeated",
    )
    parser.add_argument(
        "--embed",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a site, as https://course.example.org, whose pages may frame this one; * for all",
    )


def _free_port(host: str, port: str) -> int:
    """Return the port as a number. Raise ValueError unless the address is free."""
    if not (port.isdecimal() and 1 <= int(port) <= 65535):
        raise ValueError(
            f"Expected a port from 1 to 65535 (--port, GRADIO_SERVER_PORT), but {port!r} was given."
        )
    bare = host.removeprefix("[").removesuffix("]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    try:
        with socket.create_server((bare, int(port)), family=family):
            return int(port)
    except OSError as error:
        raise ValueError(
            f"Expected a free port, but {host}:{port} cannot be used ({error}); try another --port."
        ) from error


def _bracketed(host: str) -> str:
    """Write an IPv6 address as in a web address, which is how Gradio takes it."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


if __name__ == "__main__":
    end_now(main())
