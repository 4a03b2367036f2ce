"""What the documents point at exists, and what they list is complete."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.core.settings import Settings
from service.core.settings_page import settings_page

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
CODE = re.compile(r"```.*?```", re.DOTALL)
NAMED_BY_TESTS = {"PODIUM_REQUIRE_BROWSER", "PODIUM_REQUIRE_POSTGRESQL"}
FILES_WITH_SETTINGS = ("README.md", "docs/operations.md", "compose.yaml", "Dockerfile", ".ci/run", "Makefile")


def anchors(path: Path) -> set[str]:
    headings = HEADING.findall(CODE.sub("", path.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(path: Path) -> Iterator[str]:
    for target in LINK.findall(CODE.sub("", path.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", target):
            yield target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve(path: Path) -> None:
    for target in links(path):
        place, _, anchor = target.partition("#")
        document = (path.parent / place).resolve() if place else path
        assert document.exists(), f"{target} leads nowhere"
        if anchor:
            assert anchor in anchors(document), f"{target}: no such heading"


def test_every_document_is_linked() -> None:
    """A page that no other page points at is never read."""
    linked = {
        (path.parent / target.partition("#")[0]).resolve() for path in DOCUMENTS for target in links(path)
    }
    folders = {place for place in linked if place.is_dir()}
    lost = [path for path in ROOT.glob("docs/**/*.md") if path not in linked and path.parent not in folders]
    assert not lost, ", ".join(str(path.relative_to(ROOT)) for path in lost)


def test_decisions_have_a_number_each() -> None:
    numbers = sorted(path.name[:4] for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs/settings.md").read_text("utf-8") == settings_page(), "run make docs"


def test_settings_that_are_named_exist() -> None:
    known = {f"PODIUM_{field}".upper() for field in Settings.model_fields} | NAMED_BY_TESTS
    named = {
        setting: file
        for file in FILES_WITH_SETTINGS
        for setting in re.findall(r"PODIUM_[A-Z_]+", (ROOT / file).read_text("utf-8"))
    }
    assert named
    assert not {setting: file for setting, file in named.items() if setting not in known}


def test_commands_of_make_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for path in DOCUMENTS:
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE))
        assert named <= targets, f"{path.relative_to(ROOT)}: make {named - targets}"
