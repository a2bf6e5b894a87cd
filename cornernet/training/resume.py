"""Go on with a run where it stopped; all that it needs is in its folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cornernet.data.samples import SampleSource
from cornernet.data.sources import training_source
from cornernet.training.session import UNOBSERVED, Observers, Session, run
from cornernet.training.settings import RunSettings, resumed_settings, write_settings
from cornernet.training.state import load_run, new_network, new_state
from cornernet.training.world import current_world, local_device
from cornernet.writing import tell


def resume(
    given: Mapping[str, Any],
    folder: Path,
    device_name: str,
    observers: Observers = UNOBSERVED,
    *,
    may_change: bool,
) -> Path:
    """Train on and give the path of the averaged weights.

    Raise ValueError if something given contradicts the run's settings, unless it may change.
    """
    world, device = current_world(), local_device(device_name)
    settings, changes = resumed_settings(folder, given, may_change=may_change)
    settings.train.expect_to_fit(settings.model, world.size)
    source = _source(settings)
    network = new_network(settings.model, settings.train.seed)
    state = new_state(network, settings.train, device)
    progress = load_run(folder, state)
    measure, watcher = observers.of(settings, device, folder)
    for name, change in changes.items():
        tell(f"changed {name}: {change}")
    if world.is_first:
        write_settings(folder, settings)
    return run(
        Session(
            settings=settings,
            source=source,
            measure=measure,
            watcher=watcher,
            state=state,
            progress=progress,
            folder=folder,
            device=device,
            world=world,
        )
    )


def _source(settings: RunSettings) -> SampleSource:
    """Open a run's data. Raise ValueError if its labels would change their meaning."""
    source, categories = training_source(
        settings.data_spec,
        settings.train.seed,
        rare_share=settings.train.rare_share,
        crop_of=settings.train.crop_of,
        is_strict=settings.strict,
    )
    if categories != settings.categories:
        raise ValueError(
            f"Expected the run's categories in their order ({_few(settings.categories)}), "
            f"but {settings.data} has {_few(categories)}; begin another run, with --weights."
        )
    return source


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
