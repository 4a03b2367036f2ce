"""The style guide shows everything, in both languages, to everybody, and its files arrive as promised."""

import re

import pytest

from service.web import assets
from tests.conftest import Browser


def test_it_works(client: Browser) -> None:
    answer = client.get("/stijl", headers={"accept-language": "nl"})

    assert answer.status_code == 200
    assert "<h1>Stijlgids</h1>" in answer.text
    assert '<html lang="nl">' in answer.text


def test_english_readers_get_english(client: Browser) -> None:
    page = client.get("/stijl", headers={"accept-language": "en"}).text

    assert '<html lang="en">' in page
    assert "<h1>Style guide</h1>" in page


def test_every_drawing_is_shown(client: Browser) -> None:
    page = client.get("/stijl").text
    drawn = set(re.findall(r"icons\.svg\?v=\w+#([\w-]+)", page))
    sprite = (assets.STATIC / "icons.svg").read_text("utf-8")

    assert drawn == set(re.findall(r'<symbol id="([\w-]+)"', sprite))


def test_every_building_block_is_shown() -> None:
    """A block nobody can look at is a block nobody trusts."""
    template = (assets.STATIC.parent / "templates" / "stijl.html").read_text("utf-8")
    source = (assets.STATIC.parent / "templates" / "ui.html").read_text("utf-8")
    blocks = set(re.findall(r"{% macro ([a-z]\w*)\(", source))
    shown = set(re.findall(r"ui\.(\w+)\(", template))

    assert blocks - shown == {"hidden"}, "a hidden field has nothing to show"


def test_error_links_lead_to_their_fields(client: Browser) -> None:
    page = client.get("/stijl").text
    targets = re.findall(r'<a href="#(field-[\w-]+)"', page)

    assert targets == ["field-pc4", "field-answer"]
    assert all(f'id="{target}"' in page for target in targets)


def test_ids_are_unique(client: Browser) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get("/stijl").text)

    assert len(ids) > 50
    assert sorted(ids) == sorted(set(ids))


def test_suggestions_are_words_of_the_readers_language(client: Browser) -> None:
    found = client.get("/stijl/suggestions?q=REG", headers={"accept-language": "nl"}).json()

    assert found == [{"value": "organising", "label": "regelen"}]


@pytest.mark.parametrize("name", ["podium.css", "podium.js", "icons.svg", "favicon.svg"])
def test_files_may_be_kept_when_asked_by_hash(client: Browser, name: str) -> None:
    hashed = client.get(assets.address(name))
    plain = client.get(f"/static/{name}")

    assert hashed.content == plain.content == (assets.STATIC / name).read_bytes()
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["cache-control"] == "no-cache"


def test_files_travel_packed(client: Browser) -> None:
    answer = client.get(assets.address("podium.css"), headers={"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 10_000


def test_nothing_outside_the_folder_is_served(client: Browser) -> None:
    assert client.get("/static/../assets.py").status_code == 404
    assert client.get("/static/%2e%2e/assets.py").status_code == 404


def test_an_unknown_page_says_what_to_do(client: Browser) -> None:
    answer = client.get("/no-such-page", headers={"accept-language": "nl"})

    assert answer.status_code == 404
    assert "<h1>Niet gevonden</h1>" in answer.text
    assert 'href="/"' in answer.text
