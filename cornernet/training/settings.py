"""What a run is, apart from its tensors: kept in its folder, so that `--resume` needs no more."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from cornernet.checkpoints import KNOWN_MODELS
from cornernet.config import (
    DecodeConfig,
    ModelConfig,
    PreprocessConfig,
    TrainConfig,
    config_from,
)
from cornernet.data.sources import DataSpec
from cornernet.writing import whole_file

# What makes a run another run: no option changes these while it goes on.
_FIXED = ("preset", "weights", "pretrained")
_DATA = ("data", "image_root", "strict", "val", "val_image_root", "val_images", "replay")
VALIDATE_MINUTES = 10.0  # between validations, where only their data is given


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """All that the tensors of a run belong to."""

    preset: str
    weights: str | None  # the model that it started from
    pretrained: str | None = None  # file of the encoder's weights that it started from, or "none"
    data: str  # "shapes", or the absolute path of annotations
    image_root: str | None  # absolute
    data_sha256: str | None  # of the annotations
    strict: bool  # refuse annotations with any doubt
    val: str | None = None  # as data: what to validate on
    val_image_root: str | None = None
    val_images: int | None = None  # None: all
    replay: str | None = None  # absolute path of the folder that a replay of it goes to
    categories: tuple[str, ...]  # in the order of the labels
    train: TrainConfig
    model: ModelConfig
    preprocess: PreprocessConfig
    decode: DecodeConfig

    @property
    def data_spec(self) -> DataSpec:
        """Return the data set as `data.sources` takes it."""
        return self.data, Path(self.image_root) if self.image_root else None

    @property
    def val_spec(self) -> DataSpec | None:
        """Return the validation set as `data.sources` takes it."""
        root = Path(self.val_image_root) if self.val_image_root else None
        return None if self.val is None else (self.val, root)


def settings_path(folder: Path) -> Path:
    """Return where a run's settings are."""
    return folder / "settings.json"


def write_settings(folder: Path, settings: RunSettings) -> None:
    """Write settings.json. Raise ValueError if the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"Expected a folder that can be written, but: {error}.") from error
    with whole_file(settings_path(folder)) as new:
        new.write_text(
            json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )


def read_settings(folder: Path) -> RunSettings:
    """Read settings.json. Raise ValueError if the folder holds no run that can go on."""
    path = settings_path(folder)
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        kinds: dict[str, type[Any]] = {
            "train": TrainConfig,
            "model": ModelConfig,
            "preprocess": PreprocessConfig,
            "decode": DecodeConfig,
        }
        configs = {name: config_from(kind, values[name]) for name, kind in kinds.items()}
        return config_from(RunSettings, {**values, **configs})
    except FileNotFoundError as error:
        raise ValueError(f"Expected a run to go on with, but there is no {path}.") from error
    except KeyError as error:
        raise ValueError(f"Expected all settings of a run, but {path} lacks {error}.") from error
    except (OSError, TypeError, ValueError) as error:
        raise ValueError(f"Expected the settings of a run in {path}, but: {error}") from error


def absolute(given: Mapping[str, Any]) -> dict[str, Any]:
    """Make paths among given settings independent of the directory they were given in."""
    paths = {
        name: str(Path(value).resolve())
        for name in ("data", "image_root", "val", "val_image_root", "replay")
        if (value := given.get(name)) is not None and value != "shapes"
    }
    weights, pretrained = given.get("weights"), given.get("pretrained")
    if weights is not None and weights not in KNOWN_MODELS:
        paths["weights"] = str(Path(weights).resolve())
    if pretrained not in (None, "none"):
        paths["pretrained"] = str(Path(pretrained).resolve())
    return {**given, **paths}


def sha256_of_data(data: str) -> str | None:
    """Return the hash of an annotation file; None for drawn scenes, or if there is no such file."""
    if not Path(data).is_file():
        return None
    with Path(data).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def train_config(base: TrainConfig, given: Mapping[str, Any]) -> TrainConfig:
    """Put what was given into a config; minutes replace steps, and steps minutes."""
    known = {f.name for f in fields(TrainConfig)}
    changes = {name: value for name, value in given.items() if name in known}
    if "steps" in changes:
        changes = {"minutes": None, **changes}
    elif "minutes" in changes:
        changes = {"steps": None, **changes}
    if given.get("val") and base.validate_minutes is None:
        changes = {"validate_minutes": VALIDATE_MINUTES, **changes}
    return replace(base, **changes)


def resumed_settings(
    folder: Path, given: Mapping[str, Any], *, may_change: bool
) -> tuple[RunSettings, dict[str, str]]:
    """Read a run's settings, and put those given anew into them; tell what changed, by name.

    Raise ValueError if one contradicts the run's own, unless it may change.
    """
    saved = read_settings(folder)
    own = {
        **asdict(saved.train),
        **{n: getattr(saved, n) for n in (*_DATA, *_FIXED)},
    }
    new = {n: v for n, v in absolute(given).items() if v != own[n]}
    sha256 = sha256_of_data(saved.data)
    changes = {n: f"{own[n]} -> {v}" for n, v in new.items()}
    fixed = [n for n in _FIXED if n in new]
    if fixed:
        raise ValueError(
            f"Expected the {fixed[0]} that the run in {folder} began with ({own[fixed[0]]}), "
            f"but {new[fixed[0]]} was given; begin another run in another folder."
        )
    # Of annotations that are gone, their reader tells.
    if "data" not in new and sha256 not in (None, saved.data_sha256):
        changes["data"] = f"{saved.data} as it is now"
    if changes and not may_change:
        listed = "; ".join(f"{n}: {change}" for n, change in changes.items())
        raise ValueError(
            f"Expected the settings of the run in {folder}, but they would change ({listed}); "
            "add --change to go on with the new ones."
        )
    if "data" in new:
        new.setdefault("image_root", None)
    moved = replace(saved, **{n: new[n] for n in _DATA if n in new})
    settings = replace(
        moved, data_sha256=sha256_of_data(moved.data), train=train_config(saved.train, new)
    )
    return settings, changes
