"""The choice of a model: what is known of each, and its download if it is not on this machine."""

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from cornernet.analysis.misfit import SUITABLE
from cornernet.checkpoints.download import download
from cornernet.checkpoints.known import (
    KNOWN_MODELS,
    MEBIBYTE,
    KnownModel,
    is_here,
    known_by_name_only,
)
from cornernet.ui.shelf import Shelf

REPORT_EVERY = 0.5  # seconds

Update = dict[Any, Any]  # component -> its new value


@dataclass(frozen=True, eq=False, kw_only=True)
class Picker:
    """The parts of the choice."""

    choice: gr.Dropdown
    facts: gr.Markdown
    download: gr.Button
    cancel: gr.Button

    def describe(self, name: str) -> Update:
        """Return what is known of a model, and offer its download if it is not here."""
        return {self.facts: facts_of(name), self.download: offer(name)}


def make_picker(shelf: Shelf) -> Picker:
    """Lay out the choice; the model that the app was started with comes first."""
    choice = gr.Dropdown(
        choices(shelf), value=shelf.default, label="Model", elem_id="model", filterable=False
    )
    facts = gr.Markdown(facts_of(shelf.default), elem_id="model-facts", container=False)
    return Picker(
        choice=choice,
        facts=facts,
        download=gr.Button("Download", visible=False, size="sm", elem_id="download-model"),
        cancel=gr.Button("Cancel the download", visible=False, size="sm", elem_id="cancel-model"),
    )


def choices(shelf: Shelf) -> list[tuple[str, str]]:
    """List what can be chosen: a label, and the name by which the shelf knows it."""
    offered = (name for name, known in KNOWN_MODELS.items() if known.is_offered)
    names = dict.fromkeys((shelf.default, *offered))
    return [(_label(name), name) for name in names]


def check_name(shelf: Shelf, name: str) -> str:
    """Return the name back. Raise ValueError unless the page offers it: no path is ever loaded."""
    if name != shelf.default and name not in KNOWN_MODELS:
        raise ValueError(f"Expected a model ({', '.join(KNOWN_MODELS)}), but {name!r} was given.")
    return name


def facts_of(name: str) -> str:
    """Describe what is known of a model, and whose figures those are."""
    model = KNOWN_MODELS.get(name)
    if model is None:
        return "A file of your own."
    here = "" if is_here(name) else f" **Not on this machine:** {_size(model)} to download."
    return (
        f"{model.architecture}, {model.parameters / 1e6:.1f} million parameters, {_size(model)}. "
        f"Average precision (AP, at most 100): {model.ap} (source: "
        f"{model.ap_source}). Code: {model.licence}.{here}"
        f"{_more(name)}{_weak(name)}"
    )


def _more(chosen: str) -> str:
    """Describe, in a line of its own, which model to take for more, and what it costs."""
    model = next_larger()
    if model is None or model.name == chosen:
        return ""
    return (
        f"\n\n**For more, take {model.name}** (AP {model.ap}): {_size(model)} to download once, "
        "then it works offline."
    )


def next_larger() -> KnownModel | None:
    """Choose, of the models that are not here, the smallest that is larger than all that are.

    Of those of one size it is the one that `SUITABLE` names first. None where the largest is here.
    """
    offered = [KNOWN_MODELS[name] for name in SUITABLE["photograph"] if name in KNOWN_MODELS]
    here = max((it.parameters for it in KNOWN_MODELS.values() if is_here(it.name)), default=0)
    larger = [it for it in offered if it.is_offered and it.parameters > here]
    return min(larger, key=lambda it: it.parameters, default=None)


def _weak(name: str) -> str:
    """Name the categories that a model knows by name only: it finds next to none of them."""
    weak = known_by_name_only(name)
    return f"\n\nKnown by name only, hardly ever found: {', '.join(weak)}." if weak else ""


def offer(name: str) -> dict[str, Any]:
    """Show the download's button for a model that is not here."""
    model = KNOWN_MODELS.get(name)
    words = f"Download ({_size(model)})" if model else "Download"
    can_come = not is_here(name) and model is not None and model.is_offered
    update: dict[str, Any] = gr.update(visible=can_come, value=words)
    return update


def _label(name: str) -> str:
    model = KNOWN_MODELS.get(name)
    if model is None:
        return name.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{name} ({model.architecture}{'' if is_here(name) else ', not here'})"


def _size(model: KnownModel) -> str:
    return f"{model.megabytes:.{0 if model.megabytes > 100 else 1}f} MiB"


def fetch(model: KnownModel) -> Iterator[str]:
    """Download a model, telling how far it is; closing the iterator stops the download.

    What came is kept for the next try. Raise DownloadError, in one sentence.
    """
    cancel, news = threading.Event(), queue.SimpleQueue[str | Exception | None]()
    started = time.monotonic()

    def report(done: int, total: int | None) -> None:
        news.put(_progress(model, done, total, time.monotonic() - started))

    def run() -> None:
        try:
            download(model, on_progress=report, cancel=cancel)
            news.put(None)
        except Exception as error:  # handed over to the page's thread
            news.put(error)

    threading.Thread(target=run, name="download", daemon=True).start()
    try:
        yield f"Asking for {model.file_name} …"
        while True:
            latest = news.get()
            while isinstance(latest, str) and not news.empty():
                latest = news.get()
            if isinstance(latest, Exception):
                raise latest
            if latest is None:
                return
            yield latest
            time.sleep(REPORT_EVERY)
    finally:
        cancel.set()


def _progress(model: KnownModel, done: int, total: int | None, seconds: float) -> str:
    """Describe how much came, how fast, and how long the rest will take."""
    rate = done / max(seconds, 0.1)
    whole = total or round(model.megabytes * MEBIBYTE)
    left = max(0.0, (whole - done) / max(rate, 1.0))
    minutes = f"{left / 60:.0f} min" if left >= 90 else f"{left:.0f} s"
    return (
        f"Downloading {model.name}: {done / MEBIBYTE:.0f} of {whole / MEBIBYTE:.0f} MiB, "
        f"{rate / MEBIBYTE:.1f} MiB/s, about {minutes} left."
    )
