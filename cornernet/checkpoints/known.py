"""The table of models that can be asked for by name."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch

from cornernet.categories import SHAPES
from cornernet.checkpoints.read import CheckpointError
from cornernet.paths import WEIGHTS

MEBIBYTE = 2**20

_DRIVE = "https://drive.google.com/uc?id="
_MMDETECTION = "https://download.openmmlab.com/mmdetection/v2.0/cornernet/"
_BSD_MICHIGAN = "BSD-3 (princeton-vl/CornerNet)"
_BSD_PRINCETON = "BSD-3 (princeton-vl/CornerNet-Lite)"
_APACHE = "Apache-2.0 (open-mmlab/mmdetection)"
_COCO = "the 80 categories of COCO"


@dataclass(frozen=True, kw_only=True)
class KnownModel:
    """A model that can be asked for by name, with what its publishers say of it."""

    name: str
    detects: str
    architecture: str
    parameters: int
    megabytes: float  # of the file, in MiB; of published weights: computed from their shapes
    ap: str  # with the data and the test-time augmentation it holds for
    ap_source: str
    licence: str  # of the code that it came from
    file_name: str
    url: str | None = None  # None: shipped with this library
    sha256: str | None = None  # the first hex digits, as many as are published

    @property
    def file(self) -> Path:
        """Return where the file is, or is to be put."""
        if self.url is None:
            return WEIGHTS / self.file_name
        return Path(torch.hub.get_dir()) / "checkpoints" / self.file_name

    @property
    def is_offered(self) -> bool:
        """Return whether it is on this machine, or can be fetched."""
        return self.url is not None or self.file.is_file()


def _mmdetection(batch: str, stamp: str, sha256: str, ap: str) -> KnownModel:
    base = f"cornernet_hourglass104_mstest_{batch}_210e_coco"
    file_name = f"{base}_{stamp}-{sha256}.pth"
    return KnownModel(
        name=f"mmdet-{batch}",
        detects=_COCO,
        architecture="Hourglass-104",
        parameters=201_035_212,
        megabytes=768,
        ap=ap,
        ap_source="mmdetection's README and first benchmark (PR #3376)",
        licence=_APACHE,
        file_name=file_name,
        url=f"{_MMDETECTION}{base}/{file_name}",
        sha256=sha256,
    )


def _published(
    name: str, file_name: str, drive_id: str, ap: tuple[str, str], licence: str
) -> KnownModel:
    is_squeeze = name == "squeeze"
    return KnownModel(
        name=name,
        detects=_COCO,
        architecture="Squeeze" if is_squeeze else "Hourglass-104",
        parameters=31_771_852 if is_squeeze else 201_035_212,
        megabytes=122 if is_squeeze else 768,
        ap=ap[0],
        ap_source=ap[1],
        licence=licence,
        file_name=file_name,
        url=_DRIVE + drive_id,
    )


@cache
def measured(name: str) -> dict[str, Any]:
    """Read what was measured of a model that ships with this library; {} where nothing was.

    "ap" is a line for its visitors; "known_by_name_only" lists categories with an AP50 under 0.05.
    """
    file = WEIGHTS / f"{name}.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def known_by_name_only(name: str) -> tuple[str, ...]:
    """List the categories of a model of ours that it finds next to none of."""
    return tuple(measured(name).get("known_by_name_only", ())) if name in KNOWN_MODELS else ()


_PAPER = ("40.6 on test-dev with flip, 42.2 with flip and 5 scales", "the paper (v2), table 7")
KNOWN_MODELS = {
    model.name: model
    for model in (
        KnownModel(
            name="shapes",
            detects=", ".join(SHAPES),
            architecture="small hourglass",
            parameters=4_811_468,
            megabytes=9.3,
            ap="88.3 on 500 held-out drawn scenes, without flip",
            ap_source="measured here, see its card",
            licence="MIT (this library)",
            file_name="shapes.safetensors",
        ),
        KnownModel(
            name="photos",
            detects=_COCO,
            architecture="small pyramid",
            parameters=2_174_166,
            megabytes=4.2,
            ap=str(measured("photos").get("ap", "not measured yet")),
            ap_source="measured here, see its card",
            licence=(
                "MIT (this library); encoder: Apache-2.0 (RangiLyu/nanodet). Weights: for research "
                "and education, trained on photographs of COCO and Pascal VOC"
            ),
            file_name="photos.safetensors",
        ),
        _published(
            "cornernet",
            "CornerNet_500000.pkl",
            "16bbMAyykdZr2_7afiMZrvvn4xkYa-LYk",
            _PAPER,
            _BSD_MICHIGAN,
        ),
        _published(
            "cornernet-lite",
            "CornerNet_Lite_500000.pkl",
            "1e8At_iZWyXQgLlMwHkB83kN-AN85Uff1",
            (_PAPER[0], "the paper (v2), table 7: the same weights, by the Lite code's README"),
            _BSD_PRINCETON,
        ),
        _published(
            "squeeze",
            "CornerNet_Squeeze_500000.pkl",
            "1qM8BBYCLUBcZx_UmLT0qMXNTh-Yshp4X",
            ("34.4 on COCO without flip", "the CornerNet-Lite paper's abstract"),
            _BSD_PRINCETON,
        ),
        _mmdetection(
            "10x5", "20200824_185720", "5fefbf1c", "41.2 on val2017 with flip, 40.6 without"
        ),
        _mmdetection(
            "8x6", "20200825_150618", "79b44c30", "41.2 on val2017 with flip, 40.9 without"
        ),
        _mmdetection(
            "32x3", "20200819_203110", "1efaea91", "40.4 on val2017 with flip, 39.6 without"
        ),
    )
}


def is_here(name: str) -> bool:
    """Return whether a model can be loaded at once; one that is not known by name always can."""
    known = KNOWN_MODELS.get(name)
    return known is None or known.file.is_file()


def default_model() -> str:
    """Name the model that the page starts with: for photographs, where its weights are here."""
    return "photos" if is_here("photos") else "shapes"


def find_checkpoint(name_or_path: str | Path) -> Path:
    """Resolve a model's name or a file's path. Raise CheckpointError if no file is there."""
    known = KNOWN_MODELS.get(str(name_or_path))
    path = known.file if known else Path(name_or_path)
    if path.is_file():
        return path
    if known and known.url:
        raise CheckpointError(
            f"Expected the weights of {known.name!r} at {path}, but they are not on this machine; "
            f"`python -m cornernet models download {known.name}` fetches them "
            f"({known.megabytes:.0f} MiB)."
        )
    if known:
        raise CheckpointError(
            f"Expected the weights of {known.name!r}, which ship with this library, at {path}, "
            "but no file is there."
        )
    names = ", ".join(KNOWN_MODELS)
    raise CheckpointError(
        f"Expected a model's name ({names}) or the path of a checkpoint, "
        f"but {str(name_or_path)!r} was given."
    )
