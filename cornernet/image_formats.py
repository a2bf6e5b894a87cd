"""What PIL leaves open: HEIC photographs, and images of more than 8 bits a channel."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_DEPTHS = (8, 10, 12, 14, 16)  # bits a channel of cameras and scanners
_TWELVE_BITS = 4096 // 256  # what PIL makes of values below it when it drops the lower 8 of 16 bits


def is_heic(file: str | Path | BytesIO) -> bool:
    """Return whether a file is an ISO base media file of a brand that HEIC photographs have."""
    if isinstance(file, BytesIO):
        start = file.getvalue()[:64]
    else:
        with Path(file).open("rb") as opened:
            start = opened.read(64)
    if start[4:8] != b"ftyp" or b"avif" in start or b"avis" in start:
        return False  # PIL reads AVIF, which names the brand mif1, too
    return start[8:12] in _HEIC_BRANDS


def can_read_heic() -> bool:
    """Let PIL read HEIC if pillow-heif, which is not required, is installed."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener()
    return True


def has_deep_colours(image: Image.Image) -> bool:
    """Return whether a file that is not decoded yet holds 16 bits a channel of colour."""
    tiles = getattr(image, "tile", ())
    return image.mode.startswith("RGB") and any(";16" in str(tile.args) for tile in tiles)


def leaves_range_unused(image: Image.Image) -> bool:
    """Return whether no colour of a decoded image uses more than the lower 12 of its 16 bits."""
    return int(np.asarray(image.convert("RGB")).max()) < _TWELVE_BITS


def grey_of(image: Image.Image) -> Image.Image:
    """Stretch an image of one channel, of integers or floats, to 8 bits.

    Integers up to 16 bits are stretched from the depth that they use, others from their largest.
    """
    values = np.nan_to_num(np.asarray(image, dtype=np.float64))
    top = max(float(values.max()), 1e-9)
    if not image.mode.startswith("F"):
        top = next((2.0**bits - 1 for bits in _DEPTHS if top < 2**bits), top)
    return Image.fromarray(np.clip(values / top * 255.0, 0, 255).astype(np.uint8))
