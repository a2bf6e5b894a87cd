"""Other websites, and foreign names for this server, try to use a visitor's browser."""

import pytest

from cornernet.server.names import Access, hosted, may_ask, may_be_asked_as
from tests.attacks.conftest import Served, served_with
from tests.attacks.visitor import THRESHOLDS, Visitor
from tests.page import loops_closed, png

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
EVIL = "http://evil.example"


@pytest.mark.parametrize(
    ("host", "access", "is_ours"),
    [
        ("localhost:7860", Access(), True),
        ("LOCALHOST", Access(), True),
        ("127.0.0.1:7860", Access(), True),
        ("[::1]:7860", Access(), True),
        ("192.168.1.7:7860", Access(host="0.0.0.0"), True),
        ("evil.example", Access(), False),
        ("evil.example", Access(host="0.0.0.0"), False),
        ("127.0.0.1.evil.example", Access(), False),
        ("localhost.evil.example", Access(), False),
        ("course.example", Access(names=("course.example",)), True),
        ("a.course.example:443", Access(names=("*.course.example",)), True),
        ("course.example", Access(names=("*.course.example",)), False),
        ("evilcourse.example", Access(names=("*.course.example",)), False),
        ("a.example", Access(root_path="https://a.example/course"), True),
        ("a.example", Access(root_path="/course"), False),
        ("", Access(), False),
        ("[", Access(), False),
        ("localhost@evil.example", Access(), False),
    ],
)
def test_a_server_knows_its_names(host: str, access: Access, is_ours: bool) -> None:
    assert may_be_asked_as(access, host) == is_ours


def test_a_space_is_asked_and_framed_by_hugging_face() -> None:
    space = hosted(Access(host="0.0.0.0"), {"SPACE_ID": "a/b"})
    assert may_be_asked_as(space, "a-b.hf.space")
    assert "https://huggingface.co" in space.embedders
    assert may_ask(space, "https://a-b.hf.space", ("a-b.hf.space",))
    assert hosted(Access(), {}) == Access()


@pytest.mark.parametrize(
    "path", ["", "config", "gradio_api/info", "theme.css", "gradio_api/queue/status"]
)
@pytest.mark.parametrize("header", ["host", "x-forwarded-host"])
def test_a_foreign_name_is_refused(served: Served, path: str, header: str) -> None:
    answer = served.visitor.get(path, **{header: "evil.example", "origin": EVIL})
    assert answer.status_code == 421
    assert "--allow-host" in answer.text
    assert not any(name.startswith("access-control") for name in answer.headers)


WRITING = (
    "gradio_api/queue/join", "gradio_api/upload", "gradio_api/component_server",
    "gradio_api/cancel", "gradio_api/reset", "gradio_api/call/detect",
    "gradio_api/call/v2/detect", "login",
)  # fmt: skip
FOREIGN = (
    {"origin": EVIL},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9"},
    {"origin": "http://localhost:9"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
)


@pytest.mark.parametrize("path", WRITING)
@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_site_can_change_nothing(
    served: Served, path: str, headers: dict[str, str]
) -> None:
    before = sorted(served.folder.rglob("*"))
    answer = served.visitor.post(path, files={"files": ("a.png", png())}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text
    assert sorted(served.folder.rglob("*")) == before
    asked = served.visitor.get("config", **headers)
    assert "access-control-allow-origin" not in asked.headers


def test_the_pages_own_requests_are_let_in(served: Served) -> None:
    own = Visitor(
        served.address,
        headers={"origin": served.address.rstrip("/"), "sec-fetch-site": "same-origin"},
    )
    assert own.ask(served.fn("detect"), own.upload(png()), *THRESHOLDS)["success"]


CLOSED = (
    "run/detect", "run/detect/", "api/detect", "run/show_image", "proxy=http://127.0.0.1/",
    "deep_link?session_hash=a", "process_recording", "vibe-code", "vibe-edit", "runs",
    "dev/reload", "custom_component/a/client/b/c", "stream/a", "profiling/clear", "run/predict",
    "mcp/", "file/etc/passwd", "../gradio_api/run/detect", "/run/detect", "run%2Fdetect",
)  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
def test_no_way_leads_past_the_line(served: Served, path: str) -> None:
    for answer in (
        served.visitor.get(f"gradio_api/{path}"),
        served.visitor.post(f"gradio_api/{path}", json={"data": [None] * 8}),
    ):
        assert answer.status_code in (404, 405)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HACK"])
def test_other_methods_are_refused(served: Served, method: str) -> None:
    import httpx

    assert httpx.request(method, served.address, headers={"origin": EVIL}).status_code == 404


@pytest.mark.parametrize("path", ["", "config", "nothing", "assets/nothing.js", "gradio_api/info"])
def test_every_answer_tells_browsers_what_they_may_do(served: Served, path: str) -> None:
    first, second = served.visitor.get(path), served.visitor.get(path)
    policy = first.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "frame-ancestors 'self'" in policy
    assert policy != second.headers["content-security-policy"]  # another nonce each time
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["referrer-policy"] == "same-origin"
    assert first.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_request_of_unknown_or_great_length_is_refused(served: Served) -> None:
    import httpx

    url = f"{served.address}gradio_api/queue/join"
    assert httpx.post(url, content=iter([b"{}"])).status_code == 411
    large = served.visitor.post("gradio_api/queue/join", content=b" " * 9_000_000)
    assert large.status_code == 413


def test_names_and_frames_are_allowed_when_asked_for() -> None:
    access = Access(names=("course.example",), embedders=("https://course.example",))
    with loops_closed(), served_with(access=access) as served:
        answer = served.visitor.get("config", host="course.example")
        assert answer.status_code == 200
        assert (
            "frame-ancestors 'self' https://course.example"
            in (answer.headers["content-security-policy"])
        )
        assert "x-frame-options" not in answer.headers
        joined = served.visitor.post(
            "gradio_api/reset", json={"event_id": "a"}, headers={"origin": "https://course.example"}
        )
        assert joined.status_code == 200


def test_a_password_is_asked_for() -> None:
    with loops_closed(), served_with(auth=("anna", "secret")) as served:
        visitor = served.visitor
        assert visitor.get("config").status_code == 401
        assert visitor.join(served.fn("detect"), None, *THRESHOLDS).status_code == 401
        wrong = visitor.post("login", data={"username": "anna", "password": "guess"})
        right = visitor.post("login", data={"username": "anna", "password": "secret"})
        assert (wrong.status_code, right.status_code) == (400, 200)
