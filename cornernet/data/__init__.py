"""Data sets: generated shapes, COCO-format folders, and the targets made from both."""
