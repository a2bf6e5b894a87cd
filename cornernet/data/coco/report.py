"""What was read of a data set, mended, left out, and why."""

from dataclasses import dataclass, field
from typing import Literal

# A note needs no decision; every other kind is a doubt, which a strict reading refuses.
Kind = Literal["note", "mended", "left out", "doubtful"]
KINDS: tuple[Kind, ...] = ("note", "mended", "left out", "doubtful")
FEW = 3  # names that a line gives


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One kind of irregularity, and what it concerns."""

    kind: Kind
    what: str
    names: tuple[str, ...]  # one for each case

    @property
    def line(self) -> str:
        """Describe it in one line: the first few names, and how many there are."""
        names = [name for name in self.names[:FEW] if name]
        more = ", ..." if len(self.names) > FEW else ""
        first = f" ({', '.join(names)}{more})" if names else ""
        return f"{self.kind}: {self.what}: {len(self.names)}{first}"


@dataclass(frozen=True, kw_only=True)
class DataReport:
    """What was read, and every finding in the order of `KINDS`."""

    source: str  # the annotation file
    images: int
    categories: int
    objects: int  # that are to be found
    crowds: int  # regions of uncounted objects
    ignored: int  # objects that are neither right nor wrong, without crowds
    findings: tuple[Finding, ...]

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """Return the findings that a strict reading refuses."""
        return tuple(finding for finding in self.findings if finding.kind != "note")

    def lines(self) -> list[str]:
        """List the report, the summary first."""
        beside = [
            f"{count} {word}"
            for count, word in ((self.crowds, "crowds"), (self.ignored, "ignored"))
            if count
        ]
        rest = f" (and {', '.join(beside)})" if beside else ""
        summary = (
            f"{self.source}: {self.images} images, {self.objects} objects{rest} "
            f"of {self.categories} categories"
        )
        return [summary, *(f"  {finding.line}" for finding in self.findings)]


@dataclass
class Ledger:
    """Findings as they come."""

    _names: dict[tuple[Kind, str], list[str]] = field(default_factory=dict)

    def add(self, kind: Kind, what: str, name: object = "") -> None:
        """Note one case."""
        self._names.setdefault((kind, what), []).append(_short(str(name)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was noted, by kind, and in the order of the first case."""
        ordered = sorted(self._names.items(), key=lambda item: KINDS.index(item[0][0]))
        return tuple(
            Finding(kind=kind, what=what, names=tuple(names)) for (kind, what), names in ordered
        )


def require_usable(report: DataReport, *, is_strict: bool) -> None:
    """Raise ValueError with one sentence if nothing is left, or for any doubt if `is_strict`."""
    for name, count in (
        ("image", report.images),
        ("category", report.categories),
        ("object", report.objects),
    ):
        if not count:
            lost = [finding.line for finding in report.findings if finding.kind == "left out"]
            why = f" ({lost[0]})" if lost else ""
            raise ValueError(
                f"Expected COCO-format annotations with images and objects in {report.source}, "
                f"but no usable {name} is left{why}."
            )
    if is_strict and report.doubts:
        count = sum(len(doubt.names) for doubt in report.doubts)
        raise ValueError(
            f"Expected annotations without doubts (--strict), but {report.source} has {count}, "
            f"the first: {report.doubts[0].line}."
        )


def _short(name: str) -> str:
    # A line break in a name would look like a line of the report.
    name = " ".join(name.split())
    return name if len(name) <= 80 else f"{name[:77]}..."
