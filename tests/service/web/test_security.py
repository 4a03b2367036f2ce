"""DOMAIN 4, cookie and CSRF, headers, hosts: what another site, another host or a large body gets."""

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from starlette.requests import Request

from service.app import create_app
from service.core.settings import Environment, Settings
from service.web.page import PageDep
from service.web.security import LARGEST_BODY, is_cross_site, local_path
from tests.conftest import BASE_URL, Browser
from tests.world import World

PUBLIC = "/sign-in"
NEVER_INLINE = ("unsafe-inline", "unsafe-eval", "*", "data: 'self'", "http:")


def test_it_works(client: Browser, world: World) -> None:
    """Every answer is protected: a page, a redirect, an error, a refusal, JSON, and a file."""
    answers = [
        client.get(PUBLIC),
        client.get("/account"),
        client.get("/no-such-page"),
        client.get("/api/v1/me"),
        client.post(PUBLIC, data={}),
        client.post(PUBLIC, headers={"sec-fetch-site": "cross-site"}),
        client.get("/health"),
        client.get("/static/podium.css"),
    ]
    for answer in answers:
        headers = answer.headers
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "form-action 'self'" in policy
        assert not any(word in policy for word in NEVER_INLINE)


def test_pages_are_not_kept_but_files_are(client: Browser, world: World) -> None:
    for path in (PUBLIC, "/account", "/api/v1/me", "/no-such-page"):
        assert client.get(path).headers["cache-control"] == "no-store"
    assert client.acting_as(world.admin).get("/people").headers["cache-control"] == "no-store"
    assert client.get("/static/podium.css").headers.get("cache-control", "") != "no-store"


def test_pages_have_no_inline_script_or_style(client: Browser, world: World) -> None:
    """The policy would block it anyway; then something would silently not work."""
    browser = client.acting_as(world.admin)
    for path in (PUBLIC, "/people", "/people/invite"):
        page = browser.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page


def test_no_https_promise_on_plain_http(settings: Settings) -> None:
    plain = create_app(settings.model_copy(update={"base_url": "http://127.0.0.1:8000"}))
    with TestClient(plain, base_url="http://127.0.0.1:8000") as browser:
        assert "strict-transport-security" not in browser.get("/health").headers


CROSSING = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": BASE_URL},
    {"sec-fetch-site": "nonsense"},
    {"sec-fetch-site": ""},
]


@pytest.mark.parametrize("headers", CROSSING)
@pytest.mark.parametrize(
    "path", ["/sign-out", "/language", "/sign-in", "/account", "/people/invite", "/api/v1/me"]
)
def test_a_post_from_another_site_is_refused(
    client: Browser, world: World, path: str, headers: dict[str, str]
) -> None:
    answered = client.acting_as(world.admin).post(path, headers=headers, data={"language": "nl"})
    assert answered.status_code == 403
    assert "set-cookie" not in answered.headers
    assert "another website" in answered.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_unsafe_methods_are_refused_too(client: Browser, world: World, method: str) -> None:
    answered = client.request(method, "/api/v1/me", headers={"sec-fetch-site": "cross-site"})
    assert answered.status_code == 403


def without_metadata(client: Browser) -> Browser:
    del client.headers["sec-fetch-site"]
    return client


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (BASE_URL, 303),
        ("https://evil.example", 403),
        ("https://podium.example.evil.example", 403),
        ("https://evil.example/podium.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_older_browsers_say_their_origin(client: Browser, world: World, origin: str, status: int) -> None:
    browser = without_metadata(client)
    answered = browser.post("/language", headers={"origin": origin}, data={"language": "nl"})
    assert answered.status_code == status


def test_without_both_only_without_a_cookie(client: Browser, world: World) -> None:
    browser = without_metadata(client)
    assert browser.post("/language", data={"language": "nl"}).status_code == 303
    assert browser.cookies
    assert browser.post("/language", data={"language": "nl"}).status_code == 403


def test_following_a_link_from_elsewhere_is_fine(client: Browser, world: World) -> None:
    assert client.get(PUBLIC, headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_only_one_click_unsubscribe_is_open(client: Browser, world: World) -> None:
    """Mail programs post it from nowhere; a path that only looks like it is not open."""
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert client.post("/unsubscribe/forged", headers=elsewhere).status_code != 403
    for path in ("/unsubscribed", "/people/unsubscribe/x", "//unsubscribe/x", "/UNSUBSCRIBE/x"):
        assert client.post(path, headers=elsewhere).status_code == 403


def test_get_changes_nothing_by_itself() -> None:
    scope = {"type": "http", "method": "GET", "headers": [(b"sec-fetch-site", b"cross-site")]}
    assert not is_cross_site(Request(scope))
    assert is_cross_site(Request(scope | {"method": "POST"}))


@pytest.mark.parametrize("host", ["evil.example", "podium.example.evil.example", "", "127.0.0.1"])
def test_other_host_names_are_refused(client: Browser, world: World, host: str) -> None:
    answered = client.get(PUBLIC, headers={"host": host})
    assert answered.status_code == 400
    assert "x-content-type-options" in answered.headers


def test_a_forwarded_host_is_not_believed(client: Browser, world: World) -> None:
    page = client.get(PUBLIC, headers={"x-forwarded-host": "evil.example"}).text
    assert "evil.example" not in page


def test_a_body_that_is_too_large_is_refused(client: Browser, world: World) -> None:
    answered = client.post("/language", content=b"x" * (LARGEST_BODY + 1))
    assert answered.status_code == 413
    assert "default-src 'none'" in answered.headers["content-security-policy"]


def test_documentation_of_the_api_is_off_in_production(settings: Settings) -> None:
    production = Settings(
        environment=Environment.PRODUCTION,
        base_url=BASE_URL,
        secret_key="a-secret-for-production-of-a-good-length",
        database_url=settings.database_url,
    )
    with TestClient(create_app(production), base_url=BASE_URL) as browser:
        for path in ("/api/v1/openapi.json", "/openapi.json", "/docs", "/redoc"):
            assert browser.get(path).status_code == 404
    with TestClient(create_app(settings), base_url=BASE_URL) as browser:
        assert browser.get("/api/v1/openapi.json").status_code == 200
        assert browser.get("/docs").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "offers",
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "/a\r\nset-cookie: x",
        "/\x00",
        "\t//evil.example",
        " //evil.example",
        "javascript:alert(1)",
    ],
)
def test_what_is_not_of_this_site_becomes_the_first_page(path: str | None) -> None:
    assert local_path(path) == "/"


@pytest.mark.parametrize("path", ["/", "/offers", "/offers?q=brood&page=2", "/a//b", "/offers#top"])
def test_what_is_of_this_site_stays(path: str) -> None:
    assert local_path(path) == path


def test_a_message_for_the_next_page_is_a_sentence_of_ours(client: Browser, world: World) -> None:
    """The cookie is the browser's: whatever somebody puts in is shown as text, once."""
    typed = "success%3A%3Cscript%3Ealert(1)%3C%2Fscript%3E"
    client.cookies.set("podium_flash", typed, domain="podium.example", path="/")
    page = client.get(PUBLIC).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "alert(1)" not in client.get(PUBLIC).text


def test_markup_in_what_people_type_is_text(client: Browser, world: World) -> None:
    answered = client.post(PUBLIC, data={"email": '"><img src=x onerror=alert(1)>'})
    assert "<img src=x" not in answered.text
    assert "&lt;img" in answered.text


router = APIRouter()


@router.get("/breaks", response_model=None)
def breaks(page: PageDep) -> None:
    raise RuntimeError("what-nobody-may-read")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "It is not your fault"), ("nl", "Het ligt niet aan jou")]
)
def test_an_unexpected_error_is_protected_and_tells_nothing(
    settings: Settings, language: str, said: str
) -> None:
    """It is answered outside the middleware, where headers and language are easily forgotten."""
    app = create_app(settings)
    app.include_router(router)
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=False) as browser:
        answered = browser.get("/breaks", headers={"accept-language": language})
    assert answered.status_code == 500
    assert said in answered.text
    assert "what-nobody-may-read" not in answered.text
    assert "RuntimeError" not in answered.text
    assert answered.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answered.headers["content-security-policy"]
    assert answered.headers["strict-transport-security"]


@pytest.mark.parametrize("forged", ["nonsense%3A%3Cb%3Ehello%3C/b%3E", "%3A", "error", "success%3A"])
def test_a_forged_flash_cookie_breaks_no_page(client: Browser, forged: str) -> None:
    """A neighbouring host can set one, and it would stay."""
    answer = client.get("/sign-in", headers={"cookie": f"podium_flash={forged}"})

    assert answer.status_code == 200
    assert "hello" not in answer.text
    assert "podium_flash=" in answer.headers["set-cookie"]
