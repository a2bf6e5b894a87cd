"""Figures of a run, a line at a time."""

import csv
import math
import os
from collections.abc import Mapping
from pathlib import Path

from cornernet.writing import unwritable, whole_file


class CsvLog:
    """Append lines to a CSV file, with a header when it is new; `steps` is the first column."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, row: Mapping[str, object]) -> None:
        """Append one line. Raise ValueError, and leave no half of it, if there is no room."""
        size = self.path.stat().st_size if self.path.exists() else 0
        try:
            with self.path.open("a", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, fieldnames=list(row))
                if size == 0:
                    writer.writeheader()
                writer.writerow(row)
        except OSError as error:
            if self.path.exists():
                os.truncate(self.path, size)
            raise unwritable(self.path, error) from error

    def rows(self) -> list[dict[str, str]]:
        """Read the whole lines; [] where there is no file."""
        if not self.path.exists():
            return []
        with self.path.open(newline="", encoding="utf-8", errors="replace") as file:
            lines = [line for line in file if line.endswith("\n")]
        head, *rows = csv.reader(lines) if lines else [[]]
        return [dict(zip(head, row, strict=True)) for row in rows if len(row) == len(head)]

    def keep_until(self, steps: int) -> None:
        """Drop lines of later steps: a run that was killed goes on from before them."""
        rows = self.rows()
        kept = [row for row in rows if _step_of(row) <= steps]
        if not kept:
            self.path.unlink(missing_ok=True)
            return
        with whole_file(self.path) as new, new.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(kept[0]))
            writer.writeheader()
            writer.writerows(kept)


def _step_of(row: Mapping[str, str]) -> float:
    step = row.get("steps", "")
    return int(step) if step.isdecimal() else math.inf
