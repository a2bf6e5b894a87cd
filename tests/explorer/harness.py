"""Write the explorer with a real image into one file: python -m tests.explorer.harness OUT [N].

N from 1 is an example, from 1000 a drawn scene.
"""

import sys
from pathlib import Path

from cornernet.data.samples import held_out_scene
from cornernet.detector import load_detector
from cornernet.ui.inputs import read_example
from cornernet.ui.payload import build_payload
from cornernet.ui.standalone import standalone_page
from cornernet.ui.view import view

if __name__ == "__main__":
    out, number = Path(sys.argv[1]), int((*sys.argv, "1")[2])
    detector = load_detector("shapes")
    if number < 1000:
        shown, source = view(detector, read_example(number - 1)), f"example={number}"
    else:
        scene = held_out_scene(number, 0)
        shown, source = view(detector, scene.image, scene), f"scene={number}"
    payload = build_payload(shown, detector, source=source, footer="", answers=[])
    out.write_text(standalone_page(payload), encoding="utf-8")
