"""The tabs beside the explorer, a file each, and what several of them share."""
