"""How well photographs are told from drawings: python -m tests.suitability DIR.

DIR holds photographs in zip archives, with train.json.gz and val.json.gz that name them. Prints the
weights for cornernet/analysis/suitability.py, fitted on 400 of the first and 400 drawn scenes, and
how often its verdict is right on 100 of the second and 100 other scenes.
"""

import gzip
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image

from cornernet.analysis.suitability import looks_like, traits_of
from cornernet.data.samples import held_out_scene

FITTED, TESTED = 400, 100
FITTED_INDEX, TESTED_INDEX = 991, 992  # of scenes; those of the page have 0
PENALTY = 1.0  # on squared weights of standardised traits
ROUNDS = 30


def photographs(folder: Path, annotations: str, count: int) -> list[np.ndarray]:
    """Read photographs, drawn by lot."""
    files = {
        name: archive
        for path in sorted(folder.glob("*.zip"))
        for archive in (zipfile.ZipFile(path),)
        for name in archive.namelist()
    }
    with gzip.open(folder / annotations) as file:
        names = [image["file_name"] for image in json.load(file)["images"]]
    chosen = np.random.default_rng(0).permutation(names)[:count]
    return [
        np.asarray(Image.open(io.BytesIO(files[name].read(name))).convert("RGB")) for name in chosen
    ]


def scenes(index: int, count: int) -> list[UInt8[np.ndarray, "_h _w 3"]]:
    """Draw scenes that are no others."""
    return [held_out_scene(seed, index).image for seed in range(count)]


def fit(
    traits: Float[np.ndarray, "n 3"], is_photograph: Float[np.ndarray, "n"]
) -> tuple[float, tuple[float, ...]]:
    """Fit a logistic regression by Newton's method; give its constant and its weights."""
    mean, deviation = traits.mean(0), traits.std(0)
    inputs = np.c_[np.ones(len(traits)), (traits - mean) / deviation]
    penalty = np.diag([0.0, *[PENALTY] * traits.shape[1]])
    w = np.zeros(inputs.shape[1])
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-inputs @ w))
        curvature = inputs.T @ (inputs * (p * (1 - p))[:, None]) + penalty
        w -= np.linalg.solve(curvature, inputs.T @ (p - is_photograph) + penalty @ w)
    weights = w[1:] / deviation
    return float(w[0] - weights @ mean), tuple(weights.tolist())


def counts(images: list[np.ndarray], right: str) -> str:
    """Say how often the verdict is right, wrong, or not given."""
    told = [looks_like(image) for image in images]
    correct, open_ = told.count(right), told.count(None)  # type: ignore[arg-type]
    return f"{correct} right, {len(told) - correct - open_} wrong, {open_} undecided"


def main(folder: Path) -> None:
    """Fit, and measure what the module holds."""
    images = [*photographs(folder, "train.json.gz", FITTED), *scenes(FITTED_INDEX, FITTED)]
    measured = [traits_of(image) for image in images]
    rows = np.array([[t.relief, t.colours, t.spread] for t in measured])
    constant, weights = fit(rows, np.repeat([1.0, 0.0], FITTED))
    print(f"constant {constant:.2f}, weights", *(f"{w:.2f}" for w in weights))  # noqa: T201
    photos, drawings = photographs(folder, "val.json.gz", TESTED), scenes(TESTED_INDEX, TESTED)
    print("photographs:", counts(photos, "photograph"))  # noqa: T201
    print("drawings:", counts(drawings, "drawing"))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
