"""What an image's first and last bytes say, so that a data set is checked before it is used."""

import os
import warnings
from dataclasses import dataclass
from io import BufferedReader, BytesIO

from PIL import Image

from cornernet.data.coco.store import ImageFile
from cornernet.image_reading import ImageError, check_size

EXIF_ORIENTATION = 0x0112
TAIL = 4096  # bytes: cameras may write a little behind an image's end
END_OF = {"JPEG": b"\xff\xd9", "MPO": b"\xff\xd9", "PNG": b"IEND", "GIF": b"\x3b"}


@dataclass(frozen=True, kw_only=True)
class Head:
    """An image's size, and how EXIF turns it."""

    stored_wh: tuple[int, int]
    orientation: int  # EXIF's 1 to 8; 1: upright as it is stored

    @property
    def upright_wh(self) -> tuple[int, int]:
        """Return the size after it is turned upright."""
        return self.stored_wh[::-1] if self.orientation >= 5 else self.stored_wh


def read_head(file: ImageFile) -> Head:
    """Read the size without decoding; an image whose end looks cut off is decoded to find out.

    Raise ImageError if it is no image or damaged. Damage in the middle is found when it is read.
    """
    with file.open() as stored:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(stored) as image:
                    check_size(image.width, image.height)
                    head = Head(stored_wh=image.size, orientation=_orientation(image))
                    is_whole = _ends_well(stored, image.format or "")
        except ImageError:
            raise
        except Exception as error:  # PIL raises a dozen types on damaged data
            raise ImageError(f"Expected an image, but {file.name} is none.") from error
    if not is_whole:
        file.read()
    return head


def _orientation(image: Image.Image) -> int:
    # PNG's own `getexif` would decode the picture to look behind it.
    given = image.getexif().get(EXIF_ORIENTATION) if image.info.get("exif") else 1
    return given if isinstance(given, int) and 1 <= given <= 8 else 1


def _ends_well(stored: BufferedReader | BytesIO, kind: str) -> bool:
    size = stored.seek(0, os.SEEK_END)
    stored.seek(max(0, size - TAIL))
    end = END_OF.get(kind)
    return end is not None and end in stored.read()
