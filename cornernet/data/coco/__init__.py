"""Data sets in COCO's format: read, checked, and told of in one report."""

from cornernet.data.coco.folder import CocoFolder, CocoImage
from cornernet.data.coco.read import read_coco, read_coco_alone
from cornernet.data.coco.report import DataReport, Finding
from cornernet.data.coco.rounds import CocoSource

__all__ = [
    "CocoFolder",
    "CocoImage",
    "CocoSource",
    "DataReport",
    "Finding",
    "read_coco",
    "read_coco_alone",
]
