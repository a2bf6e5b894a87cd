"""A cell of a heatmap that is asked about."""

from typing import NamedTuple

from cornernet.model.corner_pool import Corner
from cornernet.observation import Observation


class CornerCell(NamedTuple):
    """A cell, by column and row, of one category's heatmap of one kind of corner."""

    corner: Corner
    label: int
    cell_xy: tuple[int, int]

    def expect_in(self, observation: Observation) -> None:
        """Raise ValueError unless the observation has the category and the cell."""
        classes, (height, width) = len(observation.categories), observation.frame.cells_hw
        if not 0 <= self.label < classes:
            raise ValueError(
                f"Expected a label from 0 to {classes - 1}, but {self.label} was given."
            )
        x, y = self.cell_xy
        if not (0 <= x < width and 0 <= y < height):
            raise ValueError(
                f"Expected a cell of the {width} x {height} heatmap, but {(x, y)} was given."
            )
