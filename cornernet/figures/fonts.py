"""Type for names of any script: the one that comes with PIL, else one that the system has."""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import matplotlib
from matplotlib.font_manager import findSystemFonts
from matplotlib.ft2font import FT2Font
from PIL import ImageDraw, ImageFont

from cornernet.figures.palette import Colour

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Run = tuple[str, str]  # a piece of text, and the path of the font that has it ("": PIL's own)

_OWN = ""
_ANY_SIZE = 16  # pixels; a font of bitmaps cannot be opened at it
_TELLTALES = ("bold", "italic", "oblique", "light", "thin", "black", "mono", "cond", "serif")
_PLACEHOLDERS = "lastresort"  # fonts that have a box for every sign


@cache
def font(size: int, path: str = _OWN) -> Font:
    """Open a font, so many pixels high; without a path, the one that comes with PIL."""
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


@lru_cache(maxsize=4096)
def runs_of(text: str) -> tuple[Run, ...]:
    """Divide text among fonts that have its signs; one for all if possible.

    A sign that no font has is written as Python's escape for it.
    """
    clean = "".join(
        " " if unicodedata.category(sign) == "Cc" else sign
        for sign in unicodedata.normalize("NFC", text)
    )
    lacking = unwritable([clean])
    shown = "".join(_escaped(sign) if sign in lacking else sign for sign in clean)
    for path in _fonts():
        if _has_all(path, shown):
            return ((shown, path),)
    runs: list[Run] = []
    for sign in shown:
        if not (runs and _has_all(runs[-1][1], sign)):
            runs.append(("", next(path for path in _fonts() if _has_all(path, sign))))
        runs[-1] = (runs[-1][0] + sign, runs[-1][1])
    return tuple(runs)


def unwritable(texts: Iterable[str]) -> str:
    """Return the signs that no font on this machine has, each once, in order."""
    signs = dict.fromkeys(unicodedata.normalize("NFC", "".join(texts)))
    return "".join(
        sign
        for sign in signs
        if unicodedata.category(sign) != "Cc" and not any(_has_all(path, sign) for path in _fonts())
    )


@lru_cache(maxsize=4096)
def text_width(text: str, size: int) -> int:
    """Measure a line of text, in pixels."""
    return math.ceil(sum(font(size, path).getlength(run) for run, path in runs_of(text)))


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """How a line is written."""

    size: int  # pixels
    fill: Colour
    anchor: str = "la"  # PIL's: left, middle or right; ascender, middle or baseline


def write(
    draw: ImageDraw.ImageDraw, xy: tuple[float, float], text: str, lettering: Lettering
) -> None:
    """Write a line, in several fonts where one lacks some of its signs."""
    size, fill, anchor = lettering.size, lettering.fill, lettering.anchor
    runs = runs_of(text)
    if len(runs) == 1:
        draw.text(xy, runs[0][0], fill=fill, font=font(size, runs[0][1]), anchor=anchor)
        return
    x = xy[0] - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]] * text_width(text, size)
    baseline = xy[1] + {"a": 0.95, "m": 0.35, "s": 0.0}[anchor[1]] * size
    for run, path in runs:
        draw.text((x, baseline), run, fill=fill, font=font(size, path), anchor="ls")
        x += font(size, path).getlength(run)


def _escaped(sign: str) -> str:
    return sign.encode("ascii", "backslashreplace").decode()


def _has_all(path: str, text: str) -> bool:
    signs = _signs(path)
    return all(ord(sign) in signs or _is_unseen(sign) for sign in text)


def _is_unseen(sign: str) -> bool:
    """Return whether a sign only steers its neighbours: joiners, directions, variations."""
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


@cache
def _fonts() -> tuple[str, ...]:
    """List fonts, the plainest first; Matplotlib brings one for many scripts."""
    bundled = str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))
    found = [p for p in findSystemFonts() if _PLACEHOLDERS not in Path(p).name.lower()]
    return (_OWN, bundled, *sorted(found, key=_plainness))


def _plainness(path: str) -> tuple[int, str]:
    name = Path(path).name.lower()
    return sum(telltale in name for telltale in _TELLTALES), name


@cache
def _signs(path: str) -> frozenset[int]:
    """Return the code points that a font has; none if it cannot be used."""
    try:
        own = font(_ANY_SIZE, path)
        if isinstance(own, ImageFont.ImageFont):  # PIL without FreeType
            return frozenset(range(0x20, 0x7F))
        source = own.path
        if isinstance(source, BytesIO):
            source.seek(0)
        return frozenset(FT2Font(source).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
