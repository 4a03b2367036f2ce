"""Every main page with 10,000 youths and 2,500 offers in the database: how long the slowest of twenty takes.

On demand (`pytest -m scale -s tests/scale/test_pages.py`): it fills a database first, which takes a minute.
"""

import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.engine import URL
from sqlmodel import Session, select

from service.app import create_app
from service.core.db import make_engine
from service.core.settings import Environment, Settings
from service.matchmaking.models import Suggestion
from service.placements.models import Placement
from service.youth.models import SchoolClass
from tests import databases
from tests.conftest import BASE_URL, Browser
from tests.scale import full_region
from tests.world import World

pytestmark = pytest.mark.scale

TIMES = 20
MOST_MILLISECONDS = 150
PAGES = {
    "coordinator": (
        "/",
        "/organisations",
        "/organisations?q=bedrijf",
        "/programmes",
        "/programmes/{programme}",
        "/offers",
        "/offers?page=90",
        "/offers?q=aanbod&pc4=1068",
        "/offers/{offer}",
        "/classes",
        "/classes/{class}",
        "/youths/{youth}",
        "/school-requests",
        "/runs",
        "/runs/{run}",
        "/desk",
        "/suggestions",
        "/suggestions?page=300",
        "/suggestions/{suggestion}",
        "/placements",
        "/placements/{placement}",
        "/people",
        "/digests",
        "/youths-with-nothing",
        "/bottlenecks",
        "/fairness/{programme}",
    ),
    "teacher": ("/", "/offers", "/classes", "/suggestions", "/placements", "/youths-with-nothing", "/people"),
    "baker": ("/", "/offers", "/placements", "/people"),
    "noor_herself": ("/", "/offers", "/my-suggestions", "/placements", "/profile"),
    "admin": ("/", "/organisations", "/people", "/mails", "/words"),
    "guest": ("/", "/offers", "/offers?q=horeca", "/offers/{offer}", "/programmes"),
}
JSON = (
    "organisations",
    "offers",
    "classes",
    "youths",
    "school-requests",
    "runs",
    "suggestions",
    "placements",
)


@dataclass
class Region:
    """A filled database, the cast in it, and one of each thing that has a page."""

    url: str
    world: World
    things: dict[str, object]


@pytest.fixture(scope="module")
def region(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Region]:
    if backend == "sqlite":
        path = tmp_path_factory.mktemp("region") / "podium.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield _filled(f"sqlite:///{path}")
        return
    template: URL = request.getfixturevalue("postgresql_template")
    with databases.new_postgresql(template, template.database) as url:
        yield _filled(url.render_as_string(hide_password=False))


def _filled(url: str) -> Region:
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        world, run = full_region.fill(session)

        def one(query: Any) -> object:
            return session.exec(query.limit(1)).one()

        full_classes = (SchoolClass.school_id == world.school.id, SchoolClass.id != world.school_class.id)
        things = {
            "programme": world.programme.id,
            "class": one(select(SchoolClass.id).where(*full_classes)),
            "youth": world.noor.id,
            "offer": world.bakery_offer.id,
            "run": run.id,
            "suggestion": one(select(Suggestion.id)),
            "placement": one(select(Placement.id)),
        }
    with engine.connect() as connection:
        # As every database does by itself in the night.
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    engine.dispose()
    return Region(url, world, things)


def test_the_slowest_of_twenty_is_quick(region: Region) -> None:
    settings = Settings(environment=Environment.DEVELOPMENT, base_url=BASE_URL, database_url=region.url)
    browser = Browser(
        create_app(settings),
        base_url=BASE_URL,
        follow_redirects=True,
        headers={"sec-fetch-site": "same-origin", "accept-language": "nl"},
    )
    slow = {}
    with browser:
        for name, pages in [*PAGES.items(), ("coordinator", [f"/api/v1/{name}" for name in JSON])]:
            browser = (
                browser.as_guest() if name == "guest" else browser.acting_as(region.world.everybody[name])
            )
            for page in pages:
                wall, processor = _slowest(browser, page.format(**region.things))
                sys.stdout.write(
                    f"{name:<14}{page:<32}{wall:6.0f} ms, {processor:4.0f} ms of the processor\n"
                )
                # What the processor does here is the same on a busy machine; the database may be elsewhere.
                if processor > MOST_MILLISECONDS:
                    slow[name, page] = processor
    assert slow == {}


def _slowest(browser: Browser, path: str) -> tuple[float, float]:
    """The 19th of twenty, as the 95th of a hundred, in milliseconds; the first of all is to warm up."""
    assert browser.get(path).status_code == 200, path
    spent = []
    for _time in range(TIMES):
        wall, processor = time.perf_counter(), time.process_time()
        browser.get(path)
        spent.append((time.perf_counter() - wall, time.process_time() - processor))
    walls, processors = (sorted(times) for times in zip(*spent, strict=True))
    return walls[-2] * 1000, processors[-2] * 1000
