"""What there is of both kinds of corners."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from cornernet.model.corner_pool import Corner

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class Sides(Generic[T_co]):
    """One thing of top-left corners, and the same of bottom-right ones."""

    top_left: T_co
    bottom_right: T_co

    def side(self, corner: Corner) -> T_co:
        """Choose the one of a kind of corner."""
        return self.top_left if corner == "top_left" else self.bottom_right

    @property
    def both(self) -> tuple[T_co, T_co]:
        """Return the top-left one, then the bottom-right one."""
        return self.top_left, self.bottom_right
