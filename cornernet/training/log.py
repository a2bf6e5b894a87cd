"""Figures of a run, a line at a time."""

import csv
from collections.abc import Mapping
from pathlib import Path


class CsvLog:
    """Append lines to a CSV file, with a header when it is new."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, row: Mapping[str, object]) -> None:
        """Append one line."""
        is_new = not self.path.exists()
        with self.path.open("a", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(row))
            if is_new:
                writer.writeheader()
            writer.writerow(row)
