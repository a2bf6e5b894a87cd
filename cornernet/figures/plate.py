"""All figures of one image, as panels in reading order."""

from cornernet.decode import Decoding
from cornernet.detector import Observation
from cornernet.figures.embeddings import draw_distance_matrix
from cornernet.figures.features import draw_features
from cornernet.figures.heatmaps import draw_heatmap
from cornernet.figures.number_line import draw_number_line
from cornernet.figures.offsets import draw_offsets
from cornernet.figures.overlay import draw_detections, draw_input
from cornernet.figures.palette import CORNER_NAMES
from cornernet.figures.pooling import draw_pooling
from cornernet.figures.suppression import draw_suppression
from cornernet.figures.typesetting import Panel, grid
from cornernet.model.corner_pool import Corner
from cornernet.preprocess import RgbArray

POOLING_WIDTH = 280  # pixels, of each of the six maps in the panel
GAP = 12


def all_panels(
    observation: Observation,
    decoding: Decoding,
    *,
    corner: Corner,
    channel: int,
    label: int | None,
) -> tuple[Panel, ...]:
    """Draw every stage, in reading order.

    `corner` and `channel` choose what is shown of corner pooling, `label` the heatmaps' category
    (None: the maximum over all).
    """
    category = "any category" if label is None else observation.categories[label]
    heat = f"The score of {category} in each cell; rings mark strong peaks."
    top_left = draw_heatmap(observation, decoding, "top_left", label)
    bottom_right = draw_heatmap(observation, decoding, "bottom_right", label)
    features = "The channels of the last hourglass that vary most, each in its own range."
    pooling = f"Channel {channel} of {CORNER_NAMES[corner]} pooling; arrows: where maxima go."
    before, after = draw_suppression(observation, decoding)
    return (
        Panel("Input", "What the network sees.", draw_input(observation)),
        Panel("Boxes", "The answer, with both corners.", draw_detections(observation, decoding)),
        Panel("Top-left corners", heat, top_left),
        Panel("Bottom-right corners", heat, bottom_right),
        Panel("Features", features, draw_features(observation)),
        Panel("Corner pooling", pooling, _six_maps(observation, corner, channel)),
        Panel(
            "Offsets",
            "From the cell's upper left (dot) to the exact corner (tip of the arrow).",
            draw_offsets(observation, decoding),
        ),
        Panel("Pairs", "What became of the best pairs.", draw_distance_matrix(decoding)),
        Panel("Embeddings", "Corners of one object lie close.", draw_number_line(decoding)),
        Panel(
            "Suppression",
            "The boxes of all pairs that pass the tests, and those in the answer.",
            grid((Panel("Before", "", before), Panel("After", "", after)), 2, GAP),
        ),
    )


def _six_maps(observation: Observation, corner: Corner, channel: int) -> RgbArray:
    maps = draw_pooling(observation, corner, channel, width=POOLING_WIDTH)
    panels = (
        Panel("Into the vertical scan", "", maps.vertical_in),
        Panel("Out of the vertical scan", "", maps.vertical_out),
        Panel("Sum of both scans", "", maps.merged),
        Panel("Into the horizontal scan", "", maps.horizontal_in),
        Panel("Out of the horizontal scan", "", maps.horizontal_out),
        Panel("The module's output, mean", "", maps.features),
    )
    return grid(panels, 3, GAP)
