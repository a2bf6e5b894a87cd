# ruff: noqa: E501, ARG005 - a report's lines are compared as they are printed
"""Annotation files as label tools, exports and people leave them: what is read, said and scored."""

import gzip
import json
import math
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from cornernet.data.coco import DataReport, read_coco
from cornernet.evaluation.answers import answer_of
from cornernet.evaluation.average_precision import average_precision
from tests.coco_scene import (
    MODEL,
    SIZES,
    Case,
    Content,
    Edit,
    add,
    all_of,
    boxes,
    content,
    drop,
    encoded,
    entry,
    every,
    found_in,
    moved,
    put,
    raw,
    resized,
    right_ap,
    turned,
    write,
)

ALL = "7 (annotation 11, annotation 12, annotation 13, ...)"
ANN, IMG, CAT = "annotations", "images", "categories"


def nothing(_: Content, __: Path) -> None:
    """Leave the file clean."""


def rotated_boxes(content: Content, _: Path) -> None:
    """Write image 3's boxes and size as they lie before EXIF's 6 turns it clockwise."""
    entry(content, IMG, 3).update(width=160, height=120)
    for one in content[ANN]:
        if one["image_id"] == 3:
            x, y, w, h = one["bbox"]
            one["bbox"] = [y, 120 - x - w, h, w]


def zipped(_: Content, folder: Path) -> None:
    with ZipFile(folder / "all.zip", "w") as archive:
        for name in SIZES:
            archive.write(folder / name, name)
            (folder / name).unlink()


def without_bom(content: Content, _: Path) -> bytes:
    return json.dumps(content).encode("utf-16-le")


CASES = (
    Case(name="clean", edit=nothing),
    # --- boxes
    Case(
        name="nan",
        edit=put(ANN, 13, bbox=[math.nan, 10, 50, 40]),
        lost=(13,),
        report=("left out: boxes that are not finite: 1 (annotation 13)",),
    ),
    Case(
        name="infinite",
        edit=put(ANN, 13, bbox=[10, 10, math.inf, 40]),
        lost=(13,),
        report=("left out: boxes that are not finite: 1 (annotation 13)",),
    ),
    Case(
        name="huge",
        edit=put(ANN, 13, bbox=[10, 10, 10**400, 40]),
        lost=(13,),
        report=("left out: boxes that are not finite: 1 (annotation 13)",),
    ),
    Case(
        name="null box",
        edit=put(ANN, 13, bbox=None),
        lost=(13,),
        report=("left out: annotations without a box: 1 (annotation 13)",),
    ),
    Case(
        name="empty box",
        edit=put(ANN, 13, bbox=[]),
        lost=(13,),
        report=("left out: annotations without a box: 1 (annotation 13)",),
    ),
    Case(
        name="absent box",
        edit=drop(ANN, 13, "bbox"),
        lost=(13,),
        report=("left out: annotations without a box: 1 (annotation 13)",),
    ),
    Case(
        name="three numbers",
        edit=put(ANN, 13, bbox=[1, 2, 3]),
        lost=(13,),
        report=("left out: boxes that are not four numbers: 1 (annotation 13)",),
    ),
    Case(
        name="a word",
        edit=put(ANN, 13, bbox=["left", 2, 3, 4]),
        lost=(13,),
        report=("left out: boxes that are not four numbers: 1 (annotation 13)",),
    ),
    Case(
        name="a dict",
        edit=put(ANN, 13, bbox={"x": 1}),
        lost=(13,),
        report=("left out: annotations without a box: 1 (annotation 13)",),
    ),
    Case(
        name="null number",
        edit=put(ANN, 13, bbox=[1, None, 3, 4]),
        lost=(13,),
        report=("left out: boxes that are not four numbers: 1 (annotation 13)",),
    ),
    Case(
        name="no width",
        edit=put(ANN, 13, bbox=[10, 10, 0, 40]),
        lost=(13,),
        report=("left out: boxes without an area: 1 (annotation 13)",),
    ),
    Case(
        name="text numbers",
        edit=put(ANN, 13, bbox=["10", "10.0", " 50", "4e1"]),
        report=("note: boxes written as text: 1 (annotation 13)",),
    ),
    Case(
        name="negative sides",
        edit=put(ANN, 13, bbox=[60, 50, -50, -40]),
        report=("mended: boxes with negative sides, turned about: 1 (annotation 13)",),
    ),
    Case(
        name="negative width",
        edit=put(ANN, 13, bbox=[60, 10, -50, 40]),
        report=("mended: boxes with negative sides, turned about: 1 (annotation 13)",),
    ),
    Case(
        name="outside",
        edit=put(ANN, 13, bbox=[170, 10, 50, 40]),
        lost=(13,),
        report=(
            "left out: boxes outside their image: 1 (annotation 13)",
            "doubtful: boxes that reach far beyond their image, cut off there: 1 (annotation 13)",
        ),
    ),
    Case(
        name="over the border",
        edit=put(ANN, 14, bbox=[90, 60, 75, 50]),
        right={14: ("b.png", "square", (90, 60, 70, 50))},
        report=("mended: boxes that reach beyond their image, cut off there: 1 (annotation 14)",),
    ),
    Case(
        name="far over the border",
        edit=put(ANN, 14, bbox=[90, 60, 300, 50]),
        right={14: ("b.png", "square", (90, 60, 70, 50))},
        report=(
            "mended: boxes that reach beyond their image, cut off there: 1 (annotation 14)",
            "doubtful: boxes that reach far beyond their image, cut off there: 1 (annotation 14)",
        ),
    ),
    Case(
        name="left of the border",
        edit=put(ANN, 13, bbox=[-10, 10, 60, 40]),
        right={13: ("b.png", "dog", (0, 10, 50, 40))},
        report=("mended: boxes that reach beyond their image, cut off there: 1 (annotation 13)",),
    ),
    Case(
        name="the same object again",
        edit=add(ANN, {**content()[ANN][2], "id": 30}),
        right={30: ("b.png", "dog", (10, 10, 50, 40))},
        report=(
            "doubtful: objects of one category with the same box, each taken as an object: 1 (annotation 30)",
        ),
    ),
    Case(
        name="rounding",
        edit=add(ANN, {**content()[ANN][0], "id": 30, "bbox": [149.6, 0, 50.9, 9], "ignore": 1}),
    ),
    Case(
        name="shares",
        edit=boxes(lambda x, y, w, h, iw, ih: [x / iw, y / ih, w / iw, h / ih]),
        report=(
            f"note: annotations without an area, for which their box's is taken: {ALL}",
            f"mended: boxes between 0 and 1, taken as shares of the image: {ALL}",
        ),
    ),
    Case(
        name="share corners",
        edit=boxes(lambda x, y, w, h, iw, ih: [x / iw, y / ih, (x + w) / iw, (y + h) / ih]),
        report=(
            f"note: annotations without an area, for which their box's is taken: {ALL}",
            f"mended: boxes between 0 and 1, taken as shares of the image: {ALL}",
            f"mended: boxes given by two corners instead of width and height: {ALL}",
        ),
    ),
    Case(
        name="share centres",
        edit=boxes(lambda x, y, w, h, iw, ih: [(x + w / 2) / iw, (y + h / 2) / ih, w / iw, h / ih]),
        report=(
            f"note: annotations without an area, for which their box's is taken: {ALL}",
            f"mended: boxes between 0 and 1, taken as shares of the image: {ALL}",
            f"mended: boxes given by their centre instead of a corner: {ALL}",
        ),
    ),
    Case(
        name="corners",
        edit=boxes(lambda x, y, w, h, iw, ih: [x, y, x + w, y + h]),
        report=(
            f"note: annotations without an area, for which their box's is taken: {ALL}",
            f"mended: boxes given by two corners instead of width and height: {ALL}",
        ),
    ),
    Case(
        name="one share among pixels",
        edit=put(ANN, 13, bbox=[0.1, 0.1, 0.3, 0.3]),
        lost=(13,),
        report=("left out: boxes between 0 and 1 among boxes in pixels: 1 (annotation 13)",),
    ),
    # --- crowds, areas, ignored
    Case(
        name="crowd as text 0",
        edit=every(ANN, lambda a: {"iscrowd": "0"}),
        report=(f"mended: 'iscrowd' written as text: {ALL}",),
    ),
    Case(name="crowd as false", edit=every(ANN, lambda a: {"iscrowd": False})),
    Case(name="crowd null", edit=every(ANN, lambda a: {"iscrowd": None})),
    Case(
        name="crowd everywhere",
        edit=every(ANN, lambda a: {"iscrowd": 1}),
        report=(f"mended: 'iscrowd' set on every annotation, taken as not set: {ALL}",),
    ),
    Case(
        name="crowd everywhere as text",
        edit=every(ANN, lambda a: {"iscrowd": "1"}),
        report=(
            f"mended: 'iscrowd' written as text: {ALL}",
            f"mended: 'iscrowd' set on every annotation, taken as not set: {ALL}",
        ),
    ),
    Case(
        name="crowds nearly everywhere",
        edit=every(ANN, lambda a: {"iscrowd": int(a["id"] < 15)}),
        crowds=(11, 12, 13, 14),
        report=(
            "doubtful: crowds that are more than half of the annotations, perhaps masks of objects: 4 (annotation 11, annotation 12, annotation 13, ...)",
        ),
    ),
    Case(
        name="one crowd as text",
        edit=put(ANN, 17, iscrowd="1"),
        lost=(17,),
        report=("mended: 'iscrowd' written as text: 1 (annotation 17)",),
    ),
    Case(name="ignored", edit=put(ANN, 17, ignore=1), lost=(17,)),
    Case(
        name="ignored as text",
        edit=put(ANN, 17, ignore="true"),
        lost=(17,),
        report=("mended: 'ignore' written as text: 1 (annotation 17)",),
    ),
    Case(
        name="crowd unreadable",
        edit=put(ANN, 13, iscrowd="perhaps"),
        lost=(13,),
        report=("left out: annotations whose 'iscrowd' is no flag: 1 (annotation 13)",),
    ),
    Case(
        name="no area",
        edit=drop(ANN, 13, "area"),
        report=(
            "note: annotations without an area, for which their box's is taken: 1 (annotation 13)",
        ),
    ),
    Case(
        name="area zero",
        edit=put(ANN, 13, area=0),
        report=("mended: areas that are none, for which the box's is taken: 1 (annotation 13)",),
    ),
    Case(
        name="area nan",
        edit=put(ANN, 13, area=math.nan),
        report=("mended: areas that are none, for which the box's is taken: 1 (annotation 13)",),
    ),
    Case(name="area text", edit=put(ANN, 13, area="1600")),
    # --- ids
    Case(
        name="image ids as text",
        edit=every(ANN, lambda a: {"image_id": str(a["image_id"])}),
        report=(f"mended: ids that are text in one list and numbers in another: {ALL}",),
    ),
    Case(
        name="listed ids as text",
        edit=every(IMG, lambda i: {"id": str(i["id"])}),
        report=(f"mended: ids that are text in one list and numbers in another: {ALL}",),
    ),
    Case(
        name="category ids as text",
        edit=every(CAT, lambda i: {"id": str(i["id"])}),
        report=(f"mended: ids that are text in one list and numbers in another: {ALL}",),
    ),
    Case(
        name="all ids as text",
        edit=all_of(
            every(IMG, lambda i: {"id": str(i["id"])}),
            every(ANN, lambda a: {"image_id": str(a["image_id"])}),
        ),
    ),
    Case(name="ids as floats", edit=every(ANN, lambda a: {"image_id": float(a["image_id"])})),
    Case(
        name="uuid ids",
        edit=all_of(put(IMG, 2, id="b-7"), *(put(ANN, k, image_id="b-7") for k in (13, 14))),
    ),
    Case(
        name="unknown image",
        edit=put(ANN, 13, image_id=99),
        lost=(13,),
        report=("left out: annotations of images that the file does not list: 1 (annotation 13)",),
    ),
    Case(
        name="unknown category",
        edit=put(ANN, 13, category_id=99),
        lost=(13,),
        report=(
            "left out: annotations of categories that the file does not list: 1 (annotation 13)",
        ),
    ),
    Case(
        name="null image id",
        edit=put(ANN, 13, image_id=None),
        lost=(13,),
        report=("left out: annotations of images that the file does not list: 1 (annotation 13)",),
    ),
    Case(
        name="true as image id",
        edit=put(ANN, 13, image_id=True),
        lost=(13,),
        report=("left out: annotations of images that the file does not list: 1 (annotation 13)",),
    ),
    Case(
        name="annotation id twice",
        edit=put(ANN, 14, id=13),
        report=("mended: annotation ids that occur twice, numbered anew: 1 (annotation 13)",),
    ),
    Case(name="annotation without id", edit=drop(ANN, 14, "id")),
    Case(
        name="same annotation twice",
        edit=add(ANN, content()[ANN][2]),
        report=("mended: annotations that are there twice, taken as one: 1 (annotation 13)",),
    ),
    Case(
        name="image id shared",
        edit=put(IMG, 3, id=2),
        gone=("b.png", "sub/c.jpg"),
        report=(
            "left out: images that share an id with another, with their annotations: 2 (b.png, sub/c.jpg)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
            "left out: annotations of images that the file does not list: 3 (annotation 15, annotation 16, annotation 17)",
        ),
    ),
    Case(
        name="image listed twice",
        edit=add(IMG, content()[IMG][1]),
        report=("mended: images that are listed twice, taken as one: 1 (b.png)",),
    ),
    Case(
        name="image under two ids",
        edit=all_of(add(IMG, {**content()[IMG][1], "id": 9}), put(ANN, 14, image_id=9)),
        report=("mended: images that are listed twice, taken as one: 1 (b.png)",),
    ),
    Case(
        name="export joined to itself",
        edit=all_of(add(IMG, *content()[IMG]), add(ANN, *content()[ANN])),
        report=(
            "mended: images that are listed twice, taken as one: 3 (a.png, b.png, sub/c.jpg)",
            f"mended: annotations that are there twice, taken as one: {ALL}",
        ),
    ),
    Case(
        name="renumbered export joined",
        edit=all_of(
            add(IMG, {**content()[IMG][1], "id": 9}),
            add(ANN, {**content()[ANN][2], "id": 31, "image_id": 9}),
        ),
        report=(
            "mended: images that are listed twice, taken as one: 1 (b.png)",
            "mended: annotations that are there twice, taken as one: 1 (annotation 31)",
        ),
    ),
    Case(
        name="two sizes",
        edit=add(IMG, {**content()[IMG][1], "id": 9, "width": 80}),
        gone=("b.png",),
        report=(
            "left out: images that are listed with two sizes: 1 (b.png)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
        ),
    ),
    Case(
        name="no id",
        edit=drop(IMG, 2, "id"),
        gone=("b.png",),
        report=(
            "left out: images without an id or a file name: 1 (b.png)",
            "left out: annotations of images that the file does not list: 2 (annotation 13, annotation 14)",
        ),
    ),
    # --- categories
    Case(
        name="case",
        edit=all_of(put(CAT, 18, name="Dog"), put(CAT, 3, name=" square ")),
        report=("mended: categories matched but for case, blanks and - or _: 1 (Dog: dog)",),
    ),
    Case(
        name="two of one name",
        edit=all_of(add(CAT, {"id": 40, "name": "dog"}), put(ANN, 13, category_id=40)),
        report=("mended: categories of one name, taken as one: 1 (dog: ids 18 and 40)",),
    ),
    Case(
        name="two of one name apart",
        edit=all_of(
            put(CAT, 18, supercategory="animal"),
            add(
                CAT,
                {"id": 40, "name": "square", "supercategory": "x"},
                {"id": 41, "name": "square", "supercategory": "y"},
            ),
            drop(CAT, 3, "name"),
        ),
        lost=(11, 14, 16),
        report=(
            "left out: categories without an id or a name: 1 (3)",
            "left out: categories of one name that belong to different supercategories: 1 (square)",
            "left out: annotations of categories that were left out: 3 (annotation 11, annotation 14, annotation 16)",
            "note: categories of the model that the data does not have: 1 (square)",
        ),
    ),
    Case(
        name="category id twice",
        edit=add(CAT, {"id": 18, "name": "dog"}),
        report=("mended: categories that are listed twice, taken as one: 1 (dog)",),
    ),
    Case(
        name="category id shared",
        edit=add(CAT, {"id": 3, "name": "cat"}),
        lost=(11, 14, 16),
        report=(
            "left out: categories that share an id with another: 2 (square, cat)",
            "left out: annotations of categories that were left out: 3 (annotation 11, annotation 14, annotation 16)",
            "note: categories of the model that the data does not have: 1 (square)",
        ),
    ),
    Case(
        name="root",
        edit=all_of(
            add(CAT, {"id": 0, "name": "things", "supercategory": "none"}),
            every(CAT, lambda c: {"supercategory": "things"} if c["id"] else {}),
        ),
        report=("left out: root categories without objects: 1 (things)",),
    ),
    Case(
        name="unknown to the model",
        edit=all_of(add(CAT, {"id": 40, "name": "cat"}), put(ANN, 13, category_id=40)),
        lost=(13,),
        report=(
            "left out: categories that the model does not know, with their objects: 1 (cat: 1)",
        ),
    ),
    Case(
        name="unnamed",
        edit=put(CAT, 18, name=None),
        lost=(12, 13, 15, 17),
        report=(
            "left out: categories without an id or a name: 1 (18)",
            "left out: annotations of categories that were left out: 4 (annotation 12, annotation 13, annotation 15, ...)",
            "note: categories of the model that the data does not have: 1 (dog)",
        ),
    ),
    # --- text, names and files
    Case(
        name="byte-order mark",
        edit=encoded("utf-8-sig"),
        report=("note: the file begins with a byte-order mark: 1",),
    ),
    Case(name="utf-8", edit=encoded("utf-8")),
    Case(
        name="utf-16",
        edit=encoded("utf-16"),
        report=("note: the file is not in UTF-8, but in UTF-16 or UTF-32: 1",),
    ),
    Case(
        name="utf-16 without mark",
        edit=without_bom,
        report=("note: the file is not in UTF-8, but in UTF-16 or UTF-32: 1",),
    ),
    Case(name="gzip", edit=lambda c, _: gzip.compress(json.dumps(c).encode())),
    Case(name="zip", edit=zipped),
    Case(
        name="backslashes",
        edit=put(IMG, 3, file_name="sub\\c.jpg"),
        report=("note: file names with backslashes: 1 (sub\\c.jpg is sub/c.jpg)",),
    ),
    Case(
        name="url",
        edit=all_of(moved("b.png", "my b.png"), put(IMG, 2, file_name="my%20b.png")),
        report=("note: file names that are URL-encoded: 1 (my%20b.png is my b.png)",),
    ),
    Case(
        name="percent in a name",
        edit=all_of(moved("b.png", "b%20.png"), put(IMG, 2, file_name="b%20.png")),
    ),
    Case(
        name="doubled folder",
        edit=put(IMG, 3, file_name="sub/sub/c.jpg"),
        report=(
            "note: file names with folders before that are not there: 1 (sub/sub/c.jpg is sub/c.jpg)",
        ),
    ),
    Case(
        name="absolute",
        edit=put(IMG, 3, file_name="/home/me/set/sub/c.jpg"),
        report=(
            "note: file names with folders before that are not there: 1 (/home/me/set/sub/c.jpg is sub/c.jpg)",
        ),
    ),
    Case(
        name="drive",
        edit=put(IMG, 3, file_name="C:\\Users\\me\\sub\\c.jpg"),
        report=(
            "note: file names with folders before that are not there: 1 (C:\\Users\\me\\sub\\c.jpg is sub/c.jpg)",
        ),
    ),
    Case(
        name="two names to one file",
        edit=put(IMG, 1, file_name="old/b.png"),
        gone=("a.png", "b.png"),
        report=(
            "note: file names with folders before that are not there: 1 (old/b.png is b.png)",
            "left out: images whose names all lead to one file: 2 (old/b.png to b.png, b.png to b.png)",
            "left out: annotations of images that were left out: 4 (annotation 11, annotation 12, annotation 13, ...)",
        ),
    ),
    Case(
        name="missing",
        edit=lambda _, folder: (folder / "b.png").unlink(),
        gone=("b.png",),
        report=(
            "left out: images that are not there: 1 (b.png)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
        ),
    ),
    Case(
        name="empty file",
        edit=raw("b.png", lambda _: b""),
        gone=("b.png",),
        report=(
            "left out: images that are damaged, or none: 1 (b.png)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
        ),
    ),
    Case(
        name="a page instead",
        edit=raw("b.png", lambda _: b"<html>Not found</html>"),
        gone=("b.png",),
        report=(
            "left out: images that are damaged, or none: 1 (b.png)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
        ),
    ),
    Case(
        name="cut-off png",
        edit=raw("b.png", lambda b: b[: len(b) // 2]),
        gone=("b.png",),
        report=(
            "left out: images that are damaged, or none: 1 (b.png)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
        ),
    ),
    Case(
        name="cut-off jpeg",
        edit=raw("sub/c.jpg", lambda b: b[: -len(b) // 3]),
        gone=("sub/c.jpg",),
        report=(
            "left out: images that are damaged, or none: 1 (sub/c.jpg)",
            "left out: annotations of images that were left out: 3 (annotation 15, annotation 16, annotation 17)",
        ),
    ),
    Case(name="written behind the end", edit=raw("sub/c.jpg", lambda b: b + b"\0" * 9000)),
    Case(
        name="no file name",
        edit=drop(IMG, 2, "file_name"),
        gone=("b.png",),
        report=(
            "left out: images without an id or a file name: 1 (2)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
        ),
    ),
    Case(
        name="not an object",
        edit=add(ANN, 7),
        report=("left out: entries of annotations that are no objects of JSON: 1 (7)",),
    ),  # type: ignore[arg-type]
    # --- sizes and EXIF
    Case(
        name="no sizes",
        edit=every(IMG, lambda i: {"width": None, "height": None}),
        report=(
            "note: images without a width and height in the file: 3 (a.png, b.png, sub/c.jpg)",
        ),
    ),
    Case(
        name="absent sizes",
        edit=drop(IMG, 2, "width", "height"),
        report=("note: images without a width and height in the file: 1 (b.png)",),
    ),
    Case(
        name="sizes as text",
        edit=every(IMG, lambda i: {"width": str(i["width"])}),
        report=("note: images with a width and height as text: 3 (a.png, b.png, sub/c.jpg)",),
    ),
    Case(
        name="sizes of zero",
        edit=put(IMG, 2, width=0, height=0),
        report=("mended: images whose width and height are no size, passed over: 1 (b.png)",),
    ),
    Case(
        name="sizes as words",
        edit=put(IMG, 2, width="w"),
        report=(
            "note: images with a width and height as text: 1 (b.png)",
            "mended: images whose width and height are no size, passed over: 1 (b.png)",
        ),
    ),
    Case(
        name="resized after",
        edit=resized("b.png", (80, 60)),
        report=(
            "mended: images of another size than the file states, to which boxes were scaled: 1 (b.png: 160 x 120, but is 80 x 60)",
        ),
    ),
    Case(
        name="enlarged after",
        edit=resized("b.png", (320, 240)),
        report=(
            "mended: images of another size than the file states, to which boxes were scaled: 1 (b.png: 160 x 120, but is 320 x 240)",
        ),
    ),
    Case(
        name="labelled after a resize",
        edit=put(IMG, 2, width=80, height=60),
        report=(
            "mended: images of another size than the file states, in whose own pixels the boxes lie: 1 (b.png: 80 x 60, but is 160 x 120)",
        ),
    ),
    Case(
        name="stretched",
        edit=resized("b.png", (120, 120)),
        gone=("b.png",),
        report=(
            "left out: images of another size than the file states, so that boxes cannot be placed: 1 (b.png: 160 x 120, but is 120 x 120)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
        ),
    ),
    Case(
        name="placeholder",
        edit=put(IMG, 2, width=1, height=1),
        report=(
            "mended: images of another size than the file states, in whose own pixels the boxes lie: 1 (b.png: 1 x 1, but is 160 x 120)",
        ),
    ),
    Case(
        name="exif, boxes stored",
        edit=all_of(turned("sub/c.jpg", 6), rotated_boxes),
        report=(
            "mended: photographs turned by EXIF, with which their boxes were turned: 1 (sub/c.jpg)",
        ),
    ),
    Case(name="exif, boxes upright", edit=turned("sub/c.jpg", 6)),
    Case(
        name="exif half turn",
        edit=turned("sub/c.jpg", 3),
        report=(
            "doubtful: photographs turned by EXIF, whose boxes are taken to lie in the upright picture: 1 (sub/c.jpg)",
        ),
    ),
    Case(
        name="exif without size",
        edit=all_of(turned("sub/c.jpg", 6), drop(IMG, 3, "width")),
        report=(
            "note: images without a width and height in the file: 1 (sub/c.jpg)",
            "doubtful: photographs turned by EXIF, whose boxes are taken to lie in the upright picture: 1 (sub/c.jpg)",
        ),
    ),
    # --- labelled
    Case(name="labelled everywhere", edit=put(IMG, 2, labelled=["dog", "square"])),
    Case(
        name="labelled unknown",
        edit=put(IMG, 2, labelled="some"),
        gone=("b.png",),
        report=(
            "left out: images of which 'labelled' is not coco80 or voc20 or a list of category names, but 'some': 1 (b.png)",
            "left out: annotations of images that were left out: 2 (annotation 13, annotation 14)",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_told_of_and_scored_rightly(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path, case.edit)
    folder = read_coco(path, None, categories=MODEL)
    assert tuple(finding.line for finding in folder.findings) == case.report
    answers = []
    for place, image in enumerate(folder.images):
        name = next(n for n in SIZES if Path(n).stem in Path(image.name).stem)
        sample = folder.sample(place)
        answers.append(answer_of(sample, found_in(name, sample)))
    assert average_precision(answers, MODEL).ap == pytest.approx(right_ap(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_strict_reading_refuses_every_doubt(case: Case, tmp_path: Path) -> None:
    path = write(tmp_path, case.edit)
    told: list[DataReport] = []
    if all(line.startswith("note: ") for line in case.report):
        read_coco(path, None, categories=MODEL, is_strict=True, report_to=told.append)
    else:
        with pytest.raises(ValueError, match=r"^Expected annotations without doubts \(--strict\)"):
            read_coco(path, None, categories=MODEL, is_strict=True, report_to=told.append)
    assert tuple(finding.line for finding in told[0].findings) == case.report


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            every(ANN, lambda _: {"bbox": [math.nan] * 4}),
            "no usable object is left (left out: boxes",
        ),
        (every(ANN, lambda _: {"image_id": 9}), "no usable object"),
        (every(ANN, lambda _: {"ignore": 1}), "no usable object"),
        (lambda c, _: c[ANN].clear(), "no usable object"),
        (every(IMG, lambda _: {"id": 1}), "no usable image is left (left out: images that share"),
        (every(IMG, lambda _: {"file_name": "no.png"}), "no usable image"),
        (
            every(IMG, lambda _: {"file_name": 0}),
            "no usable image is left (left out: images that are",
        ),
        (lambda c, _: c[IMG].clear(), "no usable image"),
        (lambda c, _: c[CAT].clear(), "Expected data with some of the model's categories"),
        (
            every(CAT, lambda c: {"name": c["name"] + "s"}),
            "(square, dog, ...), but it has squares, dogs",
        ),
        (every(CAT, lambda _: {"id": 1}), "Expected data with some of the model's categories"),
        (lambda c, _: c.pop("images") and None, "it has no list of images"),
        (lambda c, _: json.dumps([c]).encode(), "it holds a list"),
        (lambda c, _: b"", "JSONDecodeError"),
        (lambda c, _: b'{"images": "\xe4"}', "neither UTF-8 nor UTF-16"),
        (lambda c, _: gzip.compress(json.dumps(c).encode())[:-30], "but EOFError"),
        (
            all_of(moved("b.png", "all.zip")),
            "Expected a zip file of images, but",
        ),
        (
            all_of(
                boxes(lambda x, y, w, h, iw, ih: [0.45, 0.45, 0.9, 0.9]),
                put(ANN, 11, bbox=[0.46, 0.45, 0.9, 0.9]),
            ),
            "whose numbers may be two corners, or centres and sides",
        ),
    ],
)
def test_a_file_of_which_nothing_is_left_is_refused(edit: Edit, words: str, tmp_path: Path) -> None:
    path = write(tmp_path, edit)
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        read_coco(path, None, categories=MODEL)
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("Expected ")
