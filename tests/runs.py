"""Training runs that are over in a moment."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from cornernet.cli import main
from cornernet.config import DecodeConfig, PreprocessConfig, TrainConfig
from cornernet.presets import Preset
from tests.tiny import TINY

TINY_PRESET = Preset(
    model=replace(TINY, stacks=1),
    preprocess=PreprocessConfig(longer_side=80, multiple=16),
    decode=DecodeConfig(),
    train=TrainConfig(minutes=90.0, input_sizes=((0.0, 64), (0.5, 80)), log_every=1),
)


CATEGORIES = [{"id": 1, "name": "kite"}, {"id": 2, "name": "boat"}]


def write_annotations(folder: Path, categories: list[dict[str, object]], images: int = 3) -> Path:
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for number in range(images):
        pixels = np.full((60, 80, 3), 40 * number, np.uint8)
        pixels[10:40, 20:50] = 255
        Image.fromarray(pixels).save(folder / "images" / f"{number}.png")
    path = folder / "annotations.json"
    content = {
        "images": [
            {"id": n, "file_name": f"{n}.png", "width": 80, "height": 60} for n in range(images)
        ],
        "categories": categories,
        "annotations": [
            {"id": n + 1, "image_id": n, "category_id": 1 + n % 2, "bbox": [20, 10, 30, 30]}
            for n in range(images)
        ],
    }
    path.write_text(json.dumps(content))
    return path


def begin(folder: Path, annotations: Path, *more: str) -> int:
    return main(
        [
            *("train", "--preset", "tiny", "--out", str(folder), "--data", str(annotations)),
            *("--image-root", str(annotations.parent / "images"), "--batch-size", "2"),
            *("--workers", "0", "--seed", "3", "--steps", "6", *more),
        ]
    )
