"""A coordinator decides on ten proposals and never touches the mouse."""

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func
from sqlmodel import Session, col, select

from service.matchmaking.models import Suggestion, SuggestionStatus
from service.placements.models import Placement
from tests.browser import DESK
from tests.installation import Installation, installation
from tests.journeys.demo import Demo
from tests.journeys.visitor import Visitor, visitor

pytestmark = pytest.mark.browser

TO_DECIDE = 10
MOST_TABS = 80
PROPOSAL = re.compile(r"/suggestions/[0-9a-f-]{36}")
FOCUSED = "document.activeElement"


@pytest.fixture
def demo_running(demo: Demo, tmp_path: Path) -> Iterator[Installation]:
    with installation(demo.copy_to(tmp_path), tmp_path) as running:
        yield running
    assert running.errors() == []


def tab_to(coordinator: Visitor, what: str) -> None:
    """Goes on with the tab key until the focus, which must be visible, is on it."""
    for _press in range(MOST_TABS):
        coordinator.page.keyboard.press("Tab")
        if coordinator.page.evaluate(f"{FOCUSED}.matches({what!r})"):
            outline = coordinator.page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle")
            shadow = coordinator.page.evaluate(f"getComputedStyle({FOCUSED}).boxShadow")
            assert outline != "none" or shadow != "none", f"the focus on {what} cannot be seen"
            return
    raise AssertionError(f"{what} cannot be reached with the tab key")


def approve(coordinator: Visitor) -> None:
    """With one key; where the law asks the school's word, by ticking and writing why."""
    if not coordinator.page.locator("[name=acknowledged_rules]").count():
        coordinator.press_key("a")
        return
    for number in range(coordinator.page.locator("[name=acknowledged_rules]").count()):
        tab_to(coordinator, "[name=acknowledged_rules]")
        coordinator.page.keyboard.press("Space")
        assert coordinator.page.locator("[name=acknowledged_rules]").nth(number).is_checked()
    tab_to(coordinator, "[name=decision_note]")
    coordinator.page.keyboard.type("De mentor gaat mee.")
    coordinator.press_key("Enter")


def refuse(coordinator: Visitor) -> None:
    coordinator.page.keyboard.press("r")
    assert coordinator.page.evaluate(f"{FOCUSED}.name") == "refusal_code"
    coordinator.page.keyboard.press("ArrowDown")
    tab_to(coordinator, "button")
    coordinator.press_key("Enter")


def replace(coordinator: Visitor) -> None:
    if coordinator.page.locator("[data-key='1']").count():
        coordinator.press_key("1")
    else:
        refuse(coordinator)


def count_decided(session: Session) -> int:
    decided = (SuggestionStatus.APPROVED, SuggestionStatus.REFUSED)
    return session.exec(
        select(func.count(col(Suggestion.id))).where(col(Suggestion.status).in_(decided))
    ).one()


def count_placements(session: Session) -> int:
    return session.exec(select(func.count(col(Placement.id)))).one()


def test_ten_decisions_by_keyboard(browser: Browser, demo_running: Installation, demo: Demo) -> None:
    with demo_running.begin() as session:
        decided, placements = count_decided(session), count_placements(session)
    acts: Iterator[Callable[[Visitor], None]] = cycle((approve, refuse, replace))
    with visitor(browser, demo_running, width=DESK) as coordinator:
        demo.sign_in(coordinator, "coordinator")
        coordinator.go("/desk")
        # One may be put aside first; that decides nothing.
        put_aside = coordinator.path
        coordinator.press_key("l")
        assert coordinator.path != put_aside
        for _number in range(TO_DECIDE):
            seen = coordinator.path
            is_full = coordinator.page.locator("main .note.tone-warning").count()
            refuse(coordinator) if is_full else next(acts)(coordinator)
            if coordinator.path == seen:
                # That one was of a host who has been asked enough: nothing is decided, and it says so.
                assert "zo vaak gevraagd" in coordinator.page.locator("[role=alert]").inner_text()
                refuse(coordinator)
            assert coordinator.path != seen
            assert PROPOSAL.fullmatch(coordinator.path), coordinator.text
        coordinator.look()
        coordinator.page.keyboard.press("?")
        assert coordinator.page.locator("dialog[open] dl.keys").count() == 1
        coordinator.page.keyboard.press("Escape")
    with demo_running.begin() as session:
        assert count_decided(session) == decided + TO_DECIDE
        assert count_placements(session) > placements
