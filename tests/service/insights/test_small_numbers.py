"""What an administrator learns of bottlenecks: numbers of ten youths and more, and nothing they wish."""

import pytest
from sqlmodel import Session, select

from service.insights.models import Analysis, Bottleneck, Recruit, Scope
from service.insights.queries import find_analysis
from tests.conftest import Browser
from tests.service.insights.conftest import Work
from tests.world import World


@pytest.fixture
def analysis(session: Session, world: World, work_out: Work) -> Analysis:
    """A bottleneck of two and one of twelve, each with a line of the recruiting list; one youth is left."""
    work_out()
    found = find_analysis(session, world.programme.id)
    assert found is not None
    for number, many in ((101, 2), (102, 12)):
        session.add(
            Bottleneck(
                analysis_id=found.id,
                scope=Scope.WISH,
                number=number,
                seekers=many,
                offers=1,
                positions=1,
                shortage=many - 1,
                sectors=[["TECH", many - 1], ["GROEN", 1]],
                pc4s=[["2132", 1], ["2134", many - 1]],
                minutes=20,
            )
        )
        session.add(
            Recruit(
                analysis_id=found.id,
                scope=Scope.WISH,
                number=number,
                sector="TECH" if many == 12 else "GROEN",
                pc4="2134" if many == 12 else "2132",
                positions=1,
                helps=many,
            )
        )
    found.lists = {"wish": {"left": 1, "causes": [["L-1", 1, None]], "is_complete": True}}
    found.shortage_wish = 12
    session.add(found)
    session.commit()
    return found


@pytest.mark.usefixtures("analysis")
def test_an_administrator_learns_nothing_of_a_handful(client: Browser, world: World) -> None:
    client.acting_as(world.admin)
    at = f"/api/v1/programmes/{world.programme.id}"

    (found,) = client.get(f"{at}/bottlenecks").json()["bottlenecks"]
    assert (found["youths"], found["sectors"], found["pc4s"], found["minutes"]) == (12, [], [], None)
    assert found["text"] == "12 youths"
    listed = client.get(f"{at}/recruiting-list").json()
    assert [(one["sector"], one["helps"]) for one in listed["recruits"]] == [("TECH", 12)]
    assert listed["left"]["wish"] is None


@pytest.mark.usefixtures("analysis")
def test_nor_does_the_page_or_its_files_tell(client: Browser, world: World) -> None:
    address = f"/bottlenecks/{world.programme.id}"
    client.acting_as(world.admin)

    page = client.get(address).text
    assert "12 youths" in page
    assert "only what is about ten youths or more" in page
    for told in (
        "2 youths together",
        "What they wish",
        "Where they live",
        "2132",
        "1 youth is helped by no",
        "higher age",
    ):
        assert told not in page, told
    assert "nobody is left out" not in page.lower()
    assert "2132" not in client.get(f"{address}/recruiting-list/csv").text


@pytest.mark.usefixtures("analysis")
def test_a_coordinator_of_the_programme_learns_it_all(client: Browser, world: World) -> None:
    client.acting_as(world.coordinator)
    at = f"/api/v1/programmes/{world.programme.id}"

    found = client.get(f"{at}/bottlenecks").json()["bottlenecks"]
    assert [one["youths"] for one in found if one["scope"] == "wish"][-2:] == [2, 12]
    assert client.get(f"{at}/recruiting-list").json()["left"]["wish"] == 1
    page = client.get(f"/bottlenecks/{world.programme.id}").text
    assert "What they wish" in page
    assert "1 youth: The programme starts at a higher age." in page
    assert "only what is about ten youths or more" not in page


def test_where_only_a_handful_lacks_it_is_not_said_that_nobody_does(
    client: Browser, session: Session, world: World, analysis: Analysis
) -> None:
    session.delete(session.exec(select(Bottleneck).where(Bottleneck.seekers == 12)).one())
    session.commit()
    page = client.acting_as(world.admin).get(f"/bottlenecks/{world.programme.id}").text
    assert "Nobody is left out" not in page
    assert analysis.shortage_wish > 0
