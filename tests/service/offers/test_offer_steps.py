"""The form of an offer in steps: each page saves its own questions and leaves the others as they are."""

from datetime import date

import pytest
from sqlmodel import Session, select

from service.offers.models import Offer, OfferStatus
from service.offers.schemas import OfferForm
from service.offers.steps import STEPS, step_of
from service.reference.models import UnknownWord
from tests import factories as make
from tests.conftest import Browser
from tests.world import World

WHAT = {"kind": "orientation_placement", "title": "Kijken in de werkplaats", "text": "Je sleutelt mee."}
DIRECTION = {"sectors": ["MOB"], "words": "lassen"}
WHEN = {"positions": "2", "starts_on": "2027-03-01", "ends_on": "2027-03-05", "weekdays": ["1", "3"]}
SAFETY = {f"z_{number}": "no" for number in range(1, 18)} | {
    "observe_only": "no",
    "supervised": "yes",
    "supervisor_name": "Kees Jansen",
}
AUDIENCE = {"tracks": ["BB"], "practical": "Neem een broodje mee."}


def made(session: Session) -> Offer:
    offer = session.exec(select(Offer).where(Offer.title == WHAT["title"])).one()
    session.refresh(offer)
    return offer


def start(client: Browser, session: Session, world: World) -> str:
    client.acting_as(world.mechanic).post("/offers/new", data=WHAT)
    return f"/offers/{made(session).id}"


def test_it_works(client: Browser, session: Session, world: World) -> None:
    """Five pages, and then the page that shows it all and has the button to publish."""
    client.acting_as(world.mechanic)
    first = client.get("/offers/new").text
    assert "Step 1 of 5" in first
    assert 'name="title"' in first
    assert 'name="positions"' not in first

    answer = client.post("/offers/new", data=WHAT)
    path = f"/offers/{made(session).id}"
    for name, typed in (
        ("direction", DIRECTION),
        ("when", WHEN),
        ("safety", SAFETY),
        ("audience", AUDIENCE),
    ):
        assert answer.headers["location"] == f"{path}/steps/{name}"
        assert client.get(answer.headers["location"]).status_code == 200
        answer = client.post(answer.headers["location"], data=typed)

    assert answer.headers["location"] == path
    assert f'action="{path}/publish"' in client.get(path).text
    offer = made(session)
    assert (offer.kind, offer.text, offer.sectors) == (WHAT["kind"], WHAT["text"], ["MOB"])
    assert (offer.tags, offer.positions, offer.weekdays) == (["welder"], 2, [1, 3])
    assert (offer.starts_on, offer.supervisor_name) == (date(2027, 3, 1), "Kees Jansen")
    assert offer.hazards == {f"Z-{number}": False for number in range(1, 18)}
    assert (offer.tracks, offer.practical) == (["BB"], AUDIENCE["practical"])


def test_each_question_stands_on_one_page() -> None:
    placed = [field for step in STEPS.values() for field in step.fields]

    assert sorted(placed) == sorted(OfferForm.model_fields)
    assert step_of("z_3").name == "safety"


def test_going_back_shows_what_was_typed(client: Browser, session: Session, world: World) -> None:
    path = start(client, session, world)
    client.post(f"{path}/steps/direction", data=DIRECTION)

    when = client.get(f"{path}/steps/when").text
    assert f'href="{path}/steps/direction"' in when
    assert 'name="positions" value="1"' in when or 'value="1"' in when
    assert WHAT["text"] in client.get(f"{path}/steps/what").text
    client.post(f"{path}/steps/what", data=WHAT | {"text": "Je mag alles vragen."})

    offer = made(session)
    assert (offer.text, offer.sectors, offer.tags) == ("Je mag alles vragen.", ["MOB"], ["welder"])


def test_what_is_unticked_on_its_page_is_gone(client: Browser, session: Session, world: World) -> None:
    path = start(client, session, world)
    client.post(f"{path}/steps/when", data=WHEN)
    client.post(f"{path}/steps/when", data={name: said for name, said in WHEN.items() if name != "weekdays"})

    assert made(session).weekdays == []


def test_what_is_wrong_is_said_beside_the_question(client: Browser, session: Session, world: World) -> None:
    path = start(client, session, world)

    answer = client.post(f"{path}/steps/when", data=WHEN | {"ends_on": "2027-02-01"})

    assert answer.status_code == 422
    assert "The last day comes before the first day." in answer.text
    assert 'href="#field-ends_on"' in answer.text
    assert made(session).starts_on is None
    first = client.post("/offers/new", data={"kind": "bpv"})
    assert (first.status_code, "Step 1 of 5" in first.text) == (422, True)


def test_what_it_breaks_on_another_page_is_said_too(client: Browser, session: Session, world: World) -> None:
    """What is published stays publishable; no error leads to a question that is not there."""
    offer = world.bakery_offer
    offer.supervisor_name = "Els"
    session.add(offer)
    path = f"/offers/{offer.id}/steps"
    client.acting_as(world.baker)

    beside = client.post(f"{path}/direction", data={"words": ""})
    assert (beside.status_code, 'href="#field-sectors"' in beside.text) == (422, True)
    offer.supervisor_name = ""
    session.add(offer)
    session.flush()
    above = client.post(f"{path}/what", data=WHAT)

    assert above.status_code == 422
    assert "See «Safety»: Fill in who is there all the time." in above.text
    assert "#field-supervisor_name" not in above.text
    session.refresh(offer)
    assert (offer.status, offer.sectors) == (OfferStatus.PUBLISHED, ["HORECA"])


def test_the_law_speaks_at_the_step_about_safety(client: Browser, session: Session, world: World) -> None:
    path = start(client, session, world)

    shown = client.get(f"{path}/steps/safety").text

    assert "17 questions about safety are still open" in shown
    assert f'<input type="hidden" name="kind" value="{WHAT["kind"]}">' in shown


def test_a_whole_form_at_once_goes_to_the_last_look(client: Browser, session: Session, world: World) -> None:
    client.acting_as(world.mechanic)
    page = client.get("/offers/new?whole=yes").text
    assert all(f'name="{name}"' in page for name in ("title", "sectors", "positions", "z_1", "practical"))

    answer = client.post("/offers/new", data=WHAT | DIRECTION | WHEN | SAFETY | AUDIENCE)

    assert answer.headers["location"] == f"/offers/{made(session).id}"


def test_words_that_nobody_knows_are_counted(client: Browser, session: Session, world: World) -> None:
    """Also those of somebody who types another word then; the name of the host is no word of work."""
    path = start(client, session, world)

    answer = client.post(f"{path}/steps/direction", data={"words": "blorpen, garage"})

    assert answer.status_code == 422
    session.expire_all()
    assert session.exec(select(UnknownWord.word)).all() == ["blorpen"]
    client.post(f"{path}/steps/direction", data={"words": "blorpen", "meant": "blorpen="})
    assert len(session.exec(select(UnknownWord)).all()) == 1
    assert made(session).tags == []


@pytest.mark.parametrize("step", STEPS)
def test_who_may_not(client: Browser, session: Session, world: World, step: str) -> None:
    draft = make.make_offer(session, world.garage, status=OfferStatus.DRAFT)
    path = f"/offers/{draft.id}/steps/{step}"

    assert client.acting_as(world.baker).get(path).status_code == 404
    assert client.post(path, data={}).status_code == 404
    assert client.acting_as(world.mechanic).get(f"/offers/{draft.id}/steps/price").status_code == 404
