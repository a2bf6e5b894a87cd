"""Average precision while training, as `training` asks for it."""

import copy

import torch

from cornernet.data.sources import evaluation_samples
from cornernet.detector import Detector
from cornernet.device import choose_precision
from cornernet.evaluation.evaluate import Report, evaluate
from cornernet.fast import FastNetwork
from cornernet.model.network import CornerNet
from cornernet.training.settings import RunSettings
from cornernet.training.validation import Measure

HELD_OUT_SEED = 20262  # drawn scenes that neither training nor `evaluate` by default looks at
FIGURES = ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large")


def measure_of(settings: RunSettings, device: torch.device) -> Measure | None:
    """Return what measures a network on a run's validation set; None if it has none.

    Tell what was read of annotations. Raise ValueError if nothing can be measured with them.
    """
    if settings.val_spec is None:
        return None
    spec, images, seed = settings.val_spec, settings.val_images, HELD_OUT_SEED
    labelled = evaluation_samples(spec, settings.categories, images, seed)
    folder, total = labelled.folder, labelled.total

    def measure(network: CornerNet) -> dict[str, float]:
        copied = copy.deepcopy(network)
        detector = Detector(
            name=settings.preset,
            network=copied,
            fast=FastNetwork(copied, choose_precision("auto", device)),
            categories=settings.categories,
            preprocess=settings.preprocess,
            decode_config=settings.decode,
            device=device,
        )
        samples = (
            evaluation_samples(spec, settings.categories, images, seed).samples
            if folder is None
            else (folder.sample(index) for index in range(total))
        )
        return figures_of(evaluate(detector, samples, total))

    return measure


def figures_of(report: Report) -> dict[str, float]:
    """Return the figures that are logged; of each part of the data, too, by names that begin so."""
    parts = {"": report.precision, **{f"{k}.": part for k, part in report.parts.items()}}
    return {
        f"{part}{name}": precision.figures[name]
        for part, precision in parts.items()
        for name in FIGURES
    }
