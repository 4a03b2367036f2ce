"""What a message looks like: text first, our own links only, headers that mail programs act on."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from service.core.settings import Settings
from service.mail.addresses import leaving_path
from service.mail.models import OUTSIDE_LISTS, Mail, Stream
from service.mail.outbox import letter
from service.mail.rendering import LONGEST_SUBJECT, POLICY, BadAddress, render
from tests.conftest import BASE_URL
from tests.service.mail.conftest import SENTENCE, a_mail

SERVICE = Path(__file__).parents[3] / "service"
LINK = re.compile(r'(?:href|src|action)\s*=\s*"([^"]*)"')


def read(settings: Settings, **changes: object) -> EmailMessage:
    """As the reader's program gets it."""
    sent = render(a_mail(**changes), settings).as_bytes()  # type: ignore[arg-type]
    message = message_from_bytes(sent, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_it_works(settings: Settings) -> None:
    message = read(settings)
    assert message["To"] == "marieke@example.nl"
    assert message["From"] == "Podium <podium@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "nl"
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", message["Message-ID"])
    assert message["Date"].datetime is not None
    kinds = [item.get_content_type() for item in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert f"{BASE_URL}/digests/5f0c9f0e" in part(message, "plain")


def test_text_and_html_say_the_same(settings: Settings) -> None:
    message = read(settings)
    for sentence in ("Overzicht van week 2 van 2027", "maandag 4 januari 2027", "3 voorstellen wachten"):
        assert sentence in part(message, "plain")
        assert sentence in part(message, "html")


def test_it_speaks_the_language_of_its_reader(settings: Settings) -> None:
    message = read(settings, language="en")
    assert message["Subject"].startswith("Overview of")
    assert "Monday 4 January 2027" in part(message, "plain")
    assert '<html lang="en"' in part(message, "html")


def test_links_lead_to_podium_and_nothing_is_loaded(settings: Settings) -> None:
    html = part(read(settings), "html")
    links = LINK.findall(html)
    assert links
    assert all(link.startswith(f"{BASE_URL}/") for link in links)
    assert not re.search(r"<(img|link|script|iframe|object|form)\b|url\(|@import", html)


def test_a_link_to_elsewhere_is_refused(settings: Settings) -> None:
    for path in ("https://evil.example/", "//evil.example/", "digests"):
        with pytest.raises(ValueError, match="only to Podium"):
            render(a_mail(path=path), settings)


def test_styles_stand_in_the_elements(settings: Settings) -> None:
    section = {"heading": "Voorstellen", "lines": [SENTENCE], "invite": ""}
    html = part(read(settings, parts=[section | {"link": "Kijk ernaar", "path": "/matchmaking"}]), "html")
    assert re.search(r'<a class="button"[^>]* style="[^"]*background-color', html) or re.search(
        r'<a [^>]*style="[^"]*background-color[^"]*"[^>]*class="button"', html
    )


def test_text_from_people_is_text_in_html(settings: Settings) -> None:
    message = read(settings, place="Het <b>Grote</b> & Kleine College")
    assert "Het &lt;b&gt;Grote&lt;/b&gt; &amp; Kleine College" in part(message, "html")
    assert "Het <b>Grote</b> & Kleine College" in part(message, "plain")


def test_the_same_mail_is_the_same_message(settings: Settings) -> None:
    mail = a_mail()
    assert render(mail, settings).as_bytes() == render(mail, settings).as_bytes()
    assert read(settings, key="digest:2")["Message-ID"] != read(settings)["Message-ID"]


def test_lines_are_short_enough_for_every_server(settings: Settings) -> None:
    sent = render(a_mail(place="Ünïcode Çollege " * 8), settings).as_bytes()
    assert b"\r\n" in sent
    assert not sent.replace(b"\r\n", b"").count(b"\n")
    headers, _blank, body = sent.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert max(map(len, headers.split(b"\r\n"))) <= 998
    sent.decode("ascii")


def test_a_digest_can_be_left_by_one_click(settings: Settings) -> None:
    token = "t" * 120
    sent = render(a_mail(token=token), settings)
    line = next(line for line in sent.as_string().splitlines() if line.startswith("List-Unsubscribe:"))
    assert f"<{BASE_URL}/unsubscribe/{token}>" in line, (
        "an address that is folded or encoded is not understood"
    )
    assert "<mailto:beheer@localhost?" in line
    message = read(settings, token=token)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "Overzichten van Podium <digest.localhost>"
    assert f"{BASE_URL}/unsubscribe/{token}" in part(message, "plain")
    assert f"{BASE_URL}/unsubscribe/{token}" in part(message, "html")


def admitted(stream: Stream) -> Mail:
    context: dict[str, object] = {"name": "Farida", "organisation": "Bakkerij Bos", "path": "/offers"}
    return letter(
        "organisations/mails/admitted",
        to="farida@example.nl",
        key="admitted:1",
        stream=stream,
        context=context,
    )


@pytest.mark.parametrize("stream", sorted(set(Stream) - {Stream.DIGEST}))
def test_every_mail_says_whom_to_ask_and_how_to_stop_it(settings: Settings, stream: Stream) -> None:
    """Many programs show no button of their own; what cannot be stopped has no link to do so."""
    message = message_from_bytes(render(admitted(stream), settings).as_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    for kind in ("plain", "html"):
        body = part(message, kind)
        assert "Vragen over deze mail? Schrijf naar beheer@localhost." in body
        assert (f"{BASE_URL}/unsubscribe/{stream}/" in body) is (stream not in OUTSIDE_LISTS)


def test_a_mail_with_words_of_its_own_at_the_end_keeps_them(settings: Settings) -> None:
    text = part(read(settings), "plain")
    assert text.splitlines().count("--") == 1
    assert text.count("/unsubscribe/") == 1


def test_the_longest_overview_stays_small(settings: Settings) -> None:
    """Mail programs cut off what is larger than 100 kB."""
    section = {
        "heading": "Voorstellen die wachten",
        "lines": ["Er wachten er drie op je antwoord. " * 3] * 12,
    }
    parts = [section | {"invite": "/offers/new"}] * 12
    assert len(render(a_mail(parts=parts), settings).as_bytes()) < 100_000


def test_lists_differ_by_stream(settings: Settings) -> None:
    digest, question = read(settings), read(settings, stream=Stream.QUESTION, token=None)
    assert digest["List-Id"] != question["List-Id"]
    leave = leaving_path(settings.secret_key.get_secret_value(), Stream.QUESTION, "marieke@example.nl")
    assert f"<{BASE_URL}/unsubscribe/{leave}>" in question["List-Unsubscribe"]
    assert question["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "marieke" not in leave, "an address in an address of a page ends up in logs"


@pytest.mark.parametrize("stream", sorted(OUTSIDE_LISTS))
def test_who_signs_in_or_signs_cannot_unsubscribe_from_that(settings: Settings, stream: Stream) -> None:
    message = read(settings, stream=stream)
    assert not [name for name in message if name.lower().startswith("list-")]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=["crlf", "lf", "cr"])
def test_no_text_adds_a_header(settings: Settings, end: str) -> None:
    message = read(settings, place=f"School{end}Bcc: everyone@example.nl")
    assert message["Bcc"] is None
    assert message["Subject"].endswith("School Bcc: everyone@example.nl")
    with pytest.raises(BadAddress):
        render(a_mail(to=f"marieke@example.nl{end}Bcc: everyone@example.nl"), settings)


def test_a_sender_with_a_domain_signs_its_messages(settings: Settings) -> None:
    own = settings.model_copy(update={"mail_from": "Podium Nieuw-West <post@podium.example>"})
    message = read(own)
    assert message["Message-ID"].endswith("@podium.example>")
    assert message["From"].addresses[0].addr_spec == "post@podium.example"
    assert "digest.podium.example" in message["List-Id"]


@pytest.mark.parametrize(
    "address",
    ["", " ", "a", "a@", "@b", "a@.nl", "a@b..nl", "a@b@c", "a@[", "é@b.nl", "a@é.nl", "a@b\x00.nl"],
)
def test_an_address_that_is_none_has_one_name(settings: Settings, address: str) -> None:
    with pytest.raises(BadAddress):
        render(a_mail(to=address), settings)


@pytest.mark.parametrize("name", ["Stichting, On Stage", "On Stage: West", "Zó (één) podium"])
def test_the_name_of_the_sender_arrives_as_it_was_set(settings: Settings, name: str) -> None:
    message = read(settings.model_copy(update={"mail_from": f"{name} <post@podium.example>"}))
    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "post@podium.example")


def test_no_mail_template_names_another_address_or_a_picture() -> None:
    """Links come from the settings (ASVS 4.1.3); pixels and remote pictures tell on readers (DOMAIN 5)."""
    templates = [path for path in SERVICE.glob("*/templates/mails/**/*") if path.is_file()]
    assert templates
    wrong = [
        str(path.relative_to(SERVICE))
        for path in templates
        if re.search(r"https?:|<img|\bsrc=|url\(|@import", path.read_text("utf-8"))
    ]
    assert not wrong


@pytest.mark.parametrize("text", ["woord ", "één café "])
def test_a_subject_begins_on_the_first_line(text: str) -> None:
    """Of some lengths the usual folding leaves the first line empty: some programs show no subject then."""
    for length in range(5, 400):
        subject = (text * length)[:length].strip()
        message = EmailMessage(policy=POLICY)
        message["Subject"] = subject
        sent = message.as_bytes()
        assert re.match(rb"Subject: \S", sent), length
        assert max(map(len, sent.split(b"\r\n"))) <= LONGEST_SUBJECT + len("Subject: ")
        assert message_from_bytes(sent, policy=default)["Subject"] == subject
