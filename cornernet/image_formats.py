"""What PIL leaves open: HEIC photographs, TIFFs in YCbCr, more than 8 bits, libtiff's messages."""

import ctypes
import stat
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, TiffImagePlugin, _imaging

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_YCBCR = 6  # in TIFF's tag of the photometric interpretation
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


def is_special(file: str | Path) -> bool:
    """Return whether a path is a pipe, a device or a socket, which could be read without end."""
    mode = Path(file).stat().st_mode
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@cache
def silence_libtiff() -> None:
    """Keep libtiff from writing lines of its own to standard error, for this whole process."""
    library = ctypes.CDLL(_imaging.__file__)
    for name in ("TIFFSetWarningHandler", "TIFFSetErrorHandler"):
        if hasattr(library, name):  # not where PIL was built without libtiff, or hides it
            set_handler = getattr(library, name)
            set_handler.argtypes, set_handler.restype = [ctypes.c_void_p], ctypes.c_void_p
            set_handler(None)


def let_ycbcr_be_decoded(image: Image.Image) -> None:
    """Let libtiff decode an uncompressed TIFF in YCbCr, whose bytes PIL 12 takes for RGBX."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return
    is_ycbcr = image.tag_v2.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == _YCBCR
    if is_ycbcr and image.tile and image.tile[0].codec_name == "raw":
        args = ("RGBX", "raw", False, image.tag_v2.offset)
        image.use_load_libtiff = True
        image.tile = [image.tile[0]._replace(codec_name="libtiff", offset=0, args=args)]


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
