"""The page with a tiny network of random weights, and programs that call its API."""

import asyncio
import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

import gradio as gr
import numpy as np
import pytest
import torch
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from cornernet.categories import SHAPES
from cornernet.config import DecodeConfig, PreprocessConfig
from cornernet.detector import Detector
from cornernet.fast import CellMaps, FastNetwork
from cornernet.image_reading import RgbArray, open_image, to_rgb
from cornernet.model.network import CornerNet, StackOutput
from cornernet.ui.examples import example_files
from tests.tiny import TINY

Owner = TypeVar("Owner")


EIGHT_SHAPES = replace(
    TINY,
    categories=len(SHAPES),
    stacks=1,
    hourglass_widths=(8, 8, 8),
    pool_width=8,
    head_width=8,
)


class CountingNet(FastNetwork):
    """A network that counts its runs."""

    runs = 0

    def forward(self, pixels: torch.Tensor) -> StackOutput[CellMaps]:
        self.runs += 1
        return super().forward(pixels)


def random_detector() -> Detector:
    torch.manual_seed(5)
    network = CornerNet(EIGHT_SHAPES).eval().requires_grad_(False)
    return Detector(
        name="tiny",
        network=network,
        fast=CountingNet(network),
        categories=SHAPES,
        preprocess=PreprocessConfig(longer_side=64, multiple=16),
        decode_config=DecodeConfig(min_score=0.0, top_k=200, max_embedding_distance=9.0),
        device=torch.device("cpu"),
    )


@contextlib.contextmanager
def loops_closed() -> Iterator[None]:
    """Close the event loops that Gradio makes, and forgets, while it builds a page."""
    made: list[asyncio.AbstractEventLoop] = []
    make = asyncio.new_event_loop

    def remember() -> asyncio.AbstractEventLoop:
        made.append(make())
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "new_event_loop", remember)
        yield
    asyncio.set_event_loop(None)
    for loop in made:
        if not loop.is_running():
            loop.close()


def png(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    noise = np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(buffer, "PNG")
    return buffer.getvalue()


def upload(client: TestClient, name: str, data: bytes) -> dict[str, Any]:
    answer = client.post("/page/gradio_api/upload", files={"files": (name, data)})
    return {"path": answer.json()[0], "orig_name": name, "meta": {"_type": "gradio.FileData"}}


def owner_of(demo: gr.Blocks, kind: type[Owner]) -> Owner:
    """Find the object of a kind behind the page's private events."""
    owners = (getattr(function.fn, "__self__", None) for function in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, kind))


@contextlib.contextmanager
def client_of(demo: gr.Blocks) -> Iterator[TestClient]:
    """Serve the page below /page."""
    demo.queue()
    with TestClient(gr.mount_gradio_app(FastAPI(), demo, path="/page")) as client:
        yield client


def call(client: TestClient, endpoint: str, *given: Any, inputs: int) -> Any:
    """Call the API as a program does; give its answer, or the sentence of refusal."""
    values = [*given, *[None] * (inputs - len(given))]
    joined = client.post(f"/page/gradio_api/call/{endpoint}", json={"data": values})
    events = client.get(f"/page/gradio_api/call/{endpoint}/{joined.json()['event_id']}").text
    event, data = events.strip().split("\n")[-2:]
    answer = json.loads(data.removeprefix("data: "))
    return answer[0] if event == "event: complete" else answer["error"]


def read_example(index: int) -> RgbArray:
    """Read a drawing by its place among them."""
    return to_rgb(open_image(example_files()[index]))
