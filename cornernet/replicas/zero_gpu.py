"""Hugging Face's ZeroGPU: a GPU lent for each question, to a process that loads the model there.

`spaces`, which Hugging Face installs, is imported only where its environment says ZeroGPU.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

import torch

from cornernet.checkpoints import load_checkpoint
from cornernet.detector import load_detector
from cornernet.replicas.answering import Answering, Facts, fingerprint
from cornernet.replicas.remote import Ask

SECONDS = 20  # asked for at most for a question; a shorter time comes sooner


def is_zero_gpu(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether this is a Space on ZeroGPU."""
    return environment.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


def borrow(load: Callable[[str], Any] = load_detector) -> Ask:
    """Give what asks a lent GPU; to be called before the page is served."""
    import spaces

    answering = Answering(load)  # its models are loaded in the process that has the GPU

    def on_gpu(question: str, *given: Any) -> Any:  # noqa: ANN401
        if question == "look":
            return answering.look([given])[0]
        return getattr(answering, question)(*given)

    lent: Ask = spaces.GPU(on_gpu, duration=SECONDS)

    def ask(question: str, *given: Any) -> Any:  # noqa: ANN401
        """Ask; what is known without a GPU is answered here, as none is lent before a visit."""
        return _facts(*given) if question == "facts" else lent(question, *given)

    return ask


def _facts(name: str) -> Facts:
    network = load_checkpoint(name).network
    return Facts(dtype=torch.bfloat16, device="ZeroGPU", fingerprint=fingerprint(network))
