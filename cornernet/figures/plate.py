"""What was found in one image, as panels in reading order."""

from cornernet.decode import Decoding
from cornernet.figures.heatmaps import draw_heatmap, heatmap_of
from cornernet.figures.overlay import draw_detections, draw_input
from cornernet.figures.typesetting import Panel
from cornernet.observation import Observation


def all_panels(observation: Observation, decoding: Decoding) -> tuple[Panel, ...]:
    """Draw the input, the answer, and where corners of any category are likely."""
    heat = "The score of any category in each cell; rings mark strong peaks."
    top_left = draw_heatmap(heatmap_of(observation, "top_left"), decoding)
    bottom_right = draw_heatmap(heatmap_of(observation, "bottom_right"), decoding)
    return (
        Panel("Input", "The image at the network's size.", draw_input(observation)),
        Panel("Boxes", "The answer, with both corners.", draw_detections(observation, decoding)),
        Panel("Top-left corners", heat, top_left),
        Panel("Bottom-right corners", heat, bottom_right),
    )
