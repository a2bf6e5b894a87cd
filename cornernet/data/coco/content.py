"""From an annotation file's bytes to JSON."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

GZIP_START = b"\x1f\x8b"
LISTS = ("images", "annotations", "categories")


def read_content(annotations: Path) -> dict[str, list[Any]]:
    """Read JSON, plain or compressed by gzip, in UTF-8, UTF-16 or UTF-32.

    Raise ValueError with one sentence unless it holds COCO's three lists.
    """
    try:
        raw = annotations.read_bytes()
        content = json.loads(gzip.decompress(raw) if raw.startswith(GZIP_START) else raw)
    except FileNotFoundError as error:
        raise ValueError(
            f"Expected 'shapes' or a file of COCO annotations, but there is no {annotations}."
        ) from error
    # Deep nesting exhausts the parser's recursion; text in another encoding is a ValueError.
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise _not_coco(annotations, f"{type(error).__name__} {error}") from error
    if not isinstance(content, dict):
        raise _not_coco(annotations, f"it holds a {type(content).__name__}")
    for name in LISTS:
        if not isinstance(content.get(name), list):
            raise _not_coco(annotations, f"it has no list of {name}")
    return content


def _not_coco(annotations: Path, why: str) -> ValueError:
    return ValueError(
        f"Expected COCO-format annotations (images, annotations, categories) in {annotations}, "
        f"but {why.rstrip('.')}."
    )
