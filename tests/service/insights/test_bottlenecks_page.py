"""The pages and the JSON of bottlenecks: who sees what, in which state, and what a file holds."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from service.core.actor import Actor
from service.core.i18n import speaking
from service.core.jobs import Begin
from service.core.sheets import read_table
from service.home.queries import tasks_of
from service.insights import actions, engine, wording
from service.insights.jobs import compute_analysis
from service.insights.models import Analysis, Bottleneck, Scope
from service.insights.queries import find_analysis
from service.youth.models import Youth
from tests import factories as make
from tests.conftest import Browser
from tests.service.insights.conftest import Work
from tests.world import World

SENTENCE = "5 youths together have only 2 positions within reach that suit a wish: care, within 10 minutes"


@pytest.fixture
def address(world: World) -> str:
    return f"/bottlenecks/{world.programme.id}"


def test_it_works(client: Browser, world: World, address: str, carers: list[Youth], work_out: Work) -> None:
    work_out()
    client.acting_as(world.coordinator)

    assert client.get("/bottlenecks").headers["location"] == address
    page = client.get(address)

    assert page.status_code == 200
    assert SENTENCE in page.text
    assert "However it is divided, 3 stay without something that suits a wish." in page.text
    assert "within reach suits a wish, and no other." in page.text
    assert "and to no other" not in page.text, "they can go elsewhere, where no wish leads to"
    assert "everybody can have something that suits a wish. With fewer that cannot be." in page.text
    assert "As of" in page.text
    assert "Nobody is left out" not in page.text
    # Anything at all: one too few.
    anything = client.get(address, params={"scope": "any"}).text
    assert "7 youths together have only 6 positions within reach:" in anything
    assert "However it is divided, 1 stay without." in anything
    assert "and to no other" in anything
    assert "stay without something" not in anything
    assert "have something that suits" not in anything


def test_names_are_behind_a_link_and_never_in_it(
    client: Browser, session: Session, world: World, address: str, carers: list[Youth], work_out: Work
) -> None:
    work_out()
    (care,) = session.exec(select(Bottleneck).where(Bottleneck.scope == Scope.WISH)).all()
    client.acting_as(world.coordinator)

    page = client.get(address).text
    assert f'href="/bottlenecks/youths/{care.id}"' in page
    assert not [youth for youth in carers if youth.first_name in page]
    listed = client.get(f"/bottlenecks/youths/{care.id}").text
    assert [youth.first_name for youth in carers if youth.first_name not in listed] == []
    assert world.noor.external_id not in listed


def test_nobody_is_left_out(client: Browser, world: World, address: str, work_out: Work) -> None:
    work_out()
    page = client.acting_as(world.coordinator).get(address).text
    assert "Nobody is left out" in page
    assert "Whom to ask" not in page


def test_nobody_waits(client: Browser, session: Session, world: World, address: str, work_out: Work) -> None:
    for youth in (world.noor, world.yassin):
        session.delete(youth)
    session.flush()
    work_out()
    assert "Nobody waits" in client.acting_as(world.coordinator).get(address).text


def test_before_the_first_run_it_says_so(client: Browser, world: World, address: str) -> None:
    client.acting_as(world.coordinator)
    assert "Nothing has been worked out yet" in client.get(address).text
    assert "Nothing has been counted yet" in client.get(f"/fairness/{world.programme.id}").text
    assert "There is no finished run yet" in client.post(f"{address}/renew").text


def test_while_the_worker_is_busy_the_page_asks_again(
    client: Browser, world: World, address: str, carers: list[Youth], work_out: Work, begin: Begin
) -> None:
    work_out()
    client.acting_as(world.coordinator)
    assert client.post(f"{address}/renew").headers["location"] == address

    page = client.get(address).text
    assert "We are working it out" in page
    assert f'hx-get="{address}?scope=wish"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Work it out again" not in page
    assert SENTENCE in page, "what was found before stays"
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="results"')

    assert compute_analysis(begin)
    assert "We are working it out" not in client.get(address).text


def test_what_failed_is_told_with_what_to_do(
    client: Browser,
    session: Session,
    world: World,
    address: str,
    work_out: Work,
    begin: Begin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work_out()

    def refuse(*_anything: object) -> None:
        raise engine.EngineFault("no")

    actions.renew_analysis(session, world.coordinator, world.programme.id)
    monkeypatch.setattr(engine, "find_bottlenecks", refuse)
    assert compute_analysis(begin)
    assert "It could not be worked out" in client.acting_as(world.coordinator).get(address).text


def test_what_is_not_whole_or_not_finished_is_told(
    client: Browser, session: Session, world: World, address: str, carers: list[Youth], work_out: Work
) -> None:
    analysis = work_out()
    analysis.is_whole = False
    analysis.lists = {"wish": {"left": 2, "is_complete": False}}
    session.add(analysis)

    page = client.acting_as(world.coordinator).get(address).text

    assert "looked at the best of each youth only" in page
    assert "There was no time to finish this list" in page
    assert "2 youths are helped by no new position" in page


def test_decisions_since_are_counted(
    client: Browser, session: Session, world: World, address: str, carers: list[Youth], work_out: Work
) -> None:
    analysis = work_out()
    run = make.make_run(session, world.programme)
    make.make_suggestion(
        session, run, world.noor, world.bakery_offer, status="approved", decided_at=analysis.created_at
    )
    assert "Since then" not in client.acting_as(world.coordinator).get(address).text
    make.make_suggestion(
        session,
        run,
        world.yassin,
        world.garage_offer,
        status="approved",
        decided_at=analysis.run_finished_at,
    )
    analysis.computed_at = analysis.created_at.replace(year=2025)
    session.add(analysis)
    assert "Since then 2 decisions were taken." in client.get(address).text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_recruiting_list_goes_out_as_a_file(
    client: Browser, world: World, address: str, carers: list[Youth], work_out: Work, kind: str
) -> None:
    work_out()

    answer = client.acting_as(world.coordinator).get(f"{address}/recruiting-list/{kind}")

    assert f'filename="podium-nieuw-west-wish.{kind}"' in answer.headers["content-disposition"]
    (row,) = read_table(f"list.{kind}", answer.content).rows
    assert list(row.cells.values()) == ["Care, welfare, sport and childcare", "1068", "Amsterdam", "3", "5"]


def test_json_tells_the_same(client: Browser, world: World, carers: list[Youth], work_out: Work) -> None:
    work_out()
    client.acting_as(world.coordinator)
    at = f"/api/v1/programmes/{world.programme.id}"

    found = client.get(f"{at}/bottlenecks").json()
    assert (found["status"], found["shortage"]) == ("done", {"wish": 3, "any": 1})
    care = found["bottlenecks"][0]
    assert (care["youths"], care["positions"], care["shortage"], care["minutes"]) == (5, 2, 3, 10)
    assert care["sectors"] == [{"code": "ZORG", "youths": 5}]
    assert care["text"].startswith(SENTENCE)
    listed = client.get(f"{at}/recruiting-list").json()
    assert listed["is_complete"] == {"wish": True, "any": True}
    assert [(one["sector"], one["positions"]) for one in listed["recruits"] if one["scope"] == "wish"] == [
        ("ZORG", 3)
    ]


def test_before_a_run_json_is_empty_too(client: Browser, world: World) -> None:
    client.acting_as(world.coordinator)
    at = f"/api/v1/programmes/{world.programme.id}"
    assert client.get(f"{at}/bottlenecks").json()["status"] is None
    assert client.get(f"{at}/recruiting-list").json()["recruits"] == []
    assert client.get(f"{at}/audit").json()["overall"] is None


def test_the_first_page_links_to_it_with_a_figure(
    session: Session, world: World, carers: list[Youth], work_out: Work
) -> None:
    assert "/bottlenecks" not in [task.href for task in tasks_of(session, world.coordinator)]
    work_out()
    (task,) = [task for task in tasks_of(session, world.coordinator) if task.href == "/bottlenecks"]
    assert task.number == 3
    assert "/bottlenecks" not in [task.href for task in tasks_of(session, world.other_coordinator)]


# Who may not.


@pytest.mark.parametrize("name", ["teacher", "mentor"])
def test_a_school_sees_how_many_of_its_own_and_nothing_else(
    client: Browser,
    session: Session,
    world: World,
    address: str,
    carers: list[Youth],
    work_out: Work,
    name: str,
) -> None:
    second_school = make.make_school(session, name="Zorgschool")
    second_class = make.make_class(session, second_school, programme_id=world.programme.id)
    for _number in range(4):
        make.make_youth(session, second_class, wishes=["ZORG"], profile="zw")
    work_out()
    (care,) = session.exec(select(Bottleneck).where(Bottleneck.scope == Scope.WISH)).all()
    assert care.seekers == 9

    page = client.acting_as(world.everybody[name]).get(address)

    assert page.status_code == 200
    assert '<td data-label="Your youths" class="number">5</td>' in page.text
    # Of the nine in it nothing is told, nor whose the other four are.
    assert ">9<" not in page.text
    assert "9 youths" not in page.text
    assert "Zorgschool" not in page.text
    assert str(care.id) not in page.text


def test_a_school_with_nobody_in_it_hears_that(
    client: Browser, session: Session, world: World, address: str, work_out: Work
) -> None:
    work_out()
    assert "None of your youths is in a bottleneck" in client.acting_as(world.teacher).get(address).text


@pytest.mark.parametrize("name", ["teacher", "mentor", "baker", "noor_herself", "other_coordinator", "guest"])
def test_numbers_of_all_and_names_are_for_nobody_else(
    client: Browser,
    session: Session,
    world: World,
    address: str,
    carers: list[Youth],
    work_out: Work,
    name: str,
) -> None:
    work_out()
    care = session.exec(select(Bottleneck)).first()
    assert care is not None
    client.acting_as(Actor() if name == "guest" else world.everybody[name])
    api = f"/api/v1/programmes/{world.programme.id}"

    for path in (
        f"{address}/recruiting-list/csv",
        f"/bottlenecks/youths/{care.id}",
        f"/fairness/{world.programme.id}",
        f"{api}/bottlenecks",
        f"{api}/recruiting-list",
        f"{api}/audit",
    ):
        answer = client.get(path)
        sent_away = answer.status_code == 303 and "/sign-in" in answer.headers["location"]
        assert answer.status_code in {401, 403, 404} or sent_away, path
    assert client.post(f"{address}/renew").status_code in {303, 401, 403, 404}
    analysis = find_analysis(session, world.programme.id)
    assert analysis is not None
    assert not analysis.is_going


def test_somebody_elses_programme_does_not_exist(
    client: Browser, world: World, address: str, work_out: Work
) -> None:
    work_out()
    client.acting_as(world.other_coordinator)
    assert client.get(address).status_code == 404
    assert client.get(f"/fairness/{world.programme.id}").status_code == 404


def test_an_administrator_sees_numbers_and_no_youths(
    client: Browser, session: Session, world: World, address: str, carers: list[Youth], work_out: Work
) -> None:
    work_out()
    care = session.exec(select(Bottleneck)).first()
    assert care is not None
    client.acting_as(world.admin)

    page = client.get(address).text
    assert "positions short" in page
    assert "5 youths together" not in page, "fewer than ten"
    assert "Who they are" not in page
    assert "Work it out again" not in page
    assert client.get(f"/bottlenecks/youths/{care.id}").status_code == 403
    assert client.post(f"{address}/renew").status_code == 403


def test_pages_ask_the_database_as_often_for_many_bottlenecks(
    client: Browser,
    session: Session,
    world: World,
    address: str,
    carers: list[Youth],
    work_out: Work,
    count_queries: Callable[[], object],
) -> None:
    work_out()
    client.acting_as(world.coordinator)

    def asked() -> int:
        with count_queries() as counted:  # type: ignore[attr-defined]
            assert client.get(address).status_code == 200
        return int(counted.number)

    few = asked()
    analysis = find_analysis(session, world.programme.id)
    assert analysis is not None
    for number in range(2, 30):
        session.add(
            Bottleneck(
                analysis_id=analysis.id,
                scope=Scope.WISH,
                number=number,
                seekers=2,
                offers=1,
                positions=1,
                shortage=1,
                sectors=[["ICT", 2]],
                pc4s=[["1067", 1], ["1068", 1]],
                minutes=20,
            )
        )
    session.commit()
    assert asked() == few
    assert "Page 1 of 3" in client.get(address).text


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope.WISH, "No offer that suits a wish is allowed, within reach and free for them."),
        (Scope.ANY, "No offer is allowed, within reach and free for them."),
    ],
)
def test_the_proof_of_nothing_is_that_of_its_view(scope: Scope, said: str) -> None:
    one = Bottleneck(
        analysis_id=uuid4(),
        scope=scope,
        number=1,
        seekers=3,
        offers=0,
        positions=0,
        shortage=3,
        pc4s=[["1068", 3]],
    )

    with speaking("en"):
        assert wording.proof(one) == said


@pytest.mark.parametrize(
    ("told", "is_whole", "said"),
    [
        ({}, True, "With these new positions nobody is left out. With fewer that cannot be."),
        ({}, False, "With these new positions nobody is left out."),
        ({"left": 2}, True, "With these new positions nobody else is left out. With fewer that cannot be."),
        ({"is_complete": False, "left": 2}, True, "These new positions help."),
    ],
)
def test_a_list_promises_no_more_than_was_worked_out(
    told: dict[str, object], is_whole: bool, said: str
) -> None:
    analysis = Analysis(programme_id=uuid4(), lists={"any": told}, is_whole=is_whole)

    with speaking("en"):
        assert wording.promise(analysis, Scope.ANY) == said
