"""An annotated image with its boxes, to see whether they lie where they should."""

from cornernet.categories import colour_of
from cornernet.data.samples import Sample
from cornernet.figures.marked_boxes import SAME, MarkedBox, draw_marked
from cornernet.image_reading import RgbArray

WIDTH = 960  # of the picture, in pixels


def draw_labelled(sample: Sample, categories: tuple[str, ...]) -> RgbArray:
    """Draw every box with its category; dashed and grey what is neither right nor wrong."""
    is_counted = sample.is_counted.tolist()
    is_crowd = sample.is_crowd or (False,) * len(is_counted)
    return draw_marked(
        sample.image,
        tuple(
            MarkedBox(
                box_xyxy_px=box,
                text=categories[label] + ("" if counted else ": crowd" if crowd else ": ignored"),
                colour=colour_of(label) if counted else SAME,
                is_dashed=not counted,
            )
            for box, label, counted, crowd in zip(
                sample.boxes_xyxy_px, sample.labels.tolist(), is_counted, is_crowd, strict=True
            )
        ),
        width=WIDTH,
    )
