"""The page's parts, and how they are wired."""

import re

import pytest

from cornernet.paths import EXPLORER
from cornernet.ui import build_demo
from cornernet.ui.images import Images
from cornernet.ui.shelf import Shelf
from tests.page import owner_of, random_detector


@pytest.fixture(scope="module")
def images() -> Images:
    detector = random_detector()
    return owner_of(build_demo(Shelf("shapes", lambda _: detector)), Images)


def test_addresses_name_every_tab(images: Images) -> None:
    source = (EXPLORER / "kit" / "view-url.js").read_text(encoding="utf-8")
    listed = re.search(r"TABS = \[(.*?)\]", source)
    assert listed is not None
    assert re.findall(r'"(.*?)"', listed[1]) == [tab.id for tab in images.parts.tabs]
