"""What the page keeps of one image, and what it says about it in words and rows."""

import re
import secrets
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from cornernet.analysis.sentences import at_most
from cornernet.boxes import LabelledBoxes
from cornernet.categories import SHAPES, kinds_known
from cornernet.checkpoints.known import known_by_name_only
from cornernet.data.samples import sample_of
from cornernet.data.shapes.scenes import Scene
from cornernet.decode import Decoding
from cornernet.detector import Detector
from cornernet.image_reading import RgbArray
from cornernet.observation import Observation

_FRIENDLY = re.compile(r"([^\w\s.,'])")  # all else could be Markdown, a link or a picture
LONGEST_SHOWN = 1280  # pixels; a larger photo is kept at this size, for memory and for speed


class NamedImage(np.ndarray):
    """An RGB array that knows what its file was called; Gradio hands on nothing else with it."""

    name: str = ""


def named_image(image: RgbArray, name: str) -> NamedImage:
    """Return an image the name of its file."""
    named = image.view(NamedImage)
    named.name = name
    return named


@dataclass(frozen=True, eq=False, kw_only=True)
class ShownImage:
    """One observed image; the observation's image and frame may be shrunk together."""

    observation: Observation
    original_per_shown_xy: tuple[float, float]
    truth: LabelledBoxes | None  # boxes in pixels of the given image
    model: str  # the name under which it was asked for
    name: str = ""  # of a visitor's file
    source: str = ""  # how to get the image again: "example=2", "scene=17"; "" for a visitor's own
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))  # new for every image


def shown_image(
    detector: Detector,
    image: RgbArray,
    *,
    truth: LabelledBoxes | None = None,
    source: str = "",
    model: str | None = None,
) -> ShownImage:
    """Run the network once and keep what the page needs."""
    observation, ratio = shrunk(detector.observe(image))
    return ShownImage(
        observation=observation,
        original_per_shown_xy=ratio,
        truth=truth,
        model=model or detector.name,
        name=image.name if isinstance(image, NamedImage) else "",
        source=source,
    )


def shrunk(observation: Observation) -> tuple[Observation, tuple[float, float]]:
    """Shrink a large image for drawing; also give original pixels per pixel, x and y."""
    height, width = observation.image.shape[:2]
    scale = LONGEST_SHOWN / max(height, width)
    if scale >= 1:
        return observation, (1.0, 1.0)
    small_wh = max(1, round(width * scale)), max(1, round(height * scale))
    small = Image.fromarray(observation.image).resize(small_wh, Image.Resampling.BOX)
    ratio = (width / small_wh[0], height / small_wh[1])
    scale_x, scale_y = observation.frame.scale_xy
    frame = replace(
        observation.frame,
        original_hw=small_wh[::-1],
        scale_xy=(scale_x * ratio[0], scale_y * ratio[1]),
    )
    return replace(observation, image=np.asarray(small), frame=frame), ratio


def truth_of(scene: Scene, categories: tuple[str, ...]) -> LabelledBoxes:
    """Return a scene's truth with the labels of a model, without what the model does not know."""
    return sample_of(scene).boxes.relabelled(SHAPES, categories)


def sentence(shown: ShownImage, decoding: Decoding) -> str:
    """Describe in Markdown what was found, the best first, and what dashed outlines mean."""
    detections = decoding.detections
    count = len(detections.names)
    scored = zip(detections.names, detections.scores.tolist(), strict=True)
    listed = ", ".join(f"{plain(name)} {at_most(score)}" for name, score in list(scored)[:12])
    rest = f", and {count - 12} more" if count > 12 else ""
    found = f"**{count} object{'s' if count > 1 else ''}:** {listed}{rest}."
    if count == 0 and len(decoding.candidates.scores) == 0:
        found = "**No objects:** no pair of corners passed every test."
    elif count == 0:
        found = f"**No objects:** no box has a score of {decoding.config.min_score:.2f} or more."
    if shown.truth is None:
        return found
    if len(shown.truth) == 0:
        return f"{found} Nothing that is there is of a kind that this model knows."
    return f"{found} Dashed outlines: the {len(shown.truth)} that are really there."


def knows_of(shown: ShownImage) -> str:
    """Describe what the model that answered can detect."""
    return kinds_known(shown.observation.categories, known_by_name_only(shown.model))


def footer_of(detector: Detector, shown: ShownImage) -> str:
    """Describe in Markdown which model answered, where, and how long that took."""
    observation = shown.observation
    notice = f"\n\n{observation.notice}" if observation.notice else ""
    return (
        f"Model **{detector.name}** on {detector.place}. "
        f"Preprocessing {observation.milliseconds.preprocess:.0f} ms, "
        f"network {observation.milliseconds.network:.0f} ms.{notice}"
    )


def plain(text: str) -> str:
    """Escape text that was given, so that Markdown shows it as it is."""
    return _FRIENDLY.sub(r"\\\1", " ".join(text.split()))
