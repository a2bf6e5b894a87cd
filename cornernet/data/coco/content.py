"""From an annotation file's bytes to JSON."""

import codecs
import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from cornernet.data.coco.report import Ledger

GZIP_START = b"\x1f\x8b"
LISTS = ("images", "annotations", "categories")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_content(annotations: Path, ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """Read JSON, plain or compressed by gzip, in UTF-8, UTF-16 or UTF-32.

    Raise ValueError with one sentence unless it holds COCO's three lists.
    """
    try:
        raw = annotations.read_bytes()
        text = gzip.decompress(raw) if raw.startswith(GZIP_START) else raw
        content = json.loads(text)  # finds the encoding out
    except FileNotFoundError as error:
        raise ValueError(
            f"Expected 'shapes' or a file of COCO annotations, but there is no {annotations}."
        ) from error
    except UnicodeDecodeError as error:
        raise _not_coco(annotations, "its text is neither UTF-8 nor UTF-16") from error
    # Deep nesting exhausts the parser's recursion; a number of 5000 digits is a ValueError.
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise _not_coco(annotations, f"{type(error).__name__} {error}") from error
    if not isinstance(content, dict):
        raise _not_coco(annotations, f"it holds a {type(content).__name__}")
    if text.startswith(codecs.BOM_UTF8):
        ledger.add("note", "the file begins with a byte-order mark")
    elif text.startswith(_UTF16) or b"\0" in text[:4]:
        ledger.add("note", "the file is not in UTF-8, but in UTF-16 or UTF-32")
    return {name: _entries(content.get(name), name, annotations, ledger) for name in LISTS}


def _entries(
    value: Any,  # noqa: ANN401 - whatever JSON holds
    name: str,
    annotations: Path,
    ledger: Ledger,
) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise _not_coco(annotations, f"it has no list of {name}")
    for entry in value:
        if not isinstance(entry, dict):
            ledger.add("left out", f"entries of {name} that are no objects of JSON", entry)
    return [entry for entry in value if isinstance(entry, dict)]


def _not_coco(annotations: Path, why: str) -> ValueError:
    return ValueError(
        f"Expected COCO-format annotations (images, annotations, categories) in {annotations}, "
        f"but {why.rstrip('.')}."
    )
