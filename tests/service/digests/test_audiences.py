"""What mentors, coordinators and hosts are told: about their own class, programme or house, without names."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from service.core import clock
from service.core.i18n import speaking
from service.core.jobs import Begin, drain
from service.digests import actions, jobs, sections, wording
from service.digests.models import Audience, Digest, Rhythm, Subscription
from service.digests.sections import Span, sections_of
from service.insights.models import Analysis, AnalysisStatus, Bottleneck, Recruit, Scope
from service.mail.jobs import send_mail
from service.mail.models import Mail
from service.mail.reading import read_letter
from service.matchmaking.models import SuggestionStatus
from service.organisations.models import OrganisationKind
from service.placements.models import Placement, PlacementStatus
from service.programmes.models import ProgrammeStatus
from tests import factories as make
from tests.service.digests.conftest import MONDAY, SUNDAY, propose
from tests.world import World

TODAY = date(2027, 1, 10)
WEEK_AGO = SUNDAY - timedelta(days=7)


def span(audience: Audience, place: object) -> Span:
    return Span(audience, place.id, WEEK_AGO, clock.now(), TODAY)  # type: ignore[attr-defined]


def told(session: Session, audience: Audience, place: object) -> dict[str, dict[str, int]]:
    return {one.code: dict(one.counts) for one in sections_of(session, span(audience, place))}


def place_at_bakery(session: Session, world: World, status: PlacementStatus, **changes: object) -> Placement:
    suggestion = propose(session, world)
    suggestion.status = SuggestionStatus.APPROVED
    placement = make.make_placement(session, suggestion, world.bakery_offer, status=status, **changes)
    session.commit()
    return placement


def test_it_works_for_a_host(
    session: Session, begin: Begin, world: World, clock_at: time_machine.Traveller
) -> None:
    els = world.accounts["els"]
    actions.create_default_subscription(session, els.id, world.bakery.id, Audience.HOST)
    session.commit()
    place_at_bakery(session, world, PlacementStatus.CONFIRMED, starts_on=date(2027, 1, 20))
    place_at_bakery(session, world, PlacementStatus.ACCEPTED)
    subscription = session.exec(select(Subscription)).one()
    assert subscription.rhythm is Rhythm.FORTNIGHTLY
    assert subscription.due_at is not None
    clock_at.move_to(subscription.due_at)
    drain(jobs.JOBS[0], begin)
    send_mail(begin)
    (mail,) = session.exec(select(Mail)).all()
    letter = read_letter(begin.settings, mail)
    assert letter is not None
    assert mail.recipient == "els@example.nl"
    assert "- 1 leerling wil graag komen en wacht op je antwoord." in letter.text
    assert "- woensdag 20 januari 2027: 1 leerling van Sloterwaard College." in letter.text
    assert letter.text.splitlines()[0] == "Zeg ja of nee tegen wie graag wil komen."
    assert (
        letter.subject.strip() == "1 leerling wil graag komen en wacht op je antwoord (Bakkerij Zonnebloem)"
    )
    assert "contactpersoon bent van Bakkerij Zonnebloem" in letter.text
    assert b"Noor" not in letter.content


def test_a_host_is_thanked_with_what_the_hours_did(session: Session, world: World) -> None:
    world.bakery_offer.hours_per_day, world.bakery_offer.weekdays = 6.0, [1, 2]
    done = {"starts_on": date(2027, 1, 4), "ends_on": date(2027, 1, 8), "ended_at": SUNDAY}
    place_at_bakery(session, world, PlacementStatus.COMPLETED, **done)
    place_at_bakery(session, world, PlacementStatus.COMPLETED, ended_at=WEEK_AGO)
    assert told(session, Audience.HOST, world.bakery) == {"thanks": {"youths": 1, "hours": 12}}
    assert told(session, Audience.HOST, world.garage) == {}


def test_a_host_without_anything_is_told_nothing(session: Session, world: World) -> None:
    propose(session, world)
    assert told(session, Audience.HOST, world.bakery) == {}, "before approval a host is told nothing"


def analyse(session: Session, world: World, *recruits: tuple[str, str, int]) -> Analysis:
    """As insights leave it: nine youths short, in one bottleneck, and where new positions would help."""
    analysis = Analysis(
        programme_id=world.programme.id,
        status=AnalysisStatus.DONE,
        due_at=None,
        computed_at=clock.now(),
        shortage_wish=9,
        shortage_any=3,
    )
    session.add(analysis)
    session.flush()
    for scope, number in ((Scope.WISH, 1), (Scope.ANY, 1)):
        session.add(
            Bottleneck(
                analysis_id=analysis.id,
                scope=scope,
                number=number,
                seekers=14 if scope is Scope.WISH else 99,
                offers=2,
                positions=5,
                shortage=9,
                sectors=[["ZORG", 10], ["ICT", 4]],
                pc4s=[["1068", 9], ["1067", 5]],
                minutes=30,
            )
        )
    for number, (sector, pc4, positions) in enumerate(recruits, 1):
        session.add(
            Recruit(
                analysis_id=analysis.id,
                scope=Scope.WISH,
                number=number,
                sector=sector,
                pc4=pc4,
                positions=positions,
                helps=positions,
            )
        )
    session.commit()
    return analysis


def test_a_coordinator_is_told_of_the_programme(session: Session, world: World) -> None:
    analyse(session, world, ("ZORG", "1068", 7), ("ICT", "1067", 2))
    run = make.make_run(session, world.programme)
    make.make_school_request(session, world.programme, world.school_class)
    make.make_suggestion(session, run, world.noor, world.bakery_offer)
    session.commit()
    assert told(session, Audience.PROGRAMME, world.programme) == {
        "to_decide": {"youths": 1, "new": 1},
        "requests": {"requests": 1},
        "nothing_yet": {"youths": 1},
        "bottlenecks": {"short": 9},
        "recruits": {"positions": 9},
    }
    assert told(session, Audience.PROGRAMME, world.other_programme) == {"nothing_yet": {"youths": 1}}


def test_a_coordinator_reads_what_the_pages_of_bottlenecks_say(session: Session, world: World) -> None:
    analyse(session, world, ("ZORG", "1068", 7), ("", "1067", 2))
    found = {one.code: one for one in sections_of(session, span(Audience.PROGRAMME, world.programme))}
    with speaking("nl"):
        assert wording.sentences(found["bottlenecks"].as_json()) == [
            "Er zijn 9 plekken te weinig die bij een wens passen.",
            "14 leerlingen hebben samen maar 5 plekken: zorg en ICT rond 1068 Amsterdam.",
        ]
        assert wording.sentences(found["recruits"].as_json()) == [
            "7 plekken rond 1068 Amsterdam: zorg.",
            "2 plekken rond 1067 Amsterdam: elke sector.",
        ]
    for code in ("bottlenecks", "recruits"):
        assert found[code].path == f"/bottlenecks/{world.programme.id}"
    assert found["recruits"].invite == "/organisations/new"


def test_a_partner_is_asked_to_look_around(session: Session, world: World) -> None:
    """Exact from five, else only that it is fewer; nothing of what is far away, and nothing to a company."""
    analyse(session, world, ("ZORG", "1068", 7), ("ICT", "1067", 4), ("TECH", "9711", 40))
    partner = make.make_organisation(session, kind=OrganisationKind.PARTNER, name="Wijkraad")
    session.commit()
    (section,) = sections_of(session, span(Audience.HOST, partner))
    assert (section.code, dict(section.counts)) == ("wanted", {"ZORG": 7})
    assert "4" not in str(section.as_json())
    with speaking("nl"):
        assert wording.sentences(section.as_json()) == [
            "We zoeken nog 7 plekken binnen 30 minuten: zorg.",
            "We zoeken nog minder dan 5 plekken binnen 30 minuten: ICT.",
        ]
    assert told(session, Audience.HOST, world.bakery) == {}


def test_a_partner_is_told_once_of_what_was_found_out(session: Session, world: World) -> None:
    analysis = analyse(session, world, ("ZORG", "1068", 7))
    partner = make.make_organisation(session, kind=OrganisationKind.MUNICIPALITY, name="Gemeente")
    analysis.computed_at = WEEK_AGO
    session.commit()
    assert told(session, Audience.HOST, partner) == {}
    analysis.computed_at = SUNDAY
    world.programme.status = ProgrammeStatus.CLOSED
    session.commit()
    assert told(session, Audience.HOST, partner) == {}, "nothing is looked for any more"


def test_a_mentor_is_told_of_the_class_only(session: Session, world: World) -> None:
    other_class = make.make_class(session, world.school, programme_id=world.programme.id)
    make.make_youth(session, other_class)
    propose(session, world)
    assert told(session, Audience.CLASS, world.school_class) == {
        "nothing_yet": {"youths": 1},
        "proposals": {"youths": 1, "new": 1},
    }
    assert told(session, Audience.CLASS, other_class) == {"nothing_yet": {"youths": 1}}


@pytest.mark.parametrize(
    ("placed_before", "placed_now", "expected"),
    [
        (0, 2, None),
        (0, 3, {"half": 3}),
        (3, 1, None),
        (3, 2, {"three_quarters": 5}),
        (0, 6, {"all": 6}),
        (6, 0, None),
    ],
)
def test_a_class_celebrates_once(
    session: Session, world: World, placed_before: int, placed_now: int, expected: dict[str, int] | None
) -> None:
    world.bakery_offer.positions = 20
    school_class = make.make_class(session, world.school)
    members = [make.make_youth(session, school_class) for _ in range(6)]
    for number, youth in enumerate(members[: placed_before + placed_now]):
        run = make.make_run(session, world.programme)
        suggestion = make.make_suggestion(session, run, youth, world.bakery_offer, status="approved")
        answered = WEEK_AGO if number < placed_before else SUNDAY
        make.make_placement(
            session, suggestion, world.bakery_offer, status="confirmed", host_answered_at=answered
        )
    session.commit()
    found = sections.milestone(session, span(Audience.CLASS, school_class))
    assert (dict(found.counts) if found else None) == expected


def test_a_small_class_is_not_singled_out(session: Session, world: World) -> None:
    place_at_bakery(session, world, PlacementStatus.CONFIRMED, host_answered_at=SUNDAY)
    assert sections.milestone(session, span(Audience.CLASS, world.school_class)) is None


def test_what_waits_for_longer_than_a_week_is_late(session: Session, world: World) -> None:
    longer = SUNDAY - timedelta(days=8)
    place_at_bakery(session, world, PlacementStatus.ACCEPTED, youth_answered_at=longer)
    place_at_bakery(session, world, PlacementStatus.ACCEPTED, youth_answered_at=SUNDAY)
    late = place_at_bakery(session, world, PlacementStatus.OFFERED)
    late.created_at = longer
    session.commit()
    assert told(session, Audience.SCHOOL, world.school)["late"] == {"youths": 1, "hosts": 1}
    assert told(session, Audience.HOST, world.bakery)["to_answer"] == {"waiting": 2, "late": 1}


def test_only_what_is_near_the_school_is_new_nearby(session: Session, world: World) -> None:
    world.garage_offer.pc4 = "9711"
    session.commit()
    assert told(session, Audience.SCHOOL, world.school)["new_offers"] == {"offers": 1}


def test_everybody_is_told_once_per_period(
    session: Session, begin: Begin, world: World, clock_at: time_machine.Traveller
) -> None:
    propose(session, world)
    drain(next(job for job in jobs.JOBS if job.step is jobs.subscribe_member), begin)
    for moment in (MONDAY, MONDAY, MONDAY + timedelta(days=7)):
        clock_at.move_to(moment)
        drain(jobs.JOBS[0], begin)
    keys = [row.key for row in session.exec(select(Digest))]
    assert len(keys) == len(set(keys))
    assert {row.audience for row in session.exec(select(Digest))} == set(Audience)
