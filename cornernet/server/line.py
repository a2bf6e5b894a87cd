"""The line in which questions wait: Gradio's queue, but asleep while nothing happens."""

import asyncio
import contextlib
import time
from typing import Any

from gradio.block_function import BlockFunction
from gradio.queueing import Event, Queue
from gradio.utils import run_coro_in_background, set_task_name

from cornernet.server.journal import waited
from cornernet.server.limits import Limits

BYTES = "cornernet.bytes"  # in a request's scope: how large its body was
_PLACES_SECONDS = 0.5
_WAKE_SECONDS = 1.0  # the longest sleep: the end of the server is seen then


class Line(Queue):
    """Gradio 6.31's queue looks 1,100 times a second for something to do; this one is woken.

    Nobody can fill it alone, and it keeps no statistics, which Gradio computed anew with pandas
    from up to 10,000 past events after each one.
    """

    def __init__(self, blocks: Any, limits: Limits) -> None:  # noqa: ANN401
        super().__init__(
            live_updates=True,  # each visitor is told of changes of their place
            concurrency_count=blocks.max_threads,
            update_intervals=1,
            max_size=limits.waiting_in_all,
            blocks=blocks,
            default_concurrency_limit=max(2, limits.at_once),
        )
        self.limits = limits
        self.ANALYTICS_MAX_EVENTS = 1
        self._news = asyncio.Event()
        self._to_tell: set[str] = set()  # lines whose visitors will soon be told their places
        self.is_closing = False  # nothing new is taken then

    async def push(self, body: Any, request: Any, username: str | None) -> Any:  # noqa: ANN401
        """Let a question wait, if its visitor has not too many waiting already."""
        refusal = self._refusal(body.session_hash, request)
        if refusal:
            return False, refusal, "queue_full"
        answer = await super().push(body, request, username)
        self._forget_answered()
        self._news.set()
        return answer

    def forget(self, session: str) -> None:
        """Forget a visitor of whom nothing waits; Gradio keeps an entry of all who ever came."""
        if self._is_answered(session):
            self.pending_event_ids_session.pop(session, None)
            self.pending_messages_per_session.pop(session, None)

    def _is_answered(self, session: str) -> bool:
        events = self.pending_event_ids_session.get(session, ())
        return not any(event in self.event_ids_to_events for event in events)

    def _forget_answered(self) -> None:
        """Forget those who came first, where there are too many."""
        known = self.pending_event_ids_session
        if (excess := len(known) - self.limits.visitors) > 0:
            for session in [one for one in known if self._is_answered(one)][:excess]:
                self.forget(session)

    def _refusal(self, session: str | None, request: Any) -> str:  # noqa: ANN401
        """Describe why a question cannot wait; "" if it can."""
        if self.is_closing:
            return "The server is stopping: try again in a moment."
        waiting = self.waiting()
        own = sum(event.session_hash == session for event in waiting)
        if own >= self.limits.waiting_per_visitor:
            return (
                f"Expected at most {own} questions at a time: wait for an answer, then ask again."
            )
        size = _bytes_of(request) + sum(_bytes_of(event.request) for event in waiting)
        if size > self.limits.waiting_bytes:
            return "Expected fewer large questions at a time: try again in a moment."
        return ""

    def waiting(self) -> list[Event]:
        """List the questions whose turn has not come."""
        return [e for line in self.event_queue_per_concurrency_id.values() for e in line.queue]

    async def start_processing(self) -> None:
        """Start what waits as soon as its turn comes."""
        try:
            while not self.stopped:
                self._news.clear()
                while await self._start_next():
                    pass
                await self._sleep()
        finally:
            self.stopped = True
            self._cancel_asyncio_tasks()  # type: ignore[no-untyped-call]

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), _WAKE_SECONDS)

    async def _start_next(self) -> bool:
        """Start one question; tell whether there was one whose turn it is."""
        if None not in self.active_jobs:
            return False
        async with self.delete_lock:
            found = self.get_events()
        if not found:
            return False
        events, batch, concurrency_id = found
        self.active_jobs[self.active_jobs.index(None)] = events
        line, fn, started = (
            self.event_queue_per_concurrency_id[concurrency_id],
            events[0].fn,
            time.time(),
        )
        line.current_concurrency += 1
        line.start_times_per_fn[fn].add(started)
        task = run_coro_in_background(self.process_events, events, batch, started, fn)
        set_task_name(task, events[0].session_hash, fn._id, events[0]._id, batch)
        self._asyncio_tasks.add(task)
        task.add_done_callback(self._asyncio_tasks.discard)
        if self.live_updates:
            self.broadcast_estimations(concurrency_id)
        return True

    def broadcast_estimations(self, concurrency_id: str, after: int | None = None) -> None:
        """Tell newcomers their place at once, and all theirs twice a second: a class is many."""
        if after is not None:
            super().broadcast_estimations(concurrency_id, after)
        elif concurrency_id not in self._to_tell:
            self._to_tell.add(concurrency_id)
            loop = asyncio.get_running_loop()
            loop.call_later(_PLACES_SECONDS, self._tell_places, concurrency_id)

    def _tell_places(self, concurrency_id: str) -> None:
        self._to_tell.discard(concurrency_id)
        super().broadcast_estimations(concurrency_id)

    async def process_events(
        self, events: list[Event], batch: bool, begin_time: float, fn: BlockFunction
    ) -> None:
        """Answer, then let the next one have the place."""
        waited.set(time.monotonic() - events[0].enqueue_time)
        try:
            await super().process_events(events, batch, begin_time, fn)
        finally:
            self._news.set()

    async def start_progress_updates(self) -> None:
        """Do nothing: no answer of this page reports its progress."""

    def compute_analytics_summary(self, records: Any) -> dict[str, Any]:  # noqa: ANN401, ARG002
        """Keep no statistics."""
        return {}


def _bytes_of(request: Any) -> int:  # noqa: ANN401
    scope = getattr(request, "scope", None) or {}
    return int(scope.get(BYTES, 0))
