"""Logs: one line per event that nobody can forge or break, in UTC, for machines by default."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import structlog

from service.core.logs import get_logger, start_logging
from service.core.settings import Environment, Settings


@pytest.fixture(autouse=True)
def back_to_normal() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configured = structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configured)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def json_log() -> Settings:
    return Settings(environment=Environment.DEVELOPMENT, log_format="json")


def test_it_works(json_log: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(json_log)
    get_logger("podium").info("digest_sent", number=3)
    (line,) = lines(capsys)
    assert (line["event"], line["number"], line["level"]) == ("digest_sent", 3, "info")
    moment = datetime.fromisoformat(str(line["timestamp"]))
    assert moment.utcoffset() == timedelta(0)


def test_a_line_break_makes_no_second_line(json_log: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever gets a line end into an event must not write an entry of his own."""
    start_logging(json_log)
    get_logger("podium").info("x", path='/a\n{"event": "admin_signed_in"}\r\u2028\x1b[2J')
    (line,) = lines(capsys)
    assert line["event"] == "x"


def test_messages_of_libraries_look_alike(json_log: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(json_log)
    logging.getLogger("some.library").warning("careful: %s", "now")
    (line,) = lines(capsys)
    assert (line["event"], line["level"]) == ("careful: now", "warning")


def test_addresses_of_people_are_not_logged(json_log: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """The server's own access lines hold internet addresses and whole paths."""
    start_logging(json_log)
    logging.getLogger("uvicorn.access").info('192.0.2.1 - "GET /sign-in/secret HTTP/1.1" 200')
    assert lines(capsys) == []


def test_an_error_is_one_line_with_where_it_happened(
    json_log: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging(json_log)
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        get_logger("podium").exception("job_failed", job="digests")
    (line,) = lines(capsys)
    assert "ZeroDivisionError" in str(line["exception"])


def test_for_people_it_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(Settings(environment=Environment.DEVELOPMENT, log_format="text"))
    get_logger("podium").info("digest_sent", number=3)
    written = capsys.readouterr().err
    assert "digest_sent" in written
    assert not written.startswith("{")


def test_starting_twice_does_not_log_twice(json_log: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(json_log)
    start_logging(json_log)
    get_logger("podium").info("once")
    assert len(lines(capsys)) == 1
