"""The stream of a run's progress: a real server, a real worker, and a reader who waits for both."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from sqlmodel import Session, select

from service.accounts.sessions import cookie_name, start_for_account
from service.core import clock
from service.matchmaking.models import Run, RunStatus
from service.matchmaking.pages import LOOK_EVERY_SECONDS
from service.matchmaking.streams import MOST_STREAMS
from service.web.ops import SLOW_SECONDS
from tests import factories as make
from tests.installation import Installation, installation
from tests.world import World, build_world

PATIENCE_SECONDS = 60
Event = tuple[str, str]


@pytest.fixture
def morning() -> None:
    """The processes have a clock of their own, so here it is what it is."""


@pytest.fixture
def podium(own_database: str, tmp_path: Path) -> Iterator[Installation]:
    with installation(own_database, tmp_path) as running:
        yield running
    assert running.errors() == []


class Reader:
    """Somebody who signed in, as far as the server can tell."""

    def __init__(self, podium: Installation, session: Session, world: World, name: str) -> None:
        token = start_for_account(session, world.accounts[name].id)
        self.url = podium.url
        self.headers = {
            "cookie": f"{cookie_name(podium.settings)}={token}",
            "sec-fetch-site": "same-origin",
            "accept-language": "en",
        }

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(f"{self.url}{path}", headers=self.headers, timeout=PATIENCE_SECONDS)

    def post(self, path: str) -> httpx2.Response:
        return httpx2.post(f"{self.url}{path}", headers=self.headers, timeout=PATIENCE_SECONDS)

    def events(self, run_id: UUID) -> Iterator[Event]:
        """What arrives, as it arrives."""
        address = f"{self.url}/runs/{run_id}/progress"
        with httpx2.stream("GET", address, headers=self.headers, timeout=PATIENCE_SECONDS) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            name = ""
            for line in stream.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    yield name, value


def test_it_works(podium: Installation) -> None:
    """Asked on the page, computed by the worker, and the stream says when it is done."""
    with podium.begin() as session:
        world = build_world(session)
        farida = Reader(podium, session, world, "farida")

    asked = farida.post(f"/programmes/{world.programme.id}/runs")
    run_id = UUID(asked.headers["location"].rpartition("/")[2])
    events = list(farida.events(run_id))

    assert events[-1] == ("done", "done")
    with podium.begin() as session:
        run = session.exec(select(Run)).one()
        assert (run.id, run.status) == (run_id, RunStatus.DONE)
    assert "For the record" in farida.get(f"/runs/{run_id}").text


def test_each_step_is_told_until_the_end(podium: Installation) -> None:
    with podium.begin() as session:
        world = build_world(session)
        farida = Reader(podium, session, world, "farida")
        # As if another worker had it: ours leaves it alone.
        elsewhere = clock.now() + timedelta(hours=1)
        run = make.make_run(
            session,
            world.programme,
            status=RunStatus.RUNNING,
            due_at=elsewhere,
            finished_at=None,
            steps_done=3,
            steps_total=10,
        )
    events = farida.events(run.id)

    assert heard(events, 3) == {"value": 3, "max": 10, "text": "Busy"}
    with podium.begin() as session:
        session.get_one(Run, run.id).steps_done = 7
    assert heard(events, 7)["value"] == 7
    with podium.begin() as session:
        session.get_one(Run, run.id).status = RunStatus.STOPPED
    *_, last = events
    assert last == ("done", "done")


def heard(events: Iterator[Event], value: int) -> dict[str, object]:
    """The first event with this value; those before it told what was before."""
    for name, text in events:
        told: dict[str, object] = json.loads(text)
        assert name == "progress"
        if told["value"] == value:
            return told
    raise AssertionError("the stream ended")


def test_to_others_there_is_no_stream(podium: Installation) -> None:
    with podium.begin() as session:
        world = build_world(session)
        run = make.make_run(session, world.programme)
        readers = [Reader(podium, session, world, name) for name in ("joost", "marieke", "els")]

    assert {reader.get(f"/runs/{run.id}/progress").status_code for reader in readers} == {404}


def test_a_person_keeps_only_so_many_streams_open(podium: Installation) -> None:
    with podium.begin() as session:
        world = build_world(session)
        farida = Reader(podium, session, world, "farida")
        elsewhere = clock.now() + timedelta(hours=1)
        run = make.make_run(
            session, world.programme, status=RunStatus.RUNNING, due_at=elsewhere, finished_at=None
        )
    streams = [farida.events(run.id) for _number in range(MOST_STREAMS)]
    for stream in streams:
        next(stream)

    refused = farida.get(f"/runs/{run.id}/progress")

    assert refused.status_code == 429
    with podium.begin() as session:
        session.get_one(Run, run.id).status = RunStatus.STOPPED
    assert [list(stream)[-1] for stream in streams] == [("done", "done")] * MOST_STREAMS
    assert list(farida.events(run.id)) == [("done", "done")]


def test_a_stream_is_no_slow_request(podium: Installation) -> None:
    with podium.begin() as session:
        world = build_world(session)
        farida = Reader(podium, session, world, "farida")
        elsewhere = clock.now() + timedelta(hours=1)
        run = make.make_run(
            session, world.programme, status=RunStatus.RUNNING, due_at=elsewhere, finished_at=None
        )
    events = farida.events(run.id)
    for _look in range(1 + int(SLOW_SECONDS / LOOK_EVERY_SECONDS) + 1):
        next(events)
    with podium.begin() as session:
        session.get_one(Run, run.id).status = RunStatus.STOPPED
    assert list(events)[-1] == ("done", "done")

    farida.get("/runs")

    slow = [line for line in podium.log_of("web").read_text().splitlines() if "slow_request" in line]
    assert not [line for line in slow if "/progress" in line]
