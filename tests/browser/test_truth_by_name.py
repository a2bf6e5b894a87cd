"""Annotations of a visitor: found by an image's name, asked about where only sizes agree."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, drawing

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def annotations(names: tuple[str, ...], category: str) -> bytes:
    content = {
        "images": [
            {"id": k, "file_name": f"day/{name}", "width": 200, "height": 150}
            for k, name in enumerate(names)
        ],
        "categories": [{"id": 1, "name": category}],
        "annotations": [
            {"id": 9 * k + n, "image_id": k, "category_id": 1, "bbox": [9 + n, 9, 90, 60]}
            for k in range(len(names))
            for n in range(k + 1)
        ],
    }
    return json.dumps(content).encode()


def test_an_image_of_another_name_is_asked_about(visit: Visit) -> None:
    page = visit.page
    visit.upload("mine.png", drawing())
    page.get_by_role("tab", name="Truth").click()
    said, choice = page.locator("#truth-said"), page.locator("#truth-choice")
    category = visit.app("app.payload.categories[0]")
    upload = page.locator("#truth-file input[type=file]")
    file = annotations(("one.png", "two.png"), category)
    upload.set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": file})
    expect(said).to_contain_text("Which image is it?", timeout=20_000)
    expect(said).to_contain_text("annotations without an area")
    choice.locator("input").click()
    page.get_by_role("option", name="two.png").click()
    expect(said).to_contain_text("The truth is known: 2 objects", timeout=20_000)
    visit.upload("two.png", drawing())
    page.get_by_role("tab", name="Truth").click()
    expect(said).to_contain_text("Taken from two.png", timeout=20_000)
    expect(choice).to_be_hidden()
    visit.upload("other.png", drawing())
    page.get_by_role("tab", name="Truth").click()
    expect(said).to_contain_text("list none called other.png", timeout=20_000)
