"""The tab with the live camera: the browser sends a frame when the last one is answered."""

from typing import Any

import gradio as gr
from gradio.data_classes import DataWithFiles

from cornernet.ui.lessons import lesson
from cornernet.ui.live import Live
from cornernet.ui.shelf import Shelf

_FRAME = '<div class="cn-camera"></div>'
# The explorer's script, which has all that is needed, may come after this one.
_START = """
const start = () =>
  window.cornernet.mountCamera(element.querySelector(".cn-camera"), {
    look: (frame) => server.look({ binary: true, data: frame }),
    freeze: (image) => trigger("freeze", { image }),
  });
if (window.cornernet) start();
else window.addEventListener("cornernet:ready", start, { once: true });
"""


def make_camera_tab(shelf: Shelf) -> gr.HTML:
    """Lay out the tab; the component's event is freeze, with a frame as a base64 JPEG."""
    live = Live(shelf=shelf)

    def look(request: DataWithFiles) -> dict[str, Any]:  # a method cannot carry Gradio's mark
        return live.look(request)

    lesson("tabs/camera")
    return gr.HTML(
        value=None,
        html_template=_FRAME,
        js_on_load=_START,
        apply_default_css=False,
        elem_id="watching",  # its tab is "camera"
        server_functions=[look],
    )
