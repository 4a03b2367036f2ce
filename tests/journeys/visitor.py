"""Somebody at a browser: goes, types, presses, and looks at every page with a critical eye."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page

from tests.browser import HEIGHTS
from tests.installation import Installation

AXE = next((Path(__file__).parents[1] / "vendor").glob("axe-core-*/axe.min.js")).read_text()
RUN_AXE = """(options) => axe.run(document, {...options, resultTypes: ["violations"], preload: false}).then(
    (found) => found.violations.map(
        (rule) => `${rule.id}: ${rule.nodes.map((node) => node.target).join(" | ")}`))"""
SHAPE = """() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    doubles: [...document.querySelectorAll("[id]")].map((one) => one.id)
        .filter((id, at, all) => all.indexOf(id) !== at),
    tooWide: document.scrollingElement.scrollWidth - innerWidth,
    wrongs: [...document.querySelectorAll("a[href='#'], a[href=''], a:not([href]), img:not([alt])")].length,
    words: document.body.innerText,
})"""
# Words that stand on a page only when a template said something it did not know.
UNSAID = re.compile(r"\bNone\b(?! of)|\bundefined\b|\bnan\b|%\(\w+\)s|[a-z]+\.[A-Z]{3,}\b")
REFUSED = re.compile(r"status of 4\d\d")
PATIENCE_SECONDS = 20.0
TOKEN = re.compile(r"^/sign-in/[\w-]{20,}$")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def pattern_of(path: str) -> str:
    """An address without the one thing it is about, and only the names of its filters."""
    plain, _, query = path.partition("#")[0].partition("?")
    names = sorted({part.partition("=")[0] for part in query.split("&") if part} - {"page", "sort"})
    return TOKEN.sub("/sign-in/…", ID.sub("…", plain)) + ("?" + "&".join(names) if names else "")


@dataclass
class Visitor:
    page: Page
    at: Installation
    width: int
    twin: Page | None = None
    """A second browser with scripts, when this one has none."""
    complaints: list[str] = field(default_factory=list)
    looked_at: dict[str, int] = field(default_factory=dict)
    """Pages by pattern, with how often they were looked at."""

    @property
    def has_script(self) -> bool:
        return self.twin is None

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)

    def _hear(self, message: ConsoleMessage) -> None:
        # That the page itself is a refusal is known to whoever asked for it.
        is_the_page = message.location["url"] == self.page.url and REFUSED.search(message.text)
        if message.type == "error" and not is_the_page:
            self.complaints.append(f"{self.page.url}: {message.text}")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.at.url)

    @property
    def text(self) -> str:
        return self.page.inner_text("body")

    # ---- Doing ----

    def go(self, path: str, *, status: int = 200) -> None:
        answer = self.page.goto(path if path.startswith("http") else self.at.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.look()

    def opens(self, path: str) -> bool:
        """Goes there without looking yet; False when it is a file to keep."""
        try:
            answer = self.page.goto(self.at.url + path)
        except Error as refusal:
            if "Download is starting" not in refusal.message:
                raise
            return False
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return (answer.header_value("content-type") or "").startswith("text/html")

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector).first

    def open_section(self, selector: str) -> None:
        """Unfolds what is folded away: a dialog with scripts, a `<details>` without."""
        self.find(selector).click()

    def fill(self, **values: str) -> None:
        """Types into fields by their name; choices are ticked by their value."""
        for name, value in values.items():
            boxes = self.page.locator(f"[name='{name}'][type=radio], [name='{name}'][type=checkbox]")
            if boxes.count():
                self.tick(name, value)
            elif self.page.locator(f"select[name='{name}']").count():
                self.page.select_option(f"select[name='{name}']", value)
            else:
                self.page.fill(f"#field-{name}", value)

    def tick(self, name: str, *values: str) -> None:
        for value in values:
            box = self.find(f"[name='{name}'][value='{value}']")
            # The label is what a finger presses; the box itself may be drawn over.
            self.find(f"label[for='{box.get_attribute('id')}']").click()
            assert box.is_checked(), f"{name} {value} is not ticked"

    def press(self, selector: str, *, status: int | None = None) -> None:
        """Presses what leads to another page, and looks at it."""
        button = self.find(selector)
        assert button.count(), f"there is no {selector} on {self.path}:\n{self.text}"
        with self.page.expect_navigation() as gone:
            button.click()
        if status is not None:
            assert gone.value is not None
            assert gone.value.status == status, self.text
        self.look()

    def send(self, action: str, *, status: int = 200) -> None:
        """Sends the form with this address."""
        self.press(f"form[action='{action}'] button:not([type=button]):visible", status=status)

    def press_key(self, key: str) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    # ---- Looking ----

    def look(self) -> None:
        """axe finds nothing, nothing sticks out, nothing failed, and the page has a good shape."""
        pattern = pattern_of(self.path)
        self.looked_at[pattern] = self.looked_at.get(pattern, 0) + 1
        self.page.wait_for_load_state("load")
        shape = self.page.evaluate(SHAPE)
        assert shape["lang"] in {"nl", "en"}, pattern
        assert shape["title"].strip(), pattern
        assert shape["headings"] == 1, f"{pattern}: {shape['headings']} first headings"
        assert shape["doubles"] == [], f"{pattern}: the same id twice: {shape['doubles']}"
        assert shape["tooWide"] <= 0, f"{pattern}: {shape['tooWide']} pixels too wide at {self.width}"
        assert shape["wrongs"] == 0, f"{pattern}: links or pictures without what they need"
        unsaid = UNSAID.search(shape["words"])
        assert unsaid is None, f"{pattern} says {unsaid and unsaid[0]!r}"
        self._keep_picture(pattern)
        if self.looked_at[pattern] == 1:
            found = self._axe()
            assert found == [], f"{pattern}: {found}"
        assert self.complaints == [], self.complaints

    def _axe(self) -> list[str]:
        if self.has_script:
            return _run_axe(self.page)
        # Without scripts axe cannot run either: it looks at the same page in a browser that has them, where
        # the page's own ones are kept from starting.
        assert self.twin is not None
        url, body = self.page.url, self.page.content()
        headers = {"content-security-policy": "script-src 'none'"}
        self.twin.route(
            url, lambda route: route.fulfill(body=body, content_type="text/html", headers=headers)
        )
        self.twin.goto(url)
        self.twin.unroute(url)
        return _run_axe(self.twin)

    def _keep_picture(self, pattern: str) -> None:
        folder = os.environ.get("PODIUM_SCREENSHOTS")
        if folder:
            script = "" if self.has_script else "-no-script"
            name = re.sub(r"[^a-z0-9…]+", "-", pattern.strip("/").lower()).strip("-") or "home"
            number = self.looked_at[pattern]
            path = Path(folder) / f"{self.width}{script}" / f"{name}{f'-{number}' if number > 1 else ''}.png"
            self.page.screenshot(path=path, full_page=True)

    # ---- Mail ----

    def wait_for_mail(self, address: str, *, after: int = 0) -> EmailMessage:
        """The first mail to somebody after so many that had come before."""
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            found = [mail for mail in self.at.inbox.messages[after:] if address in str(mail["To"])]
            if found:
                return found[0]
            sleep(0.1)
        raise AssertionError(f"no mail to {address} in {PATIENCE_SECONDS} s")

    def sign_in(self, email: str) -> None:
        """As people do: ask for a link, read the mail, open it in this browser, press the button."""
        before = len(self.at.inbox.messages)
        self.go("/sign-in")
        self.fill(email=email)
        self.send("/sign-in")
        self.open_mailed_link(self.wait_for_mail(email, after=before))

    def open_mailed_link(self, mail: EmailMessage) -> None:
        link = link_in(mail, f"{self.at.url}/sign-in/")
        self.go(link)
        self.send(link.removeprefix(self.at.url))

    def sign_out(self) -> None:
        # In the menu, which is folded away on a phone.
        self.page.context.clear_cookies()


def _run_axe(page: Page) -> list[str]:
    """In the light everything, in the dark the contrast again."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, {})
    page.emulate_media(color_scheme="dark")
    found += [f"dark {rule}" for rule in page.evaluate(RUN_AXE, {"runOnly": ["color-contrast"]})]
    page.emulate_media(color_scheme="light")
    return found


def link_in(mail: EmailMessage, start: str) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(re.escape(start) + r"\S+", body.get_content())
    assert found, body.get_content()
    return found[0]


@contextmanager
def visitor(
    browser: Browser, at: Installation, *, width: int, has_script: bool = True, language: str = "nl"
) -> Iterator[Visitor]:
    """A browser of one's own: its cookies, its size, its language."""

    def open_page(*, may_run_scripts: bool) -> Page:
        return browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            java_script_enabled=may_run_scripts,
            locale=language,
            # Colours that are still changing have no contrast to speak of.
            reduced_motion="reduce",
        ).new_page()

    page = open_page(may_run_scripts=has_script)
    twin = None if has_script else open_page(may_run_scripts=True)
    try:
        yield Visitor(page, at, width, twin)
    finally:
        page.context.close()
        if twin:
            twin.context.close()
