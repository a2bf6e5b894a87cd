"""The page as it is served: every question passes here, however the page is launched."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol, runtime_checkable

import anyio
import gradio as gr
from gradio.routes import App, ORJSONResponse
from starlette.middleware import Middleware

from cornernet.server.folder import take_private_folder
from cornernet.server.gate import Gate
from cornernet.server.headers import Nonces
from cornernet.server.journal import Journal
from cornernet.server.limits import Limits
from cornernet.server.line import Line
from cornernet.server.metrics import Metrics
from cornernet.server.names import Access, hosted
from cornernet.server.presence import Presence
from cornernet.server.probes import Probes
from cornernet.server.pulse import Pulse
from cornernet.server.readings import Counts, readings
from cornernet.server.sessions import Sessions
from cornernet.server.stop import CONNECTIONS_SECONDS, end_soon, later, wait_for_signal, wait_until
from cornernet.server.sweep import sweep
from cornernet.server.uploads import NotStoredError, Uploads
from cornernet.server.values import exchanged, paths_in


@runtime_checkable
class Keeper(Counts, Protocol):
    """Keeps values of visitors between their questions, within its memory."""

    def put(self, value: Any) -> Any:  # noqa: ANN401
        """Return what stands for a value, if it is one of those to be kept; else the value."""

    def get(self, value: Any) -> Any:  # noqa: ANN401
        """Return back what was put; None if that is no longer kept."""


class Site(gr.Blocks):
    """A Gradio page behind a gate, with a line, private files and little memory a visitor."""

    def __init__(
        self,
        *,
        keeper: Keeper,
        probe: Callable[[], object],
        limits: Limits | None = None,
        on_leave: Callable[[str], None] = lambda _: None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        self.limits, self.keeper, self._on_leave = limits or Limits(), keeper, on_leave
        self.pulse = Pulse(probe)
        self.uploads = Uploads(take_private_folder(), self.limits)
        self.presence = Presence(self._left, self.limits.grace_seconds)
        self.metrics = Metrics(
            readings(keeper, self.uploads, self.presence, lambda: len(self.line.waiting()))
        )
        self.journal = Journal(self.metrics, self.pulse.beat)
        super().__init__(analytics_enabled=False, **options)

    def queue(self, *_: Any, **__: Any) -> "Site":  # noqa: ANN401
        """Let questions wait in this page's own line, whatever is asked for."""
        super().queue(api_open=False)
        self._queue = Line(self, self.limits)
        return self

    @property
    def line(self) -> Line:
        """Return the line in which questions wait."""
        assert isinstance(self._queue, Line)
        return self._queue

    def launch(  # type: ignore[override]
        self,
        *,
        access: Access | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Serve behind the gate; the other options are Gradio's."""
        host = options.get("server_name") or "127.0.0.1"
        access = access or Access(host=host, root_path=options.get("root_path") or "")
        for block in self.blocks.values():
            self.uploads.keep(block.keep_in_cache)
        guarded = GuardedApp(self, hosted(access))
        kwargs = {"lifespan": self._sweeping, **options.pop("app_kwargs", {})}
        capacity = {"state_session_capacity": self.limits.visitors}
        # Without Gradio's look at its own page, which gives up after 3 s on a busy machine.
        own = {"_app": guarded, "app_kwargs": kwargs, "_frontend": False}
        return super().launch(**options | capacity | own)

    def block_thread(self) -> None:
        """Serve until SIGTERM or Ctrl-C; then give the last answers, and end."""
        wait_for_signal()
        end_soon()
        self.pulse.is_stopping = self.line.is_closing = True
        wait_until(lambda: not (self.journal.open or self.line.waiting()))
        later(CONNECTIONS_SECONDS, lambda: setattr(self.server, "force_exit", True))
        self.close(verbose=False)

    async def process_api(self, **question: Any) -> dict[str, Any]:  # type: ignore[override] # noqa: ANN401
        """Answer a question, and write down how that went."""
        fn = question["block_fn"]
        name = (self.fns[fn] if isinstance(fn, int) else fn).name
        with self.journal.question(str(name)):
            return await self._answer(question)

    async def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Answer a question, all of whose files must be stored here, within the time for one.

        Gradio 6.31 itself looks only at files with `meta`: a stock gr.Image opens any path of the
        server's disk that comes without it. The thread of a question that takes too long cannot be
        stopped: it ends unheard, and the next visitor is served meanwhile.
        """
        self._use_files(question["inputs"], question.get("session_hash"))
        answering = asyncio.ensure_future(super().process_api(**question))
        try:
            done, _ = await asyncio.wait({answering}, timeout=self.limits.answer_seconds)
        except asyncio.CancelledError:
            answering.cancel()
            raise
        if not done:
            answering.add_done_callback(_forget)
            seconds = f"{self.limits.answer_seconds:g} s"
            words = f"Expected an answer within {seconds}, but this takes longer: it was given up."
            raise gr.Error(words, print_exception=False)
        answer = answering.result()
        with contextlib.suppress(gr.Error):  # what is shown, but not kept here
            self._use_files(answer["data"], question.get("session_hash"))
        return answer

    def _use_files(self, values: object, session: str | None) -> None:
        try:
            for path in paths_in(values):
                self.uploads.use(self.uploads.find(path), session)
        except NotStoredError as error:
            raise gr.Error(str(error), print_exception=False) from error

    async def preprocess_data(self, *arguments: Any, **options: Any) -> list[Any]:  # noqa: ANN401
        """Read the inputs; what is kept of a visitor comes from the keeper."""
        values = await super().preprocess_data(*arguments, **options)
        return [await anyio.to_thread.run_sync(self.keeper.get, value) for value in values]

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:  # noqa: ANN401
        """Write the outputs; what is kept of a visitor goes to the keeper."""
        kept = exchanged(predictions, self.keeper.put)
        answers: list[Any] = await super().postprocess_data(block_fn, kept, state)
        return answers

    def _left(self, session: str) -> None:
        for leave in (self._on_leave, self.uploads.leave, self.line.forget):
            leave(session)
        assert isinstance(self.state_holder, Sessions)
        self.state_holder.drop(session)

    @contextlib.asynccontextmanager
    async def _sweeping(self, _: App) -> AsyncIterator[None]:
        task = asyncio.create_task(sweep(self.uploads, self.temp_file_sets))
        try:
            yield
        finally:
            task.cancel()


class GuardedApp(App):
    """Gradio's application with the gate around all of its middleware."""

    def __init__(self, site: Site, access: Access) -> None:
        self._site, self._access = site, access
        super().__init__(default_response_class=ORJSONResponse, middleware=[Middleware(Nonces)])
        self.state_holder = Sessions(site.presence.__contains__)

    def build_middleware_stack(self) -> Any:  # noqa: ANN401 (ASGI)
        """Put the gate before all else."""
        site = self._site
        gate = Gate(
            super().build_middleware_stack(),
            access=self._access,
            limits=site.limits,
            uploads=site.uploads,
            presence=site.presence,
        )
        return Probes(gate, metrics=site.metrics, pulse=site.pulse, journal=site.journal)


def _forget(answering: "asyncio.Future[Any]") -> None:
    if not answering.cancelled():
        answering.exception()  # or asyncio complains of it
