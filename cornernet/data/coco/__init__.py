"""Data sets in COCO's format: read, checked, and told of in one report."""

from cornernet.data.coco.folder import CocoFolder, CocoImage, CocoSource
from cornernet.data.coco.read import read_coco, read_coco_alone

__all__ = ["CocoFolder", "CocoImage", "CocoSource", "read_coco", "read_coco_alone"]
