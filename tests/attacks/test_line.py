"""Visitors crowd, push, and ask for what never ends."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cornernet.server.limits import BusyError, Limits, PixelBudget
from cornernet.server.site import Site
from tests.attacks.conftest import Served, served_with
from tests.attacks.visitor import THRESHOLDS, Visitor, at_once, error_of
from tests.page import loops_closed, png

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
CLASS = 60


@pytest.mark.slow
def test_a_class_is_admitted_and_each_sees_their_place(served: Served) -> None:
    fn = served.fn("show_scene")

    def ask(number: int) -> list[dict[str, Any]]:
        visitor = Visitor(served.address, timeout=240)
        joined = visitor.join(fn, number, "tiny")
        assert joined.status_code == 200, joined.text
        return list(visitor.listen(joined.json()["event_id"]))

    told = at_once(CLASS, ask)
    assert all(messages[-1]["success"] for messages in told)
    ranks = [m["rank"] for messages in told for m in messages if m["msg"] == "estimation"]
    assert max(ranks) >= CLASS // 2  # they did wait
    for messages in told:
        places = [m["rank"] for m in messages if m["msg"] == "estimation"]
        assert places == sorted(places, reverse=True)  # nobody is pushed back
        assert places


def test_nobody_fills_the_line_alone() -> None:
    released = threading.Event()
    limits = Limits(waiting_per_visitor=5, waiting_in_all=50)
    with loops_closed(), served_with(limits, prepare=lambda site: _hold(site, released)) as served:
        fn, greedy, other = served.fn("hold"), served.visitor, Visitor(served.address)
        answers = [greedy.join(fn) for _ in range(9)]
        refused = [a for a in answers if a.status_code == 503]
        assert 3 <= len(refused) <= 4  # one may be answered already
        assert "at most 5 questions" in refused[0].json()["detail"]
        assert other.join(fn).status_code == 200
        released.set()


def test_large_questions_do_not_fill_memory() -> None:
    released = threading.Event()
    limits = Limits(waiting_bytes=3_000_000)
    with loops_closed(), served_with(limits, prepare=lambda site: _hold(site, released)) as served:
        fn, large = served.fn("hold"), {"event_data": "x" * 1_000_000}
        statuses = [Visitor(served.address).join(fn, **large).status_code for _ in range(8)]
        assert statuses.count(503) >= 3
        released.set()


def test_a_question_that_never_ends_is_given_up_and_the_next_visitor_served() -> None:
    released = threading.Event()
    limits = Limits(answer_seconds=0.5)
    with loops_closed(), served_with(limits, prepare=lambda site: _hold(site, released)) as served:
        started = time.perf_counter()
        assert "within 0.5 s" in error_of(served.visitor.ask(served.fn("hold")))
        assert Visitor(served.address).ask(served.fn("quick"))["success"]
        assert time.perf_counter() - started < 20
        released.set()


def _hold(site: Site, released: threading.Event) -> None:
    """Add an event that does not end before it is told to, and one that waits for its turn."""
    import gradio as gr

    def hold() -> None:
        released.wait(60)

    def quick() -> None:
        pass

    with site:
        button = gr.Button(visible=False)
        for handler in (hold, quick):
            button.click(handler, None, None, concurrency_id="model", concurrency_limit=1)


@pytest.fixture
def budget() -> PixelBudget:
    return PixelBudget(most=100, patience=0.05)


def test_images_in_hand_have_a_bound_of_pixels(budget: PixelBudget) -> None:
    full = pytest.raises(BusyError, match="try again")
    with budget.hold(60), budget.hold(40), full, budget.hold(1):
        pass
    with budget.hold(1000), pytest.raises(BusyError), budget.hold(1):  # alone, but let in
        pass
    with budget.hold(100):
        pass


def test_who_waits_is_let_in_when_there_is_room() -> None:
    budget, order = PixelBudget(most=100, patience=20), list[str]()

    def wait() -> None:
        with budget.hold(100):
            order.append("second")

    with budget.hold(100):
        thread = threading.Thread(target=wait)
        thread.start()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


@pytest.fixture(scope="module")
def crowded() -> Iterator[Served]:
    limits = Limits(visitors=20)
    with loops_closed(), served_with(limits) as served:
        yield served


def test_cheap_calls_push_no_open_page_out(crowded: Served) -> None:
    visitor, fn = crowded.visitor, crowded.fn("show_image")
    with visitor.page_open():
        assert visitor.ask(fn, visitor.upload(png()), "tiny")["success"]
        for _ in range(52):
            stranger = Visitor(crowded.address)
            stranger.ask(crowded.fn("choose_model"), "tiny")
        assert visitor.session in crowded.site.state_holder
        assert len(crowded.site.state_holder.session_data) <= 20


def test_detect_is_answered_by_both_ways_through_the_line(served: Served) -> None:
    image = served.visitor.upload(png())
    joined = served.visitor.post("gradio_api/call/detect", json={"data": [image, *THRESHOLDS]})
    event = joined.json()["event_id"]
    told = served.visitor.get(f"gradio_api/call/detect/{event}").text
    assert told.startswith("event: complete")


def test_who_left_is_forgotten() -> None:
    with loops_closed(), served_with(Limits(grace_seconds=0.1, visitors=10)) as served:
        line, fn = served.site.line, served.fn("detect")
        image = served.visitor.upload(png())
        with served.visitor.page_open():
            assert served.visitor.ask(fn, image, *THRESHOLDS)["success"]
        image = served.visitor.upload(png(70, 50))
        for _ in range(40):  # programs, which open no page
            assert Visitor(served.address).ask(fn, image, *THRESHOLDS)["success"]
        assert served.visitor.session not in line.pending_event_ids_session
        assert len(line.pending_event_ids_session) <= 11
