"""CornerNet (Law & Deng, ECCV 2018): detect objects as pairs of keypoints, and see how."""

from cornernet.config import DecodeConfig
from cornernet.detector import Detector, load_detector
from cornernet.observation import Observation

__all__ = ["DecodeConfig", "Detector", "Observation", "load_detector"]
