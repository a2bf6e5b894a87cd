"""What the page keeps of one image, and what it says about it in words and rows."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float, Int64
from PIL import Image
from torch import Tensor

from cornernet.categories import SHAPES
from cornernet.data.shapes import Scene
from cornernet.decode import Decoding, Detections
from cornernet.detector import Detector, Observation
from cornernet.preprocess import RgbArray
from cornernet.report import as_records

LONGEST_SHOWN = 1280  # pixels; a larger photo is kept at this size, for memory and for speed
Truth = tuple[Float[Tensor, "n 4"], Int64[Tensor, "n"]]


@dataclass(frozen=True, eq=False, kw_only=True)
class View:
    """One observed image; the observation's image and frame may be shrunk together."""

    observation: Observation
    original_per_shown_xy: tuple[float, float]
    truth: Truth | None  # boxes in original pixels, which a drawn scene never shrinks


def view(detector: Detector, image: RgbArray, scene: Scene | None = None) -> View:
    """Run the network once and keep what the page needs."""
    observation, ratio = shrunk(detector.observe(image))
    truth = None if scene is None else truth_of(scene, detector.categories)
    return View(observation=observation, original_per_shown_xy=ratio, truth=truth)


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


def truth_of(scene: Scene, categories: tuple[str, ...]) -> Truth:
    """Give a scene's truth with the labels of a model, without what the model does not know."""
    names = [SHAPES[label] for label in scene.labels.tolist()]
    known = [k for k, name in enumerate(names) if name in categories]
    labels = torch.tensor([categories.index(names[k]) for k in known], dtype=torch.int64)
    return torch.from_numpy(scene.boxes_xyxy_px)[known], labels


def in_original_pixels(shown: View, detections: Detections) -> Detections:
    """Carry boxes from the shown image to the image that was given."""
    ratio = detections.boxes_xyxy_px.new_tensor(shown.original_per_shown_xy * 2)
    return replace(detections, boxes_xyxy_px=detections.boxes_xyxy_px * ratio)


def records(shown: View, decoding: Decoding) -> list[dict[str, object]]:
    """List the detections as the command line and the API do."""
    return as_records(in_original_pixels(shown, decoding.detections))


def sentence(shown: View, decoding: Decoding) -> str:
    """Say in words what was found, the best first, and what dashed outlines mean."""
    detections = decoding.detections
    count = len(detections.names)
    scored = zip(detections.names, detections.scores.tolist(), strict=True)
    listed = ", ".join(f"{name} {score:.2f}" for name, score in list(scored)[:12])
    rest = f", and {count - 12} more" if count > 12 else ""
    found = f"**{count} object{'s' if count > 1 else ''}:** {listed}{rest}."
    if count == 0 and len(decoding.candidates.scores) == 0:
        found = "**No objects:** no pair of corners passed every test."
    elif count == 0:
        found = f"**No objects:** no box has a score of {decoding.config.min_score:.2f} or more."
    if shown.truth is None:
        return found
    return f"{found} Dashed outlines: the {len(shown.truth[1])} objects that were drawn."


TABLE_HEAD = ("Category", "Score", "Box (x1, y1, x2, y2)", "Top-left", "Bottom-right", "Distance")


def table(shown: View, decoding: Decoding) -> list[list[object]]:
    """List each detection with its two corners' scores and their embedding distance."""
    candidates = decoding.candidates
    chosen = candidates.is_detection.nonzero()[:, 0]
    order = candidates.suppression.scores[chosen].sort(descending=True, stable=True).indices
    rows = candidates.top_left_index[chosen[order]]
    columns = candidates.bottom_right_index[chosen[order]]
    corners = zip(
        records(shown, decoding),
        decoding.top_left.scores[rows].tolist(),
        decoding.bottom_right.scores[columns].tolist(),
        decoding.pairing.embedding_distance[rows, columns].tolist(),
        strict=True,
    )
    return [
        [
            record["label"],
            f"{record['score']:.3f}",
            ", ".join(f"{value:.1f}" for value in record["box_xyxy"]),  # type: ignore[attr-defined]
            f"{first:.3f}",
            f"{second:.3f}",
            f"{distance:.3f}",
        ]
        for record, first, second, distance in corners
    ]
