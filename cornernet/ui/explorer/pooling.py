"""What the explorer says where a network was made without the paper's corner pooling."""

from typing import Any

from cornernet.config import ModelConfig


def pooling_part(config: ModelConfig) -> dict[str, Any]:
    """Return the payload's `Pooling`: how it is called, and why its scans cannot be watched."""
    side = config.pool_window
    if config.pooling == "window":
        return {
            "name": "the windows' maxima",
            "note": (
                "This network has no corner pooling: each cell takes the maximum of the "
                f"{side} × {side} cells around it, so there is no scan to watch."
            ),
        }
    if config.pooling == "none":
        return {
            "name": "the branches without a scan",
            "note": (
                "This network has no corner pooling: each cell keeps its own value, so there is "
                "no scan to watch."
            ),
        }
    return {"name": "corner pooling", "note": ""}


def pooling_chip(config: ModelConfig, size: str) -> str:
    """Say in the ribbon what runs over maps of this size."""
    if config.pooling == "none":
        return "none in this network"
    what = "windows' maxima" if config.pooling == "window" else "scans"
    return f"4 {what} of {size}"
