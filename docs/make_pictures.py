"""`make pictures` takes the README's pictures from the demo in a real browser: docs/images/*.png."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

from service.demo import demo_environment
from tests.browser import DESK, HEIGHTS, PHONE, open_browser
from tests.installation import free_port

IMAGES = Path(__file__).parent / "images"
PATIENCE_SECONDS = 60
WITH_CHOICE = 3
"""Proposals that show what else there is."""


@contextmanager
def running_demo(folder: Path) -> Iterator[tuple[str, str]]:
    """The address of a demo of its own, and what its command printed."""
    port = free_port()
    own = {"PODIUM_DATABASE_URL": f"sqlite:///{folder / 'podium.db'}", "PODIUM_VAR_DIR": str(folder)}
    environment = demo_environment(port, {**os.environ, **own})
    run = [sys.executable, "-m"]
    subprocess.run([*run, "service", "migrate"], env=environment, check=True)
    printed = subprocess.run(
        [*run, "seeds", "demo"], env=environment, check=True, capture_output=True, text=True
    ).stdout
    server = subprocess.Popen([*run, "service", "serve", "--port", str(port)], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address, printed
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/health", timeout=5):  # noqa: S310 our own address
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError(address)


def picture_of_the_desk(browser: Browser, address: str, printed: str) -> None:
    page = _new_page(browser, DESK)
    link = re.search(r"coordinator +(\S+)", printed)
    assert link
    page.goto(link[1])
    page.locator("main button").first.click()
    for proposal in _proposals(page, address):
        page.goto(f"{address}{proposal}")
        has_talents = page.get_by_text("Dezelfde talenten").count() > 0
        if has_talents and page.locator("aside article").count() >= WITH_CHOICE:
            break
    page.screenshot(path=IMAGES / "desk.png")


def _proposals(page: Page, address: str) -> Iterator[str]:
    """Of those who filled in everything; who filled in nothing stands at the head of the list."""
    for number in range(10, 20):
        page.goto(f"{address}/suggestions?status=proposed&sort=score&page={number}")
        yield from [one.get_attribute("href") or "" for one in page.locator("tbody th a").all()]


def picture_of_a_youth(browser: Browser, address: str, printed: str) -> None:
    page = _new_page(browser, PHONE)
    codes = re.search(r"class code (\S+), own code (\S+)", printed)
    assert codes
    page.goto(f"{address}/code")
    page.fill("[name=class_code]", codes[1])
    page.fill("[name=personal_code]", codes[2])
    page.locator("main form button").first.click()
    page.goto(f"{address}/profile/wishes")
    page.screenshot(path=IMAGES / "youth.png")


def _new_page(browser: Browser, width: int) -> Page:
    context = browser.new_context(locale="nl-NL", viewport={"width": width, "height": HEIGHTS[width]})
    return context.new_page()


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder)) as (address, printed),
        open_browser() as browser,
    ):
        picture_of_the_desk(browser, address, printed)
        picture_of_a_youth(browser, address, printed)


if __name__ == "__main__":
    main()
