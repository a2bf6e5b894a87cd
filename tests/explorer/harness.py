"""Write the explorer with a real image into one file: python -m tests.explorer.harness OUT [N].

N from 1 is an example, from 1000 a drawn scene.
"""

import sys
from pathlib import Path

from cornernet.categories import SHAPES
from cornernet.data.samples import held_out_scene
from cornernet.detector import load_detector
from cornernet.ui.examples import example_files, example_truth
from cornernet.ui.explorer.answers import detected_answers
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.explorer.standalone import standalone_page
from cornernet.ui.shown import shown_image, truth_of
from tests.page import read_example

if __name__ == "__main__":
    out, number = Path(sys.argv[1]), int((*sys.argv, "1")[2])
    detector = load_detector("shapes")
    if number < 1000:
        truth = example_truth(example_files()[number - 1], detector.categories)
        picture, source = read_example(number - 1), f"example={number}"
    else:
        scene = held_out_scene(number, 0)
        picture, truth, source = scene.image, truth_of(scene, SHAPES), f"scene={number}"
    shown = shown_image(detector, picture, truth=truth, source=source)
    answers = detected_answers(detector, shown)
    payload = build_payload(shown, detector, footer="", answers=answers)
    out.write_text(standalone_page(payload, ""), encoding="utf-8")
