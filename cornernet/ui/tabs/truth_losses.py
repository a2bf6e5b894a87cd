"""The losses of the shown image in words, and what pull alone would do."""

from cornernet.analysis.truth import targets_of
from cornernet.analysis.what_if import Switches, what_if
from cornernet.boxes import LabelledBoxes
from cornernet.config import TrainConfig
from cornernet.detector import Detector
from cornernet.observation import Observation
from cornernet.training.losses import PUSH_MARGIN, Losses, LossWeights, answer_losses
from cornernet.ui.method import DEFAULT_TRAIN, training_of

DIGITS = 4  # decimals of a term; three would not add up, as weights multiply what is rounded
NO_TRUTH = "The losses of this image are not known, since its truth is not."
NO_OBJECT = (
    "Nothing here is of a kind that this model knows, so there is nothing to pull, to push or to "
    "move: every corner that it finds would count against its heatmaps."
)


def losses_words(
    detector: Detector, observation: Observation, truth: LabelledBoxes | None, name: str
) -> str:
    """Write the loss as one line with its weights, then with this image's values; Markdown."""
    train = training_of(name) or DEFAULT_TRAIN
    known = "" if training_of(name) else " (this library's; the file does not tell its own)"
    formula = f"heatmaps + {_weighted(train, ('pull', 'push', 'offsets'))}"
    rule = f"**Loss** of model {name}{known} = {formula}."
    if truth is None or len(truth) == 0:
        return f"{rule}\n\n{NO_TRUTH if truth is None else NO_OBJECT}"
    losses = image_losses(observation, truth, train)
    terms = (losses.heatmap, losses.pull, losses.push, losses.offset, losses.total)
    heatmap, *values, total = (f"{float(term):.{DIGITS}f}" for term in terms)
    now = (
        f"**On this image** = {heatmap} + {_weighted(train, tuple(values))} = **{total}**, of the "
        f"answer that you see; every number is rounded to {DIGITS} decimals."
    )
    return "\n\n".join((rule, now, _pull_alone(detector, observation, losses, len(truth))))


def image_losses(observation: Observation, truth: LabelledBoxes, train: TrainConfig) -> Losses:
    """Return the losses of an answer; the truth is in pixels of the observation's image."""
    weights = LossWeights(
        pull=train.pull_weight, push=train.push_weight, offset=train.offset_weight
    )
    targets = targets_of(observation, truth, train.min_overlap)
    return answer_losses(observation.maps, targets, weights)


def _weighted(train: TrainConfig, words: tuple[str, ...]) -> str:
    weights = (train.pull_weight, train.push_weight, train.offset_weight)
    return " + ".join(f"{weight:g} × {word}" for weight, word in zip(weights, words, strict=True))


def _pull_alone(detector: Detector, observation: Observation, losses: Losses, objects: int) -> str:
    """Say what the shortest way to a pull of 0 would give: one embedding for all corners."""
    now = len(detector.decode(observation).detections.names)
    same = what_if(detector, observation, Switches(ignore_embeddings=True))
    then = len(same.decoding.detections.names)
    push = PUSH_MARGIN if objects > 1 else 0.0
    boxes = f"{then} {'box' if then == 1 else 'boxes'}"
    return (
        "**Pull alone** would make everything collapse: its shortest way to 0 is to give every "
        f"corner one and the same embedding. Pull would be 0.000 (now {float(losses.pull):.3f}), "
        f"push {push:.3f}, its worst (now {float(losses.push):.3f}), and no distance would tell "
        f"whose corner is whose: on this image {boxes} instead of {now}. Push holds objects apart."
    )
