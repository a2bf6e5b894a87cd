"""The README and the pages that it links to are true where a test can check it."""

import argparse
import re
from pathlib import Path

import pytest

from cornernet.cli import build_parser
from tests.order import ORDER

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted(ROOT.glob("assets/docs/*.md")), *sorted(ROOT.glob("assets/weights/*.md"))]
COMMAND = re.compile(r"(app\.py|-m cornernet \w+)([^\n`]*)")


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Give the parser of every command that a page may show."""
    import app

    (commands,) = (a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    found: dict[str, argparse.ArgumentParser] = {
        f"-m cornernet {name}": parser for name, parser in commands.choices.items()
    }
    return found | {"app.py": app._parser({})}


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    found = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= {o for p in action.choices.values() for o in options_of(p)}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_links_and_pictures_are_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [t for t in targets if "://" not in t]
    assert [t for t in local if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_commands_have_the_options_that_are_shown(page: Path) -> None:
    known = parsers()
    for command, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
        assert command in known, command
        unknown = set(re.findall(r"(?<![\w-])--[\w-]+", rest)) - options_of(known[command])
        assert not unknown, f"{command}{rest}"


def test_every_page_of_the_docs_is_linked_from_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    assert [p.name for p in ROOT.glob("assets/docs/*") if f"assets/docs/{p.name}" not in text] == []


def test_the_readme_is_short_and_holds_one_test_command() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 165
    (command,) = re.findall(r"<!-- test command -->\n```bash\n(.+)\n```", text)
    assert command.endswith("python -m pytest")


def test_the_front_matter_starts_this_page_with_this_gradio() -> None:
    front = README.read_text(encoding="utf-8").split("---\n")[1]
    values = dict(line.split(": ", 1) for line in front.splitlines())
    pins = (ROOT / "requirements.txt").read_text().splitlines()
    assert f"gradio=={values['sdk_version']}" in pins
    assert (ROOT / values["app_file"]).is_file()


def test_the_reading_order_is_the_order_of_imports() -> None:
    """Each row names modules of the package, in an order that imports keep."""
    text = README.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`cornernet/.+?) \|", text, re.MULTILINE)
    rank = {name: i for i, group in enumerate(ORDER) for name in group}
    named = [
        [n.removeprefix("cornernet/").strip("/").removesuffix(".py") for n in cell.split("`")[1::2]]
        for cell in rows
    ]
    listed = [name for row in named for name in row if name != "app"]
    assert set(listed) == set(rank) - {"__main__"}
    ranks = [max(rank.get(name, 0) for name in row) for row in named]
    assert ranks == sorted(ranks)
