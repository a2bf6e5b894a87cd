"""Which of Gradio's routes this page needs; all others are closed.

Closed so are, among others, /run and /api (past the queue), /proxy= (connects out), /deep_link
(writes), /process_recording (writes), /monitoring, /runs, /custom_component and /stream.
"""

import re

_API = "/gradio_api"
FILE = f"{_API}/file="
HEARTBEAT = f"{_API}/heartbeat/"
UPLOAD = f"{_API}/upload"
COMPONENT = f"{_API}/component_server"
_READ = re.compile(
    rf"""/ | /config/? | /info/? | /theme\.css | /robots\.txt | /manifest\.json | /favicon\.ico
    | /logout | /(?:static|assets|svelte)/.+
    | {_API}/(?:info/? | openapi\.json | app_id/? | user/? | login_check/? | token/? | theme\.css
        | startup-events | upload_progress | queue/(?:data|status)
        | heartbeat/[^/]+ | call/(?:v2/)?[^/]+/[^/]+ | file=.+)""",
    re.VERBOSE,
)
_WRITE = re.compile(
    rf"/login/?|{_API}/(?:queue/join|upload|component_server/?|cancel|reset/?|call/(?:v2/)?[^/]+/?)"
)
_RELOAD = f"{_API}/dev/reload"  # of `gradio app.py`


def is_open(method: str, path: str, is_reloading: bool = False) -> bool:
    """Return whether the page needs a route."""
    if method in ("GET", "HEAD"):
        return _READ.fullmatch(path) is not None or (is_reloading and path == _RELOAD)
    return method == "POST" and _WRITE.fullmatch(path) is not None
