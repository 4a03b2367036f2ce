"""`podium demo`: its folder, and that nobody is sent to a server that does not answer yet."""

import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from seeds.demo import print_links
from service.core.settings import Settings
from service.demo import answers, demo_environment, demo_folder, run_demo, supervise
from tests import factories as make
from tests.installation import free_port

HOST = "127.0.0.1"
# Listens a while later, and ends when somebody has said something.
SLOW_SERVER = """
import socket, sys, time
time.sleep(1.5)
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    while True:
        with listener.accept()[0] as visitor:
            if visitor.recv(1):
                break
"""


@pytest.fixture(autouse=True)
def usual_signals() -> Iterator[None]:
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def test_everything_is_in_the_folder_of_the_demo() -> None:
    environment = demo_environment(8000, {})

    folder = Path("var", "demo").absolute()
    assert environment["PODIUM_VAR_DIR"] == str(folder)
    assert environment["PODIUM_DATABASE_URL"] == f"sqlite:///{folder / 'podium.db'}"


def test_the_database_follows_the_folder_somebody_chose(tmp_path: Path) -> None:
    environment = demo_environment(8000, {"PODIUM_VAR_DIR": str(tmp_path / "here")})

    assert environment["PODIUM_VAR_DIR"] == str(tmp_path / "here")
    assert environment["PODIUM_DATABASE_URL"] == f"sqlite:///{tmp_path / 'here' / 'podium.db'}"
    assert demo_folder({"PODIUM_VAR_DIR": "elsewhere"}) == Path("elsewhere").absolute()


def test_a_database_somebody_chose_stays(tmp_path: Path) -> None:
    chosen = {"PODIUM_VAR_DIR": str(tmp_path), "PODIUM_DATABASE_URL": "postgresql://somewhere/podium"}

    assert demo_environment(8000, chosen)["PODIUM_DATABASE_URL"] == "postgresql://somewhere/podium"


def test_the_ways_in_are_told_when_the_server_answers() -> None:
    port = free_port()
    told = []

    def tell() -> None:
        told.append(answers(HOST, port))
        with socket.create_connection((HOST, port)) as visit:
            visit.send(b"x")

    ended = supervise([[sys.executable, "-c", SLOW_SERVER, str(port)]], {}, lambda: answers(HOST, port), tell)

    assert (ended, told) == (0, [True])


def test_of_a_server_that_never_comes_nothing_is_told() -> None:
    told: list[bool] = []

    ended = supervise(
        [[sys.executable, "-c", "raise SystemExit(3)"]],
        {},
        lambda: answers(HOST, free_port()),
        lambda: told.append(True),
    )

    assert (ended, told) == (1, [])


def test_a_port_that_is_taken_is_said_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PODIUM_VAR_DIR", str(tmp_path / "demo"))
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]

        assert run_demo(port) == 2

    assert capsys.readouterr().err == (
        f"podium: something answers on port {port} already. Choose another one with --port.\n"
    )
    assert not (tmp_path / "demo").exists()


def test_a_folder_of_an_older_demo_tells_the_ways_in_that_it_has(
    session: Session, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Roles came later than the folder, and after two weeks no youth waits for an answer."""
    make.make_account(session, email="beheer@podium.example")
    print_links(session, settings)
    said = capsys.readouterr().out
    assert said.count("/sign-in/") == 1
    assert "  beheer  " in said
