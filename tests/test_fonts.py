"""Names of any script are drawn, or said to be not."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image, ImageDraw

from cornernet.figures import fonts
from cornernet.figures.fonts import Lettering, runs_of, text_width, unwritable, write
from cornernet.figures.marks import chip_size, draw_chip, shorten

NAMES = {
    "Latin with accents": ("café", "cafè"),
    "Greek": ("γάτα", "κότα"),
    "Cyrillic": ("кошка", "мышка"),
    "Hebrew": ("חתול", "כלבה"),
    "Arabic": ("قطة", "كلب"),
}


def clear() -> None:
    for cached in (fonts._fonts, fonts._signs, fonts.runs_of, fonts.text_width):
        cached.cache_clear()


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let the system have only the fonts of a list."""
    found: list[str] = []
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: found)
    clear()
    yield found
    clear()


def make_font(path: Path, signs: str) -> str:
    """Write a font whose signs are bars, each of another height."""
    names = [".notdef", *(f"sign{place}" for place in range(len(signs)))]
    glyphs = {}
    for place, name in enumerate(names):
        pen = TTGlyphPen(None)
        pen.moveTo((100, 0))
        for point in ((100, 100 + 80 * place), (800, 100 + 80 * place), (800, 0)):
            pen.lineTo(point)
        pen.closePath()
        glyphs[name] = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(
        {ord(sign): name for sign, name in zip(signs, names[1:], strict=True)}
    )
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (1000, 100) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return str(path)


def chip(text: str) -> np.ndarray:
    picture = Image.new("RGB", (240, 40), "white")
    draw_chip(ImageDraw.Draw(picture), (0, 0), text, 18, (30, 60, 120))
    return np.asarray(picture)


@pytest.mark.parametrize("pair", NAMES.values(), ids=NAMES)
def test_two_names_of_a_script_look_different(only: list[str], pair: tuple[str, str]) -> None:
    assert only == []  # Matplotlib's own font is enough for these
    assert unwritable(pair) == ""
    first, second = (chip(name) for name in pair)
    assert (first != second).any()
    assert [path for _, path in runs_of(pair[0] + " 0.82")] == [fonts._fonts()[1]]


def test_plain_names_keep_the_usual_type() -> None:
    assert runs_of("traffic light 0.82") == (("traffic light 0.82", ""),)
    assert unwritable(["H1 cat IoU 0.53", "(1.25, 0.50) px"]) == ""


def test_a_font_of_the_system_is_taken_where_it_has_the_signs(
    only: list[str], tmp_path: Path
) -> None:
    (tmp_path / "Broken.ttf").write_bytes(b"no font")
    bold = make_font(tmp_path / "Han-Bold.ttf", "猫犬")
    plain = make_font(tmp_path / "Han-Regular.ttf", "猫犬")
    placeholders = make_font(tmp_path / "LastResort.ttf", "猫犬鳥")
    only += [str(tmp_path / "Broken.ttf"), bold, plain, placeholders]
    assert runs_of("猫犬") == (("猫犬", plain),)
    assert runs_of("猫 0.82") == (("猫", plain), (" 0.82", ""))
    assert runs_of("dog 犬") == (("dog ", ""), ("犬", plain))
    assert unwritable(["猫鳥", "鳥"]) == "鳥"
    assert (chip("猫 0.82") != chip("犬 0.82")).any()
    assert text_width("猫 0.82", 18) >= 18 + text_width(" 0.82", 18) - 1


@pytest.mark.parametrize("anchor", ["la", "lm", "mm", "rm", "ls"])
def test_a_line_of_two_fonts_stands_where_one_of_one_would(
    only: list[str], tmp_path: Path, anchor: str
) -> None:
    only.append(make_font(tmp_path / "Han.ttf", "猫"))
    ends = []
    black = Lettering(size=40, fill=(0, 0, 0), anchor=anchor)
    for text in ("xx xx", "猫 xx"):
        picture = Image.new("RGB", (300, 120), "white")
        write(ImageDraw.Draw(picture), (150, 60), text, black)
        rows, columns = np.nonzero(np.asarray(picture)[..., 0] < 128)
        ends.append((int(rows.max()), int(columns.min()), int(columns.max())))
    (foot, left, right), (other_foot, other_left, other_right) = ends
    assert abs(foot - other_foot) <= 2
    if anchor[0] == "l":
        assert abs(left - other_left) <= 4
    elif anchor[0] == "r":
        assert abs(right - other_right) <= 1
    else:
        assert abs(left + right - other_left - other_right) <= 8


def test_a_sign_that_no_font_has_is_spelt_out(only: list[str]) -> None:
    assert only == []
    assert unwritable(("猫", "cat", "犬", "\udcff")) == "猫犬\udcff"
    assert "".join(run for run, _ in runs_of("猫 0.82")) == r"\u732b 0.82"
    assert (chip("猫") != chip("犬")).any()


@pytest.mark.parametrize(
    "text", ["two\nlines", "tab\there", "\udcff", "e\u0301", "a\u200db", "", "\x00", "🐈"]
)
def test_any_text_is_one_line_that_can_be_measured_and_cut(text: str) -> None:
    picture = Image.new("RGB", (60, 30))
    draw_chip(ImageDraw.Draw(picture), (0, 0), shorten(text * 3, 12, 50), 12, (9, 9, 9))
    assert chip_size(text, 12)[0] == text_width(text, 12) + 8
    assert all("\n" not in run for run, _ in runs_of(text))
