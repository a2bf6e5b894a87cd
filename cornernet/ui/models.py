"""Which model answers: the one chosen, as far as it can."""

from cornernet.checkpoints.known import is_here
from cornernet.detector import Detector
from cornernet.ui.errors import toast
from cornernet.ui.picker import check_name
from cornernet.ui.shelf import Shelf


def usable(shelf: Shelf, model: str | None) -> str:
    """Return the model chosen, or the one started with while the chosen one is not here."""
    return model if model and is_here(model) else shelf.default


def detector_of(shelf: Shelf, model: str) -> Detector:
    """Load a model that the page offers. Raise gr.Error, in one sentence, if that fails."""
    try:
        return shelf.get(check_name(shelf, model))
    except ValueError as error:
        raise toast(error) from error
