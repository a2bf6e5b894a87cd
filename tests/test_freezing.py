"""Parts of a network stand still until their share of the run, and learn at rates of their own."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cornernet.config import PreprocessConfig, TrainConfig
from cornernet.data.samples import ShapesSource
from cornernet.training.schedule import frozen_at
from cornernet.training.state import (
    Progress,
    TrainState,
    load_run,
    new_network,
    new_state,
)
from cornernet.training.step import take_step
from cornernet.training.train import Run, train
from tests.tiny import TINY

MODEL = replace(TINY, stacks=1, categories=8)
CONFIG = TrainConfig(
    steps=4,
    batch_size=2,
    input_sizes=((0.0, 64),),
    warmup_steps=1,
    workers=0,
    frozen_until=(("stem.", 0.5), ("stacks.0.hourglass.", 0.75)),
)
CPU = torch.device("cpu")


def run_of(config: TrainConfig, folder: Path) -> tuple[Run, TrainState]:
    folder.mkdir(exist_ok=True)
    run = Run(
        config=config,
        model=MODEL,
        preprocess=PreprocessConfig(longer_side=64, multiple=16),
        source=ShapesSource(1),
        folder=folder,
    )
    return run, new_state(new_network(MODEL, seed=1), config, CPU)


def entries(state: TrainState) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in state.network.state_dict().items()}


def changed(before: dict[str, torch.Tensor], state: TrainState) -> set[str]:
    """Give which parts have any entry that is not what it was."""
    parts = ("stem", "stacks.0.hourglass", "stacks.0.conv", "stacks.0.top_left")
    after = state.network.state_dict()
    return {
        part
        for part in parts
        if any(n.startswith(part) and not t.equal(after[n]) for n, t in before.items())
    }


REST = {"stacks.0.conv", "stacks.0.top_left"}


@pytest.mark.parametrize(
    ("steps", "moved"),
    [
        (2, REST),
        (3, {*REST, "stem"}),
        (4, {*REST, "stem", "stacks.0.hourglass"}),
    ],
)
def test_frozen_parts_keep_weights_and_statistics(
    tmp_path: Path, steps: int, moved: set[str]
) -> None:
    shares = tuple((prefix, share * 4 / steps) for prefix, share in CONFIG.frozen_until)
    shares = tuple((prefix, min(share, 1.0)) for prefix, share in shares)
    run, state = run_of(replace(CONFIG, steps=steps, frozen_until=shares), tmp_path)
    before = entries(state)
    train(run, state, Progress())
    assert changed(before, state) == moved


def test_a_run_that_thaws_resumes_exactly(tmp_path: Path) -> None:
    run, whole = run_of(CONFIG, tmp_path / "whole")
    train(run, whole, Progress())
    run, part = run_of(CONFIG, tmp_path / "part")

    def stop(index: int, size: int) -> object:
        if index == 6:  # at the fourth step
            raise KeyboardInterrupt
        return ShapesSource(1)(index, size)

    with pytest.raises(KeyboardInterrupt):
        train(replace(run, source=stop), part, Progress())
    run, resumed = run_of(CONFIG, tmp_path / "part")
    train(run, resumed, load_run(tmp_path / "part", resumed))
    assert all(t.equal(entries(resumed)[name]) for name, t in entries(whole).items())


def test_what_is_frozen_follows_the_share_of_the_run() -> None:
    shares = (0.0, 0.49, 0.5, 0.74, 0.75, 1.0)
    both, one = ("stem.", "stacks.0.hourglass."), ("stacks.0.hourglass.",)
    assert [frozen_at(CONFIG, share) for share in shares] == [both, both, one, one, (), ()]


@pytest.mark.parametrize("decay", [1e-2, 0.0])
def test_rates_are_multiplied_by_the_first_name_that_fits(decay: float) -> None:
    factors = (("stem.0.", 0.5), ("stem.", 0.1))
    config = replace(CONFIG, frozen_until=(), rate_factors=factors, weight_decay=decay)
    state = new_state(new_network(MODEL, seed=1), config, CPU)
    loss = sum((p**2).sum() for p in state.network.parameters())
    loss.backward()
    take_step(state, 1.0, 1.0)
    rates = {
        id(p): (group["lr"], group["weight_decay"])
        for group in state.optimizer.param_groups
        for p in group["params"]
    }
    for name, parameter in state.network.named_parameters():
        factor = 0.5 if name.startswith("stem.0.") else 0.1 if name.startswith("stem.") else 1.0
        assert rates[id(parameter)] == (factor, decay if parameter.ndim > 1 else 0.0), name


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"frozen_until": (("encoder.", 0.5),)}, "begin with 'encoder.'; none do"),
        ({"rate_factors": (("encoder.", 0.5),)}, "begin with 'encoder.'; none do"),
        ({"frozen_until": (("st", 0.5),)}, "layers to train beside the frozen st"),
    ],
)
def test_names_that_fit_nothing_or_all_are_refused(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=rf"^Expected .*{told}"):
        new_state(new_network(MODEL, seed=1), replace(CONFIG, **change), CPU)


@pytest.mark.parametrize(
    "wrong",
    [
        {"frozen_until": (("stem.", 1.5),)},
        {"rate_factors": (("stem.", 0.0),)},
        {"validate_minutes": 0.0},
    ],
)
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^Expected"):
        TrainConfig(steps=1, **wrong)


@pytest.mark.parametrize("layout", ["channels_last", "contiguous"])
def test_memory_is_laid_out_as_asked(tmp_path: Path, layout: str) -> None:
    run, state = run_of(replace(CONFIG, memory_layout=layout, steps=1), tmp_path)
    weight = state.network.stacks[0].conv.conv.weight
    is_last = weight.is_contiguous(memory_format=torch.channels_last)
    assert (is_last, weight.is_contiguous()) == (
        layout == "channels_last",
        layout == "contiguous",
    )
    assert train(run, state, Progress()).steps == 1
