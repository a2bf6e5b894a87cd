"""Two commands lead from a folder of one's own images to a model that finds what is in them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.test_world import torchrun

IMAGES, SIDE, CELL = 60, 128, 64  # an object at most in each quarter of an image
NAMES = ("tile", "ball")


def write_data(folder: Path) -> Path:
    """Draw one to four tiles and balls on each image, none over another."""
    rng = np.random.default_rng(11)
    images, annotations = [], []
    for number in range(IMAGES):
        image = Image.new("RGB", (SIDE, SIDE), tuple(rng.integers(150, 256, 3).tolist()))
        draw = ImageDraw.Draw(image)
        for quarter in rng.permutation(4)[: rng.integers(1, 5)].tolist():
            width, height = rng.integers(24, 57, 2).tolist()
            left = quarter % 2 * CELL + int(rng.integers(0, CELL - width))
            top = quarter // 2 * CELL + int(rng.integers(0, CELL - height))
            label = int(rng.integers(2))
            drawn = draw.rectangle if label == 0 else draw.ellipse
            place = (left, top, left + width - 1, top + height - 1)
            drawn(place, fill=tuple(rng.integers(0, 110, 3).tolist()))
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": label,
                    "bbox": [left, top, width, height],
                }
            )
        image.save(folder / f"{number}.png")
        images.append({"id": number, "file_name": f"{number}.png", "width": SIDE, "height": SIDE})
    path = folder / "annotations.json"
    categories = [{"id": label, "name": name} for label, name in enumerate(NAMES)]
    path.write_text(
        json.dumps({"images": images, "annotations": annotations, "categories": categories})
    )
    return path


@pytest.mark.slow
def test_two_commands_lead_to_a_model(tmp_path: Path) -> None:
    annotations = write_data(tmp_path)
    data = ["--data", str(annotations), "--image-root", str(tmp_path)]
    settings = ["--steps", "60", "--batch-size", "8", "--learning-rate", "4e-3", "--workers", "0"]
    run = tmp_path / "run"
    start = ["--weights", "shapes", "--device", "cpu", "--out", str(run)]
    with torchrun(2, "-m", "cornernet", "train", *data, *settings, *start) as process:
        printed, told = process.communicate(timeout=900)
    assert process.returncode == 0, told
    weights = run / "run.safetensors"
    assert printed.splitlines() == [str(weights)]
    assert "new: stacks.0.top_left.logits" in told
    evaluated = subprocess.run(
        [*(sys.executable, "-m", "cornernet", "evaluate", "--model", str(weights)), *data],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert json.loads(evaluated.stdout)["AP50"] >= 0.9
