"""What Gradio keeps of each visitor: here next to nothing, and never by who came last alone."""

import datetime
from collections.abc import Callable
from copy import copy
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder


class LeanState(SessionState):
    """A session without the copy of the page that Gradio 6.31 keeps of each visitor.

    That copy (every component's settings, every answer's text) serves links to a saved state only,
    which this page does not offer.
    """

    def __init__(self, blocks: Any) -> None:  # noqa: ANN401
        self.blocks_config = copy(blocks.default_config)
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, Any] = {}
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = 3600  # seconds, as Gradio's own; files and images go earlier

    def __setitem__(self, key: int, value: Any) -> None:  # noqa: ANN401
        block = self.blocks_config.blocks.get(key)
        if isinstance(block, gr.State):
            self._state_ttl[key] = (block.time_to_live, datetime.datetime.now())
            self.state_data[key] = value
        else:
            self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        """Keep nothing."""

    def _update_value_in_config(self, key: int, value: Any) -> None:  # noqa: ANN401
        """Keep nothing."""


class Sessions(StateHolder):
    """All visitors' sessions; where there are too many, who has no page open goes first."""

    def __init__(self, is_here: Callable[[str], bool]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._is_here = is_here

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = LeanState(self.blocks)
        return super().__getitem__(session_id)

    def update(self, session_id: str) -> None:
        """Write down that a visitor asked something, and make room."""
        with self.lock:
            if session_id in self.session_data:
                self.session_data.move_to_end(session_id)
            while len(self.session_data) > max(1, self.capacity):
                self._drop(self._dispensable(session_id))

    def drop(self, session_id: str) -> None:
        """Forget a visitor who left."""
        with self.lock:
            self._drop(session_id)

    def _dispensable(self, asking: str) -> str:
        """Choose who goes: the one longest silent of those who are not here, else of all."""
        others = [one for one in self.session_data if one != asking]
        return next((one for one in others if not self._is_here(one)), others[0])

    def _drop(self, session_id: str) -> None:
        self.session_data.pop(session_id, None)
        self.time_last_used.pop(session_id, None)
