"""CornerNet (Law & Deng, ECCV 2018): detect objects as pairs of keypoints, and see how."""

from cornernet.config import DecodeConfig
from cornernet.detector import Detector, Observation, load_detector

__all__ = ["DecodeConfig", "Detector", "Observation", "load_detector"]
