"""Chromium for the journeys and for the pictures in the documentation."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

PHONE = 390
DESK = 1280
HEIGHTS = {PHONE: 844, DESK: 900}
# It runs as anyone, on machines without a screen, and looks nothing up by itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


def find_chromium() -> str:
    """`PODIUM_CHROMIUM`, or the one on the path."""
    found = os.environ.get("PODIUM_CHROMIUM") or shutil.which("chromium")
    if not found:
        raise NoBrowser("No chromium: install it, or set PODIUM_CHROMIUM to its path.")
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
