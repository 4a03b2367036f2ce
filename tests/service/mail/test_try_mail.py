"""`podium mail test`: whatever is wrong with the way out, it says so in words somebody can act on."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import AuthResult

from service.cli import run
from service.core.i18n import LANGUAGES, speaking
from service.core.settings import Settings
from service.mail import transport, wording
from service.mail.models import SuppressionReason
from service.mail.transport import mail_folder
from tests.smtp_server import Inbox, smtp_server

ADDRESS = "beheer@example.nl"
NAME, PASSWORD = "podium@example.nl", "geheim/woord:1"


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch, settings: Settings, capsys: pytest.CaptureFixture[str]) -> Any:
    """What the command says when this is the mail server."""

    def try_with(smtp_url: str, address: str = ADDRESS) -> tuple[int, str]:
        values = {"ENVIRONMENT": "development", "VAR_DIR": str(settings.var_dir), "SMTP_URL": smtp_url}
        for name, value in values.items():
            monkeypatch.setenv(f"PODIUM_{name}", value)
        capsys.readouterr()
        return run(["mail", "test", address]), capsys.readouterr().out

    return try_with


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server on this machine, with its key; made anew each time, since a key does not belong in here."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    proof = path.with_suffix(".crt")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(path))
    whose = ("-subj", "/CN=podium test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "36500")
    subprocess.run(
        ["openssl", "req", "-x509", *key, *whose, "-out", str(proof)], check=True, capture_output=True
    )
    path.write_bytes(path.read_bytes() + proof.read_bytes())
    return path


AUTHORITY = """
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
[names]
subjectAltName = IP:127.0.0.1
"""


@pytest.fixture(scope="session")
def expired(certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As that server's, with the same key, but of 2020: only an authority may date it back."""
    folder = tmp_path_factory.mktemp("expired")
    (folder / "authority.cnf").write_text(AUTHORITY)
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01")
    made = ["-keyfile", str(certificate), "-out", "server.crt", "-extensions", "names"]
    dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"]
    for command in (
        ["req", "-new", "-key", str(certificate), "-subj", "/CN=podium test", "-out", "server.csr"],
        [
            "ca",
            "-batch",
            "-notext",
            "-selfsign",
            "-config",
            "authority.cnf",
            "-in",
            "server.csr",
            *made,
            *dates,
        ],
    ):
        subprocess.run(["openssl", *command], check=True, capture_output=True, cwd=folder)
    path = folder / "server.pem"
    path.write_bytes(certificate.read_bytes().partition(b"-----BEGIN CERTIFICATE")[0])
    path.write_bytes(path.read_bytes() + (folder / "server.crt").read_bytes())
    return path


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    good = (data.login, data.password) == (NAME.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


def elsewhere(url: str, credentials: str = "") -> str:
    """As a server on another machine, for which nothing may go in the clear."""
    return url.replace("127.0.0.1", f"{credentials}0.0.0.0")  # noqa: S104 an address to connect to


def test_it_works(out: Any, server: tuple[Inbox, str]) -> None:
    assert out(server[1]) == (0, f"The mail server took the mail for {ADDRESS}.\n")
    (message,) = server[0].messages
    assert message["To"] == ADDRESS
    assert message["List-Unsubscribe"] is None
    text = message.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    assert "Podium can send mail" in text.get_content()


def test_without_a_server_it_says_where_the_file_is(out: Any, settings: Settings) -> None:
    assert out("") == (0, f"No mail server is set: the mail is a file in {mail_folder(settings)}.\n")
    assert len(list(mail_folder(settings).glob("*.eml"))) == 1


def test_a_name_that_does_not_exist(out: Any) -> None:
    status, said = out("smtp://mail.invalid:587")
    assert status == 1
    assert "not known on the internet (DNS)" in said
    assert "PODIUM_SMTP_URL" in said


@pytest.mark.parametrize(
    "url",
    ["mail.example.nl:587", "https://mail.example.nl", "smtp://mail.example.nl:99999", "smtp://mail..nl:587"],
    ids=["no_scheme", "a_page", "no_port", "no_name"],
)
def test_a_setting_that_names_no_server(out: Any, url: str) -> None:
    status, said = out(url)
    assert (status, "is not the address of a mail server" in said) == (1, True), said


def test_nobody_listens(out: Any) -> None:
    status, said = out("smtp://127.0.0.1:1")
    assert (status, "nobody listens on that port" in said) == (1, True)


@pytest.mark.parametrize(
    ("where", "answer", "words"),
    [
        ("refuses_sender", "553 5.7.1 not yours", "does not accept our sender"),
        ("refuses_recipient", "451 4.7.1 greylisted", "try again later (greylisting"),
        ("refuses_sender", "451 4.3.0 later", "cannot take the mail now"),
        ("refuses_recipient", "550 5.1.1 unknown", "knows nobody with this address"),
        ("refuses_recipient", "554 5.7.1 relay access denied", "does not pass on mail to this address"),
        ("refuses_recipient", "550 5.7.54 unable to relay", "does not pass on mail to this address"),
        ("refuses_recipient", "530 5.7.0 log in first", "takes mail only after a login"),
        ("refuses_recipient", "552 5.2.2 full", "mailbox takes nothing"),
        ("refuses_recipient", "550 5.2.1 closed", "mailbox takes nothing"),
        ("refuses_content", "554 5.6.0 no", "refuses the content"),
        ("refuses_content", "552 5.3.4 large", "larger than the mail server takes"),
        ("refuses_content", "452 4.3.1 full", "cannot take the mail now"),
    ],
)
def test_a_server_that_refuses(
    out: Any, server: tuple[Inbox, str], where: str, answer: str, words: str
) -> None:
    setattr(server[0], where, answer)
    status, said = out(server[1])
    assert (status, words in said) == (1, True), said
    assert server[0].messages == []


def test_a_server_that_takes_small_mail_only(out: Any) -> None:
    with smtp_server(data_size_limit=100) as (inbox, url):
        status, said = out(url)
        assert (status, "larger than the mail server takes" in said) == (1, True), said
        assert inbox.messages == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_wants_a_login(out: Any) -> None:
    options = {"authenticator": authenticator, "auth_required": True, "auth_require_tls": False}
    with smtp_server(**options) as (_inbox, url):
        status, said = out(url)
        assert (status, "takes mail only after a login" in said) == (1, True), said


def test_a_file_where_the_folder_should_be(out: Any, settings: Settings) -> None:
    mail_folder(settings).parent.mkdir(parents=True)
    mail_folder(settings).write_text("here I stand")
    status, said = out("")
    assert (status, "Where the folder for mail should be" in said) == (1, True), said


def test_a_line_that_drops(out: Any, server: tuple[Inbox, str]) -> None:
    server[0].drops_lines = 1
    status, said = out(server[1])
    assert (status, "The line to the mail server dropped" in said) == (1, True)


@contextmanager
def silent_server() -> Iterator[str]:
    """Takes the connection, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"


def test_a_server_that_hangs(out: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.2)
    with silent_server() as url:
        status, said = out(url)
    assert (status, "does not answer in time" in said) == (1, True)


def test_a_server_that_hangs_in_the_middle(
    out: Any, server: tuple[Inbox, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.3)
    server[0].seconds_each = 1.0
    status, said = out(server[1])
    assert (status, "does not answer in time" in said) == (1, True)


def test_a_server_elsewhere_without_tls(out: Any, server: tuple[Inbox, str]) -> None:
    status, said = out(elsewhere(server[1]))
    assert (status, "offers no safe connection (TLS)." in said) == (1, True)
    assert "add ?starttls=off" in said


def test_tls_from_the_start(out: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp_server(ssl_context=tls(certificate)) as (inbox, url):
        safe = url.replace("smtp:", "smtps:")
        status, said = out(safe)
        assert (status, "certificate of the mail server is not to be trusted" in said) == (1, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert out(safe)[0] == 0
        assert len(inbox.messages) == 1


def test_a_certificate_that_has_expired(out: Any, expired: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(expired))
    with smtp_server(ssl_context=tls(expired)) as (inbox, url):
        status, said = out(url.replace("smtp:", "smtps:"))
        assert (status, "certificate of the mail server has expired" in said) == (1, True), said
        assert inbox.messages == []


@pytest.mark.parametrize("name", ["localhost", "127.0.0.2"])
def test_a_certificate_for_another_name(
    out: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        monkeypatch.context() as patch,
        smtp_server(ssl_context=tls(certificate)) as (inbox, url),
    ):
        patch.setattr(socket, "create_connection", connect_to_loopback)
        status, said = out(url.replace("smtp:", "smtps:").replace("127.0.0.1", name))
        assert (status, "certificate of the mail server is for another name" in said) == (1, True), said
        assert inbox.messages == []


def connect_to_loopback(address: tuple[str, int], *_rest: Any) -> socket.socket:
    """Whatever the name: which addresses a machine gives itself differs."""
    made = socket.socket()
    made.settimeout(20)
    made.connect(("127.0.0.1", address[1]))
    return made


def test_tls_where_there_is_none(out: Any, server: tuple[Inbox, str]) -> None:
    status, said = out(server[1].replace("smtp:", "smtps:"))
    assert (status, "No safe connection (TLS)" in said) == (1, True), said


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_login_over_tls(out: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    options = {"authenticator": authenticator, "auth_required": True}
    with smtp_server(ssl_context=tls(certificate), **options, auth_require_tls=False) as (inbox, url):
        safe = url.replace("smtp:", "smtps:")
        wrong = safe.replace("//", f"//{quote(NAME, safe='')}:nonsense@")
        status, said = out(wrong)
        assert (status, "does not accept the name or password" in said) == (1, True)
        right = safe.replace("//", f"//{quote(NAME, safe='')}:{quote(PASSWORD, safe='')}@")
        assert out(right)[0] == 0
        assert len(inbox.messages) == 1
        assert PASSWORD not in said


def test_starttls_and_login(out: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual way: port 587, safe before the password goes over the line."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(transport, "_is_this_machine", lambda _host: False)
    options = {"authenticator": authenticator, "auth_required": True, "require_starttls": True}
    with smtp_server(tls_context=tls(certificate), **options) as (inbox, url):
        assert out(url.replace("//", f"//{quote(NAME, safe='')}:{quote(PASSWORD, safe='')}@"))[0] == 0
        assert len(inbox.messages) == 1


@pytest.mark.parametrize("is_here", [True, False], ids=["this machine", "starttls off"])
def test_a_login_that_wants_tls(out: Any, certificate: Path, *, is_here: bool) -> None:
    """What was turned off is what is missing: to turn it off again is no advice."""
    options = {"authenticator": authenticator, "auth_require_tls": True}
    with smtp_server(tls_context=tls(certificate), **options) as (inbox, url):
        named = url.replace("//", f"//{quote(NAME, safe='')}:{quote(PASSWORD, safe='')}@")
        status, said = out(named if is_here else elsewhere(named) + "?starttls=off")
        assert (status, "offers no login over a connection that is not safe" in said) == (1, True), said
        assert "Write the name that is in its certificate" in said
        assert "add ?starttls=off" not in said
        assert inbox.messages == []


def test_a_server_without_login(out: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with smtp_server(ssl_context=tls(certificate), auth_exclude_mechanism=["LOGIN", "PLAIN"]) as (
        _inbox,
        url,
    ):
        status, said = out(url.replace("smtp://", f"smtps://{quote(NAME, safe='')}:nonsense@"))
    assert (status, "offers no login." in said) == (1, True), said
    assert "starttls" not in said


def test_something_that_is_no_mail_server(out: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = Thread(target=answer_as_a_page, args=[listening])
        answering.start()
        status, said = out(f"smtp://127.0.0.1:{listening.getsockname()[1]}")
        answering.join()
    assert (status, "is no mail server" in said) == (1, True), said


def answer_as_a_page(listening: socket.socket) -> None:
    connection, _address = listening.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize(
    "address", ["", "a@", "jos@bücher.example", "no address", "marieke@example.nl\r\nBcc: all@example.nl"]
)
def test_an_address_that_is_none(out: Any, server: tuple[Inbox, str], address: str) -> None:
    status, said = out(server[1], address)
    assert (status, "not one that mail can be sent to" in said) == (1, True)
    assert server[0].messages == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_goes_wrong_has_words_and_a_way_on(language: str) -> None:
    with speaking(language):
        for reason in (*wording.REASONS, *SuppressionReason):
            advice = wording.advice(reason)
            assert advice is not wording.FAULT, reason
            assert str(advice.what).endswith((".", "?")), reason
            assert str(advice.todo).endswith((".", "?")), reason
        assert wording.advice("UndefinedError") is wording.FAULT
        assert wording.advice("SMTPRecipientsRefused 451") is wording.REASONS["SMTPRecipientsRefused 4"]
