"""Links and calendar files under attack: nothing opens that was not given, and names stay names."""

import base64
import json
from datetime import UTC, date, datetime, time
from urllib.parse import quote

import pytest
from icalendar import Calendar
from itsdangerous import URLSafeTimedSerializer
from sqlmodel import Session, col, select

from service.core.settings import Settings
from service.placements import actions, following, links
from service.placements.calendar_files import CANCEL, PUBLISH, REQUEST, Entry, calendar_file, text_of
from service.placements.models import Placement, PlacementStatus, Question, QuestionKind
from service.placements.questions import ask
from service.placements.readers import address_of
from service.placements.schemas import DaysInput
from tests import factories as make
from tests.conftest import Browser
from tests.service.placements.conftest import Place
from tests.service.placements.test_keep_asking import contact_of
from tests.world import World

ACTS = ("yes", "no", "other-days", "never", "later", "stop")
RTL, EMOJI = "\u202e\u05d0\u05d1", "\U0001f9d1\U0001f3fd\u200d\U0001f373"
WORST = (
    "Bakken\r\nATTENDEE:mailto:kwaad@example.nl",
    "Bakken\nEND:VEVENT\nBEGIN:VEVENT\nUID:vals",
    "Bakken; koken, bakken\\n en \\, meer",
    f"{EMOJI * 40} {RTL} bakken",
    "\u00e9" * 200,
    "a" * 74 + "\u20ac\u20ac",
    'Aan de "Ring":10%3b',
    "\u2028regel\u2029\x0b\x0c\x1c\x85einde",
)


@pytest.fixture
def secret(settings: Settings) -> str:
    return settings.secret_key.get_secret_value()


@pytest.fixture
def accepted(session: Session, world: World, place: Place) -> Placement:
    placement = place()
    actions.accept_placement(session, world.noor_herself, placement.id)
    session.commit()
    return placement


def question_of(session: Session, placement: Placement) -> Question:
    found = session.exec(
        select(Question).where(Question.placement_id == placement.id, col(Question.answered_at).is_(None))
    ).one()
    session.refresh(found)
    return found


def token_of(session: Session, secret: str, question: Question) -> str:
    return links.token_of(secret, question, address_of(session, question))


def status_of(session: Session, placement: Placement) -> PlacementStatus:
    session.refresh(placement)
    return placement.status


def test_only_whole_tokens_work(session: Session, client: Browser, secret: str, accepted: Placement) -> None:
    """Cut off at each place, and with each letter changed: none of a few hundred does anything."""
    token = token_of(session, secret, question_of(session, accepted))
    cut = [token[:length] for length in range(0, len(token), 7)]
    changed = [
        token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token) - 1)
    ]

    for wrong in (*cut, *changed, token + "A", token + ".", "." + token, token.swapcase()):
        found = links.find_question(session, secret, QuestionKind.HOST_ANSWER, wrong)
        assert found is None, wrong


def test_a_program_that_asks_for_the_head_answers_nothing(
    session: Session, client: Browser, secret: str, accepted: Placement
) -> None:
    question = question_of(session, accepted)
    path = links.path_of(secret, question, address_of(session, question))

    seen = client.as_guest().head(path)

    assert (seen.status_code, seen.content) == (200, b"")
    assert [client.head(f"{path}/{act}").status_code for act in ACTS] == [405] * len(ACTS)
    session.refresh(question)
    assert (status_of(session, accepted), question.answered_at) == (PlacementStatus.ACCEPTED, None)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_of_another_kind_of_link_is_refused(
    session: Session, client: Browser, secret: str, accepted: Placement, act: str
) -> None:
    """A good token for the host at the addresses of youths, schools, offers and contact persons."""
    token = token_of(session, secret, question_of(session, accepted))
    client.as_guest()

    for kind in ("youth", "school", "offer", "contact"):
        assert client.post(f"/answer/{kind}/{token}/{act}", data={}).status_code in {404, 405, 422}

    assert status_of(session, accepted) is PlacementStatus.ACCEPTED


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {"id": "x"},
        [],
        ["not-a-number", 0, ""],
        ["{id}", "0", "{seal}"],
        ["{id}", 0],
        ["{id}", 0, "{seal}", "more"],
        ["{id}", 0, "wrong seal"],
        ["{id}", 1, "{seal}"],
        ["{id}", -1, "{seal}"],
        ["00000000000000000000000000000000", 0, "{seal}"],
        ["{id}" * 1000, 0, "{seal}"],
    ],
)
def test_what_is_signed_well_but_says_something_else(
    session: Session, client: Browser, secret: str, accepted: Placement, payload: object
) -> None:
    question = question_of(session, accepted)
    seal = links._seal(address_of(session, question))  # the forger knows how it is made
    text = json.dumps(payload).replace("{id}", question.id.hex).replace("{seal}", seal)
    serializer = URLSafeTimedSerializer(secret, salt="answer-host_answer")
    token = str(serializer.dumps(json.loads(text)))

    assert client.as_guest().get(f"/answer/host/{token}").status_code == 404
    assert client.post(f"/answer/host/{token}/yes").status_code == 404
    assert status_of(session, accepted) is PlacementStatus.ACCEPTED


def test_a_token_unpacked_and_signed_anew_without_the_secret(
    session: Session, client: Browser, secret: str, accepted: Placement
) -> None:
    token = token_of(session, secret, question_of(session, accepted))
    body = token.partition(".")[0]
    assert json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    for forger in ("", "secret", secret[:-1], secret + " "):
        forged = URLSafeTimedSerializer(forger or "x", salt="answer-host_answer").dumps(
            [question_of(session, accepted).id.hex, 0, ""]
        )
        assert client.as_guest().post(f"/answer/host/{forged}/yes").status_code == 404
    sign_in = str(URLSafeTimedSerializer(secret, salt="unsubscribe").dumps([1, 2, 3]))
    assert client.post(f"/answer/host/{sign_in}/yes").status_code == 404
    assert status_of(session, accepted) is PlacementStatus.ACCEPTED


def test_a_token_speaks_for_one_person_and_one_placement(
    session: Session, world: World, client: Browser, secret: str, place: Place, accepted: Placement
) -> None:
    """Noor's slip says nothing for Yassin, and the baker's mail opens nothing else of the baker."""
    other = place(youth=world.yassin)
    slip = links.token_of(secret, ask(session, other))
    session.commit()
    client.as_guest()

    client.post(f"/answer/youth/{slip}/yes")

    assert status_of(session, other) is PlacementStatus.ACCEPTED
    token = token_of(session, secret, question_of(session, accepted))
    client.post(f"/answer/host/{token}/yes", data={})
    assert status_of(session, accepted) is PlacementStatus.CONFIRMED
    assert status_of(session, other) is PlacementStatus.ACCEPTED
    assert client.get("/placements").status_code in {303, 403}
    assert client.get(f"/placements/{other.id}").status_code in {303, 403, 404}


def test_days_that_changed_end_the_links_of_before(
    session: Session, world: World, client: Browser, secret: str, accepted: Placement
) -> None:
    """The page was open for the days of before; a yes to them is no yes to the new ones."""
    before = token_of(session, secret, question_of(session, accepted))
    week = DaysInput(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))
    following.change_days(session, world.teacher, accepted.id, week)
    session.commit()

    assert client.as_guest().post(f"/answer/host/{before}/yes", data={}).status_code == 404
    assert status_of(session, accepted) is PlacementStatus.ACCEPTED

    after = token_of(session, secret, question_of(session, accepted))
    assert "1" in client.get(f"/answer/host/{after}").text
    client.post(f"/answer/host/{after}/yes", data={})
    assert status_of(session, accepted) is PlacementStatus.CONFIRMED


def test_a_contact_who_is_gone_answers_nothing(
    session: Session, world: World, client: Browser, secret: str, accepted: Placement
) -> None:
    question = question_of(session, accepted)
    token = token_of(session, secret, question)
    session.delete(contact_of(session, world.bakery))
    session.commit()

    assert client.as_guest().post(f"/answer/host/{token}/yes", data={}).status_code == 404
    assert status_of(session, accepted) is PlacementStatus.ACCEPTED


@pytest.mark.parametrize(
    "odd",
    [
        "%00",
        "%ff%fe",
        "..%2f..%2fetc",
        quote(EMOJI),
        quote(RTL),
        "a" * 20_000,
        "%0d%0aSet-Cookie:x=y",
        "<script>alert(1)</script>",
        "%25%30%30",
    ],
)
def test_odd_addresses_are_only_not_found(
    session: Session, client: Browser, secret: str, accepted: Placement, odd: str
) -> None:
    client.as_guest()
    for path in (f"/answer/host/{odd}", f"/answer/youth/{odd}", f"/calendar/{odd}.ics"):
        answer = client.get(path)
        assert answer.status_code in {400, 404, 414}, path
        assert "<script>alert" not in answer.text
        assert "set-cookie: x" not in str(answer.headers).lower()


def test_a_huge_query_and_a_huge_form_do_nothing(
    session: Session, client: Browser, secret: str, accepted: Placement
) -> None:
    path = f"/answer/host/{token_of(session, secret, question_of(session, accepted))}"
    client.as_guest()

    shown = client.get(f"{path}?done={'x' * 50_000}&" + "&".join(f"a{number}=1" for number in range(2_000)))
    assert shown.status_code == 200
    assert client.post(f"{path}/yes", data={"company_supervisor": "x" * 5_000}).status_code == 422
    assert client.post(f"{path}/yes", data={"company_supervisor": "Els", "status": "agreed"}).status_code in {
        400,
        422,
    }
    assert client.post(f"{path}/yes", data={"company_supervisor": "Bel 06 12345678"}).status_code == 422
    assert status_of(session, accepted) is PlacementStatus.ACCEPTED


@pytest.mark.parametrize(
    ("first", "last"),
    [("2027-03-01", "9999-12-31"), ("0001-01-01", "0001-01-05"), ("2027-03-01", "2100-12-31")],
)
def test_days_at_the_end_of_time_are_no_other_days(
    session: Session, client: Browser, secret: str, accepted: Placement, first: str, last: str
) -> None:
    """The school that says yes to them would meet a fault: ages and weeks end with the calendar."""
    path = f"/answer/host/{token_of(session, secret, question_of(session, accepted))}"

    answer = client.as_guest().post(f"{path}/other-days", data={"starts_on": first, "ends_on": last})

    assert answer.status_code == 422
    session.refresh(accepted)
    assert accepted.other_starts_on is None


def entry(**changes: object) -> Entry:
    values = {
        "uid": "one",
        "number": 1,
        "title": "Bakken",
        "text": "1 leerling",
        "where": "Osdorpplein 1",
        "first": date(2027, 3, 22),
        "last": date(2027, 3, 22),
        "weekdays": (),
        "starts_at": time(9),
        "ends_at": time(15, 30),
    }
    return Entry(**values | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize("method", [PUBLISH, REQUEST, CANCEL])
def test_names_in_a_calendar_file_stay_names(name: str, method: str) -> None:
    """Lines of at most 75 octets, cut between characters; and a reader gets back what was put in."""
    content = calendar_file(
        [entry(title=name, where=name, text=name)],
        method,
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
        organiser="podium@example.nl",
        attendee="els@example.nl",
        name="Podium",
    )

    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode("utf-8") is not None for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    (event,) = Calendar.from_ical(text_of(content)).walk("VEVENT")
    assert str(event["UID"]) == "one"
    assert str(event["ATTENDEE"]) == "mailto:els@example.nl"
    for field in ("SUMMARY", "LOCATION", "DESCRIPTION"):
        read = str(event[field])
        assert "".join(read.split()) == "".join(name.split())


def test_a_calendar_file_with_the_worst_names_over_the_web(
    session: Session, world: World, client: Browser, place: Place
) -> None:
    world.bakery.name = f"Bakkerij {EMOJI}; «Zon», {RTL} \\ bloem"
    offer = make.make_offer(session, world.bakery, title="Bakken, koken; en \\n meer")
    session.add(world.bakery)
    placement = place(PlacementStatus.CONFIRMED, offer=offer)

    answer = client.acting_as(world.noor_herself).get(f"/placements/{placement.id}/calendar.ics")

    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["SUMMARY"]) == f"{offer.title}, {world.bakery.name}"
    assert answer.headers["content-disposition"] == 'attachment; filename="podium.ics"'
