"""What podium.js adds works, and nothing needs it: the style guide in a real browser, without a socket."""

import json
import os
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

from service.web import assets, templating
from tests.conftest import BASE_URL, Browser

pytestmark = [
    pytest.mark.browser,
    # What a script does in a page does not depend on the database.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session"),
]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = next(package for package in assets.PACKAGES if package.name == "axe-core").home / "axe.min.js"
LOOK = "async () => (await axe.run()).violations.map(found => [found.id, found.nodes.map(node => node.html)])"
STYLE_GUIDE = f"{BASE_URL}/stijl"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("PODIUM_REQUIRE_BROWSER"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def answering(client: Browser, context: BrowserContext) -> BrowserContext:
    """Everything the browser asks is answered by the application in this process."""

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        address = f"{asked.path}?{asked.query}" if asked.query else asked.path
        headers = {"accept-language": "en", "accept-encoding": "identity"}
        given = client.request(route.request.method, address, headers=headers)
        route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.content)

    context.route("**/*", answer)
    return context


@pytest.fixture
def page(chromium: Chromium, client: Browser) -> Iterator[Page]:
    context = answering(client, chromium.new_context(viewport={"width": 1280, "height": 900}))
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(STYLE_GUIDE)
    yield page
    context.close()
    assert not complaints, "a page that breaks the content policy says so in the console"


def shown(block: str) -> str:
    return templating.environment().from_string('{% import "ui.html" as ui %}' + block).render()


def chosen(page: Page) -> list[str]:
    value = page.locator("input[name=talents]").input_value()
    return [word.strip() for word in value.split(",")]


def test_the_summary_of_errors_is_read_first(page: Page) -> None:
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


@pytest.mark.parametrize(
    ("label", "said"),
    [("Why not?", "Why not? Choose one of the answers."), ("Reason", "Reason: Choose one of the answers.")],
    ids=["question", "name"],
)
def test_the_summary_names_what_is_asked_as_one_says_it(page: Page, label: str, said: str) -> None:
    html = shown(
        '<div class="error-summary"><a href="#field-code">Choose one of the answers.</a></div>'
        f'<div class="field" id="field-code"><span class="field__label">{label}</span></div>'
    )

    page.evaluate("html => { document.querySelector('main').innerHTML = html; }", html)

    assert page.locator(".error-summary a").inner_text() == said


def test_a_suggested_word_becomes_a_chip(page: Page) -> None:
    field = page.get_by_role("combobox", name="What does someone learn or use here?")
    field.press_sequentially("gam")
    page.get_by_role("option", name="gaming").wait_for()
    field.press("ArrowDown")
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Remove: gaming").wait_for()
    assert chosen(page) == ["repairing", "cooking", "gaming"]
    assert field.input_value() == ""


def test_an_own_word_counts_as_well(page: Page) -> None:
    field = page.get_by_role("combobox", name="What does someone learn or use here?")
    field.press_sequentially("swimming,")
    field.press_sequentially("reading")
    field.press("Enter")

    assert chosen(page) == ["repairing", "cooking", "swimming", "reading"]
    assert page.url == STYLE_GUIDE, "Enter takes the word, it does not send the form"


def test_a_chip_can_be_taken_away(page: Page) -> None:
    page.get_by_role("button", name="Remove: cooking").click()

    assert chosen(page) == ["repairing"]


def test_the_field_keeps_its_hint_for_screen_readers(page: Page) -> None:
    field = page.get_by_role("combobox", name="What does someone learn or use here?")

    assert "hint-talents" in str(field.get_attribute("aria-describedby")).split()


def test_a_question_mark_lists_the_keys(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")

    assert dialog.is_visible()
    assert dialog.locator("dt").all_inner_texts() == ["a", "r", "v", "l", "?"]
    page.keyboard.press("Escape")
    assert dialog.count() == 0


def pressed(page: Page, name: str) -> Any:
    page.evaluate(
        "name => { window.pressed = 0; document.querySelector(`[data-key=${name}]`)"
        ".addEventListener('click', () => { window.pressed += 1; }); }",
        name,
    )
    return lambda: page.evaluate("window.pressed")


def test_a_key_presses_its_button(page: Page) -> None:
    count = pressed(page, "a")

    page.keyboard.press("a")

    assert count() == 1


def test_a_key_in_a_field_is_a_letter(page: Page) -> None:
    count = pressed(page, "a")
    field = page.get_by_label("Title of the offer")

    field.press_sequentially("baa")

    assert count() == 0
    assert field.input_value() == "baa"


def test_keys_can_be_switched_off_for_good(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_label("Keyboard shortcuts are on").uncheck()
    page.reload()
    count = pressed(page, "a")

    page.keyboard.press("a")

    assert count() == 0


def test_a_folded_part_becomes_a_dialog_and_gives_the_focus_back(page: Page) -> None:
    page.get_by_role("button", name="Open a dialog").press("Enter")
    dialog = page.get_by_role("dialog", name="Why does this not fit?")

    assert dialog.is_visible()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Open a dialog"


def test_a_second_press_sends_nothing(page: Page) -> None:
    sent: list[str] = []

    def note(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.context.route("**/language", note)
    page.get_by_role("button", name="Nederlands").dblclick()
    page.wait_for_timeout(100)

    assert sent == ["POST"]


def test_progress_is_followed_until_it_is_done(page: Page) -> None:
    steps = [
        {"value": 400, "max": 1000, "text": "400 of 1,000"},
        {"value": 900, "max": 1000, "text": "900 of 1,000"},
    ]
    stream = "".join(f"event: progress\ndata: {json.dumps(step)}\n\n" for step in steps)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        ending = "event: done\ndata: {}\n\n" if len(asked) == 1 else ""
        route.fulfill(status=200, content_type="text/event-stream", body=stream + ending)

    page.context.route("**/run/events", answer)
    html = shown('{{ ui.progress(0, 1000, "Begins", url="/run/events") }}')
    with page.expect_navigation():
        page.evaluate("html => { document.querySelector('main').innerHTML = html; }", html)

    assert len(asked) == 1
    assert page.title() == "Style guide - Podium", "at the end the page is asked anew"


def test_what_arrives_later_is_dressed_as_well(page: Page) -> None:
    """As when htmx puts a part into the page."""
    html = shown('{% call ui.dialog("late", "Late", "Open late") %}<p>Here</p>{% endcall %}')

    page.evaluate("html => { document.querySelector('main').insertAdjacentHTML('beforeend', html); }", html)

    page.get_by_role("button", name="Open late").click()
    assert page.get_by_role("dialog", name="Late").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(
    chromium: Chromium, client: Browser, width: int, scheme: Any
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    answering(client, context).add_init_script(path=AXE)
    page = context.new_page()
    page.goto(STYLE_GUIDE)

    assert page.evaluate(LOOK) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_targets_are_large_on_a_phone(chromium: Chromium, client: Browser) -> None:
    """44 px, except links in running text and in tables; a ticked box is as large as its row."""
    context = answering(client, chromium.new_context(viewport={"width": 390, "height": 900}))
    page = context.new_page()
    page.goto(STYLE_GUIDE)

    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, .input, .choice, .tile")]
          .filter(element => element.checkVisibility() && !element.closest("p, th, td, .card__title"))
          .filter(element => element.getBoundingClientRect().width > 1)
          .filter(element => element.getBoundingClientRect().height < 43.9)
          .map(element => element.outerHTML.slice(0, 80))"""
    )

    assert small == []
    context.close()


def test_without_javascript_everything_is_there(chromium: Chromium, client: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    page = answering(client, context).new_page()
    page.goto(STYLE_GUIDE)

    menu = page.locator("#menu")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_label("What does someone learn or use here?").input_value() == "repairing, cooking"
    page.get_by_text("Open a dialog").click()
    assert page.get_by_role("button", name="Refuse the proposal").is_visible()
    context.close()


FOCUS = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at.closest(".tile")?.querySelector("label") ?? at);
  const isSeen = style.outlineStyle === "solid" && style.outlineWidth === "3px" && style.boxShadow !== "none";
  return [at.outerHTML.slice(0, 80), isSeen];
}"""


def test_focus_is_always_seen(page: Page) -> None:
    """Each stop of the Tab key has the dark line in the yellow one; of a tile, its label has."""
    page.locator(".skip").focus()
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))

    assert len({html for html, _ in stops}) > 50
    assert [html for html, is_seen in stops if not is_seen] == []
