"""The page: its parts, and which of them calls which handler."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from cornernet.ui.endpoint import add_endpoint
from cornernet.ui.handlers import DetectorSource, Handlers
from cornernet.ui.inputs import LARGEST_SCENE_NUMBER
from cornernet.ui.parts import Download, Parts, make_parts

STYLE = Path(__file__).with_name("style.css")
_CACHE_SECONDS = (600, 3600)  # look for old files this often, and remove those of this age


def build_demo(detector_source: DetectorSource) -> gr.Blocks:
    """Build the page. `detector_source` is called at the first image, and then for each answer."""
    with gr.Blocks(
        title="CornerNet Explorer",
        fill_width=True,
        delete_cache=_CACHE_SECONDS,
        analytics_enabled=False,
    ) as demo:
        parts = make_parts()
        handlers = Handlers(source=detector_source, parts=parts)
        _wire_images(demo, parts, handlers)
        _wire_thresholds(parts, handlers)
        _wire_choices(parts, handlers)
        _wire_download(parts.json, handlers.save_json, [parts.view, *parts.controls.thresholds])
        _wire_download(
            parts.panels,
            handlers.save_panels,
            [parts.view, *parts.picks, *parts.controls.thresholds],
        )
        add_endpoint(detector_source)
    page: gr.Blocks = demo
    return page


def _wire_images(demo: gr.Blocks, parts: Parts, handlers: Handlers) -> None:
    """Let every way in run the network once, one visitor after the other, then fill the page."""
    inputs, settings = parts.inputs, [parts.pooling.corner, *parts.controls.thresholds]
    shared: dict[str, Any] = {
        "show_progress": "minimal",
        "show_progress_on": [parts.progress],
        "api_visibility": "private",
        "concurrency_id": "model",
        "concurrency_limit": 1,
    }
    first, scene = parts.first_outputs, [inputs.scene_number, *settings]
    with_scene = [inputs.image, inputs.scene_number, *first]
    beginnings = [
        demo.load(
            handlers.open_page, None, [*with_scene, *parts.controls.thresholds], **shared
        ),
        # "upload" is told once for a file, a paste and a photo; "input" twice, and when emptied.
        inputs.image.upload(handlers.show_image, [inputs.image, *settings], first, **shared),
        inputs.scene_number.submit(handlers.show_scene, scene, with_scene, **shared),
        inputs.new_scene.click(
            _any_scene, None, inputs.scene_number, api_visibility="private", show_progress="hidden"
        ).then(handlers.show_scene, scene, with_scene, **shared),
    ]  # fmt: skip
    if inputs.examples is not None:
        example = [inputs.examples, *settings]
        beginnings.append(
            inputs.examples.click(handlers.show_example, example, [inputs.image, *first], **shared)
        )
    for beginning in beginnings:
        _wire_stages(beginning, parts, handlers)


def _wire_stages(beginning: Any, parts: Parts, handlers: Handlers) -> None:  # noqa: ANN401
    """Let the stages follow a new image, the upper ones first."""
    picked = [parts.view, parts.spent, *parts.picks, *parts.controls.thresholds]
    event = beginning
    for stage in parts.stages:
        outputs = [parts.spent, parts.progress, parts.footer, *stage.components]
        event = event.success(
            handlers.draw_stage(stage), picked, outputs,
            show_progress="hidden", api_visibility="private",
        )  # fmt: skip


def _wire_thresholds(parts: Parts, handlers: Handlers) -> None:
    """Let every threshold decode again, live; the last value always counts."""
    quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    values, category = parts.controls.thresholds, parts.heatmaps.category
    below = [c for s in parts.stages if s.follows_thresholds for c in s.components]
    answer = [parts.footer, *parts.answer.components]
    upper, lower = [parts.view, *values], [parts.view, category, *values]
    moved = [control.input for control in values]
    live: dict[str, Any] = {"trigger_mode": "always_last"} | quick
    gr.on(moved, handlers.redraw_answer, upper, answer, **live)
    gr.on(moved, handlers.redraw_stages, lower, below, **live)
    parts.controls.reset.click(handlers.reset, None, values, **quick).then(
        handlers.redraw_answer, upper, answer, **quick
    ).then(handlers.redraw_stages, lower, below, **quick)


def _wire_choices(parts: Parts, handlers: Handlers) -> None:
    """Let each choice redraw its own section."""
    quick: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "always_last",
    }
    (corner, channel, category), values = parts.picks, parts.controls.thresholds
    six = parts.pooling.stage.components
    corner.input(handlers.choose_corner, [parts.view, corner, *values], [channel, *six], **quick)
    channel.input(handlers.choose_channel, [parts.view, corner, channel, *values], six, **quick)
    category.input(
        handlers.choose_category,
        [parts.view, category, *values],
        parts.heatmaps.stage.components,
        **quick,
    )


def _wire_download(download: Download, save: Callable[..., str], inputs: list[Any]) -> None:
    """Make the file when it is asked for, then press the hidden button that hands it over."""
    press = f"() => document.querySelector('#{download.file.elem_id}').click()"
    download.button.click(
        save, inputs, download.file, api_visibility="private", show_progress="hidden"
    ).success(None, None, None, js=press, api_visibility="private")


def _any_scene() -> int:
    return secrets.randbelow(LARGEST_SCENE_NUMBER + 1)
