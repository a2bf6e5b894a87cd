"""Category names, in label order, and one fixed colour for each label."""

import colorsys
from functools import cache

SHAPES = ("circle", "triangle", "square", "star", "heart", "crescent", "cross", "arrow")

# The order of COCO's category ids, which is the order of labels in every published checkpoint.
# fmt: off
COCO = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat",
    "traffic light", "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat",
    "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack",
    "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball",
    "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket",
    "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple",
    "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair",
    "couch", "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse",
    "remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator",
    "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
)
# fmt: on

# Pascal VOC's twenty, by COCO's names.
PASCAL_VOC = (
    *("airplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow"),
    *("dining table", "dog", "horse", "motorcycle", "person", "potted plant", "sheep", "couch"),
    *("train", "tv"),
)


# Things that everybody has at hand, of COCO's: the first to be named.
_AT_HAND = ("person", "dog", "cup", "car", "chair", "bottle", "cell phone", "book")
MOST_NAMED = 8


def kinds_known(categories: tuple[str, ...], weak: tuple[str, ...] = ()) -> str:
    """Describe what a model of these categories can detect; few are all named.

    Of many, those in `weak` are no examples: the model hardly ever finds them.
    """
    count = len(categories)
    first = tuple(name for name in _AT_HAND if name in categories)
    named = categories
    if count > MOST_NAMED:
        named = tuple(name for name in dict.fromkeys(first + categories) if name not in weak)
    named = named[:MOST_NAMED]
    more = f", and {count - len(named)} more" if len(named) < count else ""
    kinds = "1 kind of thing" if count == 1 else f"{count} kinds of things"
    return f"knows {kinds}: {', '.join(named)}{more}"


def names_for(count: int) -> tuple[str, ...]:
    """Name the labels of a checkpoint that brings no names: COCO's, if it has as many."""
    return COCO if count == len(COCO) else tuple(f"category {label}" for label in range(count))


# Dark enough to carry white text (contrast at least 4.5 : 1), apart in hue and lightness.
_FIRST_COLOURS: tuple[tuple[int, int, int], ...] = (
    (0, 98, 178),  # blue
    (186, 64, 0),  # vermilion
    (0, 122, 86),  # green
    (143, 57, 160),  # purple
    (200, 16, 84),  # crimson
    (122, 96, 0),  # ochre
    (0, 118, 138),  # teal
    (98, 74, 62),  # brown
)
_GOLDEN_ANGLE = 0.381966  # of a turn: successive hues never come close


@cache
def colour_of(label: int) -> tuple[int, int, int]:
    """Return the RGB colour (0 to 255) that a label has on every picture."""
    if label < len(_FIRST_COLOURS):
        return _FIRST_COLOURS[label]
    red, green, blue = colorsys.hsv_to_rgb((label * _GOLDEN_ANGLE) % 1.0, 0.85, 0.6)
    return round(red * 255), round(green * 255), round(blue * 255)
