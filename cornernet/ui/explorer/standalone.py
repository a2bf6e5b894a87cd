"""One explored image as a single page: no server, no network."""

import json
from typing import Any

from cornernet.paths import EXPLORER
from cornernet.ui.explorer.bundle import explorer_script, explorer_style


def standalone_page(payload: dict[str, Any], query: str) -> str:
    """Write the explorer, a payload and all texts into one HTML file; `query` sets its view.

    Data sit in a JSON element that is never taken for markup: "<" is written as an escape.
    """
    data = json.dumps({"payload": payload, "query": query}, allow_nan=False).replace("<", "\\u003c")
    script = explorer_script().replace("</", "<\\/")
    template = (EXPLORER / "standalone.html").read_text(encoding="utf-8")
    for mark, text in (("STYLE", explorer_style()), ("SCRIPT", script), ("DATA", data)):
        template = template.replace(f"/*{mark}*/", text, 1)
    return template
