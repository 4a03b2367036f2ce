"""Every page a role can reach from its first page in the demo: it is there, fits a phone, is accessible."""

from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser import DESK, PHONE
from tests.installation import Installation, installation
from tests.journeys.demo import ROLES, Demo
from tests.journeys.visitor import Visitor, pattern_of, visitor

pytestmark = pytest.mark.browser

MOST_PAGES = 40
SAME_FOR_ALL = frozenset({"/about", "/uitleg", "/privacy", "/accessibility"})
FEWEST_PAGES = {
    "guest": 10,
    "youth": 10,
    "coordinator": 20,
    "school": 16,
    "mentor": 8,
    "bedrijf": 10,
    "beheer": 10,
}


@pytest.fixture(scope="module")
def demo_running(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all roles: they only look."""
    folder = tmp_path_factory.mktemp("walk")
    with installation(demo.copy_to(folder), folder) as running:
        yield running
    assert running.errors() == []


def links_on(somebody: Visitor) -> list[str]:
    """Addresses on this page that belong to this Podium."""
    found: list[str] = somebody.page.evaluate(
        "[...document.querySelectorAll('a[href]')].map((one) => one.href)"
    )
    addresses = (urldefrag(urljoin(somebody.at.url, href)).url for href in found)
    return [
        address.removeprefix(somebody.at.url) or "/" for address in addresses if _is_ours(address, somebody)
    ]


def _is_ours(address: str, somebody: Visitor) -> bool:
    return address.startswith(somebody.at.url + "/") and not urlsplit(address).path.startswith("/static/")


def crawl(somebody: Visitor, *, without: frozenset[str]) -> None:
    """Breadth first from the first page, one page of each pattern."""
    waiting, met = deque(["/"]), {"/", *without}
    while waiting and len(somebody.looked_at) < MOST_PAGES:
        path = waiting.popleft()
        if not somebody.opens(path):
            continue
        somebody.look()
        for link in links_on(somebody):
            if pattern_of(link) not in met:
                met.add(pattern_of(link))
                waiting.append(link)


@pytest.mark.parametrize("role", ["guest", *ROLES])
def test_every_page_of(role: str, browser: Browser, demo_running: Installation, demo: Demo) -> None:
    with visitor(browser, demo_running, width=PHONE) as somebody:
        demo.sign_in(somebody, role)
        crawl(somebody, without=frozenset() if role == "guest" else SAME_FOR_ALL)
        assert len(somebody.looked_at) >= FEWEST_PAGES[role], sorted(somebody.looked_at)


def test_refusals_are_pages_too(browser: Browser, demo_running: Installation, demo: Demo) -> None:
    unknown = "/offers/00000000-0000-4000-8000-000000000000"
    with visitor(browser, demo_running, width=PHONE) as somebody:
        somebody.go("/there-is-no-such-page", status=404)
        somebody.go(unknown)
        assert somebody.path == f"/sign-in?next={unknown}"
        somebody.go("/sign-in/no-link-at-all", status=410)
        demo.sign_in(somebody, "youth")
        somebody.go("/desk", status=403)
        somebody.go(unknown, status=404)


def test_the_first_pages_in_english(browser: Browser, demo_running: Installation, demo: Demo) -> None:
    with visitor(browser, demo_running, width=DESK, language="en") as guest:
        for path in ("/", "/about", "/offers", "/code", "/sign-in", "/organisations/new"):
            guest.go(path)
            assert guest.page.evaluate("document.documentElement.lang") == "en"
