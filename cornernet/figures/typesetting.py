"""Pictures side by side, with titles above and captions below."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from cornernet.figures.fonts import Lettering, text_width, write
from cornernet.figures.palette import FAINT_INK, INK, PAPER
from cornernet.image_reading import RgbArray

PLATE_WIDTH = 1920  # pixels
MARGIN = 24  # around the plate and between panels
HEADING = 34  # pixels, height of the type
TITLE = 22
CAPTION = 15
LINE_SPACING = 1.35  # from line to line, in heights of the type
MOST_SHRUNK = 0.7  # no panel becomes smaller than this part of itself


@dataclass(frozen=True, eq=False)
class Panel:
    """One figure and what is to be said of it."""

    title: str
    caption: str
    image: RgbArray


def wrapped(text: str, size: int, width: int) -> list[str]:
    """Break text into lines that fit a width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def compose_plate(panels: tuple[Panel, ...], title: str) -> RgbArray:
    """Set panels in rows, in reading order, on one plate."""
    rows = [_set_row(row) for row in _rows(panels)]
    top = MARGIN + round(HEADING * LINE_SPACING) + MARGIN // 2
    height = top + sum(row.height + MARGIN for row in rows)
    plate = Image.new("RGB", (PLATE_WIDTH, height), PAPER)
    write(ImageDraw.Draw(plate), (MARGIN, MARGIN), title, Lettering(size=HEADING, fill=INK))
    for row in rows:
        plate.paste(row, (MARGIN, top))
        top += row.height + MARGIN
    return np.asarray(plate)


def _rows(panels: tuple[Panel, ...]) -> list[list[Panel]]:
    """Fill each row as long as no panel in it would have to shrink too much."""
    rows: list[list[Panel]] = []
    for panel in panels:
        if rows and _row_zoom([*rows[-1], panel]) >= MOST_SHRUNK:
            rows[-1].append(panel)
        else:
            rows.append([panel])
    return rows


def _row_height(row: list[Panel]) -> int:
    """Return the common height that makes a row as wide as the plate, or of its highest panel."""
    room = PLATE_WIDTH - MARGIN * (len(row) + 1)
    shape = sum(panel.image.shape[1] / panel.image.shape[0] for panel in row)
    return max(1, int(min(room / shape, max(panel.image.shape[0] for panel in row))))


def _row_zoom(row: list[Panel]) -> float:
    highest: int = max(panel.image.shape[0] for panel in row)
    return _row_height(row) / highest


def _set_row(row: list[Panel]) -> Image.Image:
    set_panels = [_set_panel(panel, _row_height(row)) for panel in row]
    height = max(panel.height for panel in set_panels)
    image = Image.new("RGB", (PLATE_WIDTH - 2 * MARGIN, height), PAPER)
    x = 0
    for panel in set_panels:
        image.paste(panel, (x, 0))
        x += panel.width + MARGIN
    return image


def _set_panel(panel: Panel, height: int) -> Image.Image:
    width = max(1, round(panel.image.shape[1] * height / panel.image.shape[0]))
    captions = wrapped(panel.caption, CAPTION, width)
    title_height, line_height = round(TITLE * LINE_SPACING), round(CAPTION * LINE_SPACING)
    total = title_height + height + MARGIN // 4 + line_height * len(captions)
    image = Image.new("RGB", (width, total), PAPER)
    draw = ImageDraw.Draw(image)
    write(draw, (0, 0), panel.title, Lettering(size=TITLE, fill=INK))
    picture = Image.fromarray(panel.image).resize((width, height), Image.Resampling.BICUBIC)
    image.paste(picture, (0, title_height))
    for number, line in enumerate(captions):
        y = title_height + height + MARGIN // 4 + number * line_height
        write(draw, (0, y), line, Lettering(size=CAPTION, fill=FAINT_INK))
    return image


def grid(panels: tuple[Panel, ...], columns: int, gap: int) -> RgbArray:
    """Set pictures of one size in rows at their own size; titles above, captions unused."""
    height, width = panels[0].image.shape[:2]
    head = round(CAPTION * LINE_SPACING) if any(panel.title for panel in panels) else 0
    rows = -(-len(panels) // columns)
    size = (columns * (width + gap) - gap, rows * (height + head + gap) - gap)
    picture = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(picture)
    for place, panel in enumerate(panels):
        x, y = place % columns * (width + gap), place // columns * (height + head + gap)
        write(draw, (x, y), panel.title, Lettering(size=CAPTION, fill=INK))
        picture.paste(Image.fromarray(panel.image), (x, y + head))
    return np.asarray(picture)
