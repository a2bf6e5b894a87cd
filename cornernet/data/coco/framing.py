"""Which frame the boxes of each image lie in."""

from collections.abc import Iterable
from dataclasses import dataclass

from cornernet.data.coco.entries import Entry
from cornernet.data.coco.frames import Box, BoxFrame, Relation, Size, relation
from cornernet.data.coco.places import Place
from cornernet.data.coco.report import Ledger
from cornernet.data.coco.values import Key

ROUNDING = 1.01  # how much larger than its frame a box may be
SHARES: Size = (1, 1)


@dataclass(frozen=True, kw_only=True)
class KeptImage:
    """An image that is used: what the file says of it, and the image itself, if it is at hand."""

    entry: Entry
    place: Place | None

    @property
    def size_wh(self) -> Size | None:
        """Return the upright image's size, if it is known."""
        return self.entry.stated_wh if self.place is None else self.place.head.upright_wh

    @property
    def relation(self) -> Relation:
        """Return how the stated size stands to the image's own."""
        if self.place is None or self.entry.stated_wh is None:
            return "same"
        return relation(self.entry.stated_wh, self.place.head)

    @property
    def largest_wh(self) -> Size | None:
        """Return a size that holds every box, be it of the image or of its stated size."""
        sizes = [s for s in (self.entry.stated_wh, self.size_wh) if s is not None]
        return (max(s[0] for s in sizes), max(s[1] for s in sizes)) if sizes else None


def find_frames(
    images: Iterable[KeptImage], boxes: dict[Key, list[Box]], are_shares: bool, ledger: Ledger
) -> dict[Key, BoxFrame | None]:
    """Return each image's frame; None where no size is known. Images in doubt are left out.

    `are_shares`: boxes lie between 0 and 1, whatever the image's size.
    """
    frames: dict[Key, BoxFrame | None] = {}
    scaled, contradicting = [], []
    for image in images:
        kind = image.relation
        if kind == "contradicts":
            contradicting.append(image)
        elif kind == "scaled" and not are_shares:
            scaled.append(image)
        else:
            frames[image.entry.key] = _agreeing(image, SHARES if are_shares else None, ledger)
    frames.update(_resized(scaled, boxes, ledger))
    frames.update(_contradicting(contradicting, {} if are_shares else boxes, ledger))
    return frames


def _agreeing(image: KeptImage, shares: Size | None, ledger: Ledger) -> BoxFrame | None:
    size, name = image.size_wh, image.entry.file_name
    if size is None:
        return None
    plain = BoxFrame(given_wh=shares or size, upright_wh=size)
    if image.place is None or image.place.head.orientation == 1:
        return plain
    head, stated = image.place.head, image.entry.stated_wh
    if stated not in (head.stored_wh, head.upright_wh) or head.stored_wh == head.upright_wh:
        what = "photographs turned by EXIF, whose boxes are taken to lie in the upright picture"
        ledger.add("doubtful", what, name)
        return plain
    if stated == head.upright_wh:
        return plain
    ledger.add("mended", "photographs turned by EXIF, with which their boxes were turned", name)
    return BoxFrame(
        given_wh=shares or head.stored_wh, upright_wh=size, orientation=head.orientation
    )


def _resized(
    images: list[KeptImage], boxes: dict[Key, list[Box]], ledger: Ledger
) -> dict[Key, BoxFrame | None]:
    """Judge images of a stated size's proportions, all together: they had one history."""
    if _all_fit((boxes.get(image.entry.key, []), image.entry.stated_wh) for image in images):
        what = "images of another size than the file states, to which boxes were scaled"
        frames: dict[Key, BoxFrame | None] = {}
        for image in images:
            ledger.add("mended", what, _sizes(image))
            frames[image.entry.key] = BoxFrame(
                given_wh=image.entry.stated_wh or SHARES, upright_wh=image.size_wh or SHARES
            )
        return frames
    return _contradicting(images, boxes, ledger)


def _contradicting(
    images: list[KeptImage], boxes: dict[Key, list[Box]], ledger: Ledger
) -> dict[Key, BoxFrame | None]:
    """Use images only if their boxes lie in the images and cannot lie in the stated sizes."""
    pairs = [(boxes.get(image.entry.key, []), image) for image in images]
    in_stated = _all_fit((inside, image.entry.stated_wh) for inside, image in pairs)
    in_image = _all_fit((inside, image.size_wh) for inside, image in pairs)
    if in_stated or not in_image:
        for image in images:
            what = "images of another size than the file states, so that boxes cannot be placed"
            ledger.add("left out", what, _sizes(image))
        return {}
    for image in images:
        what = "images of another size than the file states, in whose own pixels the boxes lie"
        ledger.add("mended", what, _sizes(image))
    return {image.entry.key: _agreeing(image, None, ledger) for image in images}


def _all_fit(cases: Iterable[tuple[list[Box], Size | None]]) -> bool:
    return all(
        size is not None and max(x2 / size[0], y2 / size[1]) <= ROUNDING
        for inside, size in cases
        for _, _, x2, y2 in inside
    )


def _sizes(image: KeptImage) -> str:
    stated, own = image.entry.stated_wh or SHARES, image.size_wh or SHARES
    return f"{image.entry.file_name}: {stated[0]} x {stated[1]}, but is {own[0]} x {own[1]}"
