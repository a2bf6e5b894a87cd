"""The page's parts, and how they are wired."""

import pytest

from cornernet.ui import build_demo
from cornernet.ui.explorer.vocabulary import vocabulary
from cornernet.ui.images import Images
from cornernet.ui.shelf import Shelf
from tests.page import owner_of, random_detector


@pytest.fixture(scope="module")
def images() -> Images:
    detector = random_detector()
    return owner_of(build_demo(Shelf("shapes", lambda _: detector)), Images)


def test_addresses_name_every_tab(images: Images) -> None:
    """The explorer reads and writes the names of tabs that Python sends."""
    tabs = [(tab.id, tab.label) for tab in images.parts.tabs]
    assert [(one["name"], one["title"]) for one in vocabulary()["tabs"]] == tabs
    assert images.parts.bar.selected == tabs[0][0]
