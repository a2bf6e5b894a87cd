"""The tab in which a small network learns while one watches."""

from typing import Any

import gradio as gr

from cornernet.learning.classroom import Classroom
from cornernet.ui.learning import Learning
from cornernet.ui.lessons import lesson

_FRAME = '<div class="cn-learn"></div>'
# The explorer's script, which has all that is needed, may come after this one.
_START = """
const ask = (question) => server.learn(question);
const start = () => window.cornernet.mountLearn(element.querySelector(".cn-learn"), ask);
if (window.cornernet) start();
else window.addEventListener("cornernet:ready", start, { once: true });
"""


def make_learn_tab(classroom: Classroom) -> gr.HTML:
    """Lay out the tab."""
    learning = Learning(classroom=classroom)

    async def learn(data: Any, request: gr.Request) -> dict[str, Any]:  # noqa: ANN401 (a method
        return await learning.learn(data, request)  # cannot carry Gradio's mark)

    lesson("tabs/learn")
    return gr.HTML(
        value=None,
        html_template=_FRAME,
        js_on_load=_START,
        apply_default_css=False,
        elem_id="learning",  # its tab is "learn"
        server_functions=[learn],
    )
