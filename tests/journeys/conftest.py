"""A browser and a running Podium for whole stories."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import NoBrowser, find_chromium, open_browser
from tests.installation import Installation, installation
from tests.journeys.demo import Demo, make_demo

REQUIRE_BROWSER = os.environ.get("PODIUM_REQUIRE_BROWSER") == "1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a file: its event loop must be gone when other tests want one."""
    try:
        find_chromium()
    except NoBrowser as reason:
        if REQUIRE_BROWSER:
            raise
        pytest.skip(str(reason))
    with open_browser() as browser:
        yield browser


@pytest.fixture
def installed(own_database: str, tmp_path: Path) -> Iterator[Installation]:
    """A fresh Podium with reference data and nothing else."""
    with installation(own_database, tmp_path) as running:
        yield running
    assert running.errors() == []


@pytest.fixture(scope="session")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return make_demo(sqlite_template, tmp_path_factory.mktemp("demo"))
