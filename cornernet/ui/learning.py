"""What the tab Learn asks of trainings, answered."""

from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import gradio as gr

from cornernet.analysis.same_place import SAME_PLACE_IOU
from cornernet.categories import SHAPES, colour_of
from cornernet.config import DecodeConfig, config_from
from cornernet.learning.choices import DECODE, Choices
from cornernet.learning.classroom import Classroom, FullError
from cornernet.learning.replay import FILE, read_replay
from cornernet.paths import REPLAY
from cornernet.ui.explorer.vocabulary import hex_of, vocabulary
from cornernet.ui.lessons import panel_texts
from cornernet.ui.thresholds import settings_of

_CHANGING = ("begin", "adjust")


@dataclass(frozen=True, eq=False, kw_only=True)
class Learning:
    """The tab's questions; `classroom` holds the trainings."""

    classroom: Classroom

    async def learn(self, data: Any, request: gr.Request) -> dict[str, Any]:  # noqa: ANN401
        """Answer a question of the tab; what is wrong with it is an answer, too.

        Gradio hands over the visitor's key only inside the body of the request.
        """
        visitor = str((await request.json())["session_hash"])
        return self.answer(visitor, data if isinstance(data, dict) else {})

    def answer(self, visitor: str, data: dict[str, Any]) -> dict[str, Any]:
        """Answer a question of a visitor."""
        question = data.get("question")
        try:
            if question == "open":
                return {"choices": _options()}
            if question == "replay":
                return replayed()
            if question == "order":
                self.classroom.order(visitor, str(data.get("command")))
            elif question == "leave":
                self.classroom.leave(visitor)
            elif question in _CHANGING:
                choices = config_from(Choices, data.get("choices"))
                (self.classroom.begin if question == "begin" else self.classroom.adjust)(
                    visitor, choices
                )
            return self._look(visitor, data)
        except FullError as error:
            return {"error": str(error), "isFull": True}
        except ValueError as error:
            return {"error": str(error)}

    def _look(self, visitor: str, data: dict[str, Any]) -> dict[str, Any]:
        last, known = data.get("last", -1), data.get("known", 0)
        if not (isinstance(last, int) and isinstance(known, int) and known >= 0):
            raise ValueError("Expected how much is known already, as whole numbers.")
        found = self.classroom.look(visitor, last, known)
        if found.get("facts"):
            found["base"] = explorer_base(found["kinds"], DECODE)
        return found


def _options() -> dict[str, Any]:
    return {"defaults": asdict(Choices()), "kinds": list(SHAPES)}


@cache
def replayed() -> dict[str, Any]:
    """Return the training that is played back, with what to look for from which step on.

    Raise ValueError if its file is not there.
    """
    content = read_replay(REPLAY / FILE)
    decode = config_from(DecodeConfig, content["decode"])
    base = explorer_base(tuple(content["categories"]), decode)
    remarks = [{"from": int(step), **text} for step, text in panel_texts("learn/replay").items()]
    shown = {name: content[name] for name in ("run", "facts", "points", "moments")}
    return {**shown, "base": base, "remarks": remarks}


def explorer_base(categories: tuple[str, ...], decode: DecodeConfig) -> dict[str, Any]:
    """Return what of the explorer's `Payload` is the same for every scene and every moment."""
    labels = [SHAPES.index(name) if name in SHAPES else k for k, name in enumerate(categories)]
    return {
        "model": "learning",
        "footer": "",
        "source": "",
        "categories": list(categories),
        "knows": "",
        "knowsMore": False,
        "colours": [hex_of(colour_of(label)) for label in labels],
        "originalPerShown": [1.0, 1.0],
        "cellsInAll": 0,
        "features": {"url": "", "names": []},
        "settings": settings_of(decode),
        "samePlaceIou": SAME_PLACE_IOU,
        "vocabulary": vocabulary(),
        "ranges": [],
        "ribbon": [],
        "texts": panel_texts("learn"),
        "input": "",
        "pooling": {"name": "", "note": ""},
        "tour": [],
        "answers": [],
        "hint": None,
        "note": "",
    }
