"""The full-size networks compute what the official code computed for the same weights."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from cornernet.checkpoints import load_checkpoint
from cornernet.model.folding import fold
from cornernet.model.network import StackOutput
from tests.published import COLUMNS, FIXTURES, Architecture, Column, weights, write, write_layout

TOLERANCE = 1e-4  # absolute, in single precision


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def difference(architecture: Architecture, stack: StackOutput) -> dict[str, float]:
    """Give the largest absolute difference of each map from the official network's."""
    official = np.load(FIXTURES / f"{architecture}_seed1.npz")
    found = {}
    for corner, output in (("tl", stack.top_left), ("br", stack.bottom_right)):
        logits = output.maps.logits[0].numpy()
        values = logits[tuple(official[f"{corner}_heat_at"].astype(int))]
        found[f"{corner} logits"] = np.abs(values - official[f"{corner}_heat_values"]).max()
        # Of each category's mean over all cells, so that no cell goes unseen.
        cells = logits[0].size
        means = logits.astype(np.float64).sum((1, 2)) / cells
        expected = official[f"{corner}_heat_sum_by_class"] / cells
        found[f"{corner} mean logit"] = np.abs(means - expected).max()
        for ours, theirs in ((output.maps.embedding, "tag"), (output.maps.offset, "off")):
            whole = official[f"{corner}_{theirs}"]
            assert ours[0].shape == whole.shape
            found[f"{corner} {theirs}"] = np.abs(ours[0].numpy() - whole).max()
    return {name: float(value) for name, value in found.items()}


def official_input(architecture: Architecture) -> Tensor:
    official = np.load(FIXTURES / f"{architecture}_seed1.npz")
    height, width = official["input_hw"].tolist()
    rng = np.random.Generator(np.random.PCG64([int(official["seed"]), height, width]))
    return torch.from_numpy(rng.standard_normal((1, 3, height, width), dtype=np.float32))


def compare(architecture: Architecture, path: Path, label: str) -> None:
    network = load_checkpoint(path).network
    for form, change in (("as published", lambda network: network), ("folded", fold)):
        with torch.inference_mode():
            stack = change(network)(official_input(architecture)).stacks[-1]
        worst = max(difference(architecture, stack).values())
        print(f"{architecture} ({label}, {form}): largest difference {worst:.1e}")  # noqa: T201
        assert worst < TOLERANCE


@pytest.mark.slow
@pytest.mark.usefixtures("two_threads")
@pytest.mark.parametrize("layout", COLUMNS)
def test_hourglass_104_is_exact_through_each_layout(tmp_path: Path, layout: Column) -> None:
    path = write_layout(tmp_path, weights("hourglass104", is_tiny=False), layout)
    try:
        compare("hourglass104", path, layout)
    finally:
        path.unlink()  # 768 MiB each


@pytest.mark.slow
@pytest.mark.usefixtures("two_threads")
def test_squeeze_is_exact(tmp_path: Path) -> None:
    entries = {f"module.{k}": v for k, v in weights("squeeze", is_tiny=False).items()}
    compare("squeeze", write(tmp_path / "squeeze.pkl", entries), "lite")


@pytest.mark.parametrize("change", [lambda x: x + 2e-4, lambda x: x.flip(-1)])
def test_the_comparison_sees_a_change(change: Callable[[Tensor], Tensor]) -> None:
    from cornernet.model.corner_pool import SCANS, CornerPoolOutput
    from cornernet.model.heads import CornerMaps, CornerOutput

    official = np.load(FIXTURES / "squeeze_seed1.npz")

    def output(corner: str) -> CornerOutput:
        logits = torch.zeros(1, 80, 32, 48)
        at = (0, *torch.from_numpy(official[f"{corner}_heat_at"].astype(np.int64)))
        logits[at] = torch.from_numpy(official[f"{corner}_heat_values"])
        nothing = torch.zeros(1, 1, 32, 48)
        pool = CornerPoolOutput(
            corner="top_left",
            scans=SCANS["top_left"],
            vertical_in=nothing,
            horizontal_in=nothing,
            features=nothing,
        )
        return CornerOutput(
            pool=pool,
            maps=CornerMaps(
                logits=change(logits),
                embedding=change(torch.from_numpy(official[f"{corner}_tag"])[None]),
                offset=change(torch.from_numpy(official[f"{corner}_off"])[None]),
            ),
        )

    stack = StackOutput(
        features=torch.zeros(1, 1, 32, 48), top_left=output("tl"), bottom_right=output("br")
    )
    found = difference("squeeze", stack)
    assert all(v > TOLERANCE for name, v in found.items() if "mean" not in name)
