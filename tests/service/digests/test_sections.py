"""What a school is told, section by section: counts of what is there, and nothing of other schools."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlmodel import Session

from service.core import clock
from service.core.i18n import speaking
from service.digests import sections, wording
from service.digests.models import Audience, Topic
from service.digests.phrases import PHRASES
from service.digests.sections import Section, Span, sections_of
from service.home.queries import count_youths_with_nothing
from service.matchmaking.models import Suggestion, SuggestionStatus
from service.matchmaking.queries import count_to_decide
from service.offers.models import OfferStatus
from service.placements.lifecycle import FREES_POSITION
from service.placements.models import Placement, PlacementStatus
from service.programmes.models import ProgrammeStatus
from service.youth.models import YouthStatus
from tests import factories as make
from tests.service.digests.conftest import SUNDAY, propose
from tests.world import World

WEEK_AGO = SUNDAY - timedelta(days=7)


def span_of(world: World) -> Span:
    return Span(Audience.SCHOOL, world.school.id, WEEK_AGO, clock.now(), date(2027, 1, 10))


def programme_sections(session: Session, world: World) -> list[Section]:
    span = Span(Audience.PROGRAMME, world.programme.id, WEEK_AGO, clock.now(), date(2027, 1, 10))
    return sections_of(session, span)


def counts(section: Section | None) -> dict[str, int]:
    return dict(section.counts) if section is not None else {}


def place(session: Session, world: World, status: PlacementStatus, **changes: object) -> Placement:
    suggestion = propose(session, world)
    suggestion.status = SuggestionStatus.APPROVED
    placement = make.make_placement(session, suggestion, world.bakery_offer, status=status, **changes)
    session.commit()
    return placement


def test_it_works(session: Session, world: World) -> None:
    propose(session, world)
    place(session, world, PlacementStatus.OFFERED)
    found = {section.code: dict(section.counts) for section in sections_of(session, span_of(world))}
    assert found == {
        "nothing_yet": {"youths": 1},
        "decisions": {"approved": 1},
        "proposals": {"youths": 1, "new": 1},
        "answers": {"youths": 1},
        "new_offers": {"offers": 2},
    }


def test_an_empty_school_has_no_sections(session: Session, world: World) -> None:
    world.bakery_offer.published_at = world.garage_offer.published_at = WEEK_AGO
    school = make.make_school(session)
    span = Span(Audience.SCHOOL, school.id, WEEK_AGO, clock.now(), date(2027, 1, 10))
    assert sections_of(session, span) == []


def test_proposals_of_a_closed_programme_do_not_wait(session: Session, world: World) -> None:
    propose(session, world)
    world.programme.status = ProgrammeStatus.CLOSED
    session.commit()
    assert sections.proposals(session, span_of(world)) is None


def test_an_older_proposal_waits_but_is_not_new(
    session: Session, world: World, clock_at: time_machine.Traveller
) -> None:
    suggestion = propose(session, world)
    suggestion.created_at = WEEK_AGO
    session.commit()
    assert counts(sections.proposals(session, span_of(world))) == {"youths": 1}


def test_decisions_count_each_thing_once(session: Session, world: World) -> None:
    refused = propose(session, world)
    refused.status, refused.decided_at = SuggestionStatus.REFUSED, SUNDAY
    settled = place(session, world, PlacementStatus.CONFIRMED, host_answered_at=SUNDAY)
    settled.created_at = WEEK_AGO
    off = place(session, world, PlacementStatus.DECLINED_BY_HOST, host_answered_at=SUNDAY, ended_at=SUNDAY)
    off.created_at = WEEK_AGO
    # What actions do when a host says no: the suggestion becomes a refused one.
    behind = session.get_one(Suggestion, off.suggestion_id)
    behind.status, behind.decided_at = SuggestionStatus.REFUSED, SUNDAY
    session.commit()
    assert counts(sections.decisions(session, span_of(world))) == {
        "settled": 1,
        "refused": 1,
        "fallen_through": 1,
    }


def test_decisions_of_before_are_not_told_again(session: Session, world: World) -> None:
    placement = place(session, world, PlacementStatus.CONFIRMED, host_answered_at=WEEK_AGO)
    placement.created_at = WEEK_AGO
    session.commit()
    assert sections.decisions(session, span_of(world)) is None


def test_answers_say_who_is_waited_for(session: Session, world: World) -> None:
    place(session, world, PlacementStatus.OFFERED)
    for _ in range(2):
        place(session, world, PlacementStatus.ACCEPTED)
    assert counts(sections.answers(session, span_of(world))) == {"youths": 1, "hosts": 2}


@pytest.mark.parametrize(
    ("status", "left_with_nothing"),
    [
        (PlacementStatus.OFFERED, 1),
        (PlacementStatus.COMPLETED, 1),
        (PlacementStatus.DECLINED_BY_YOUTH, 2),
        (PlacementStatus.EXPIRED, 2),
    ],
)
def test_a_placement_that_fell_through_is_nothing(
    session: Session, world: World, status: PlacementStatus, left_with_nothing: int
) -> None:
    placement = place(session, world, status)
    if status in FREES_POSITION:
        # What actions do with the proposal behind it.
        session.get_one(Suggestion, placement.suggestion_id).status = SuggestionStatus.REFUSED
        session.commit()
    assert counts(sections.nothing_yet(session, span_of(world))) == {"youths": left_with_nothing}


def test_nothing_yet_tells_who_has_not_filled_in_a_profile(session: Session, world: World) -> None:
    world.yassin.profile_done_at = None
    session.commit()
    assert counts(sections.nothing_yet(session, span_of(world))) == {"youths": 1}
    assert counts(sections.profiles(session, span_of(world))) == {"youths": 1}


def test_youths_are_counted_not_proposals(session: Session, world: World) -> None:
    """One youth with many open proposals is one youth to decide on."""
    run = make.make_run(session, world.programme)
    for rank, offer in enumerate((world.bakery_offer, world.garage_offer), 1):
        make.make_suggestion(session, run, world.noor, offer, rank=rank)
    session.commit()
    assert counts(sections.proposals(session, span_of(world))) == {"youths": 1, "new": 1}


def test_a_class_that_seeks_is_counted_as_a_class(session: Session, world: World) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(
        session, run, world.noor, world.bakery_offer, youth_id=None, class_id=world.school_class.id
    )
    session.commit()
    assert counts(sections.proposals(session, span_of(world))) == {"classes": 1}


def test_who_has_something_approved_in_the_run_does_not_wait(session: Session, world: World) -> None:
    run = make.make_run(session, world.programme)
    make.make_suggestion(session, run, world.noor, world.bakery_offer, status=SuggestionStatus.APPROVED)
    make.make_suggestion(session, run, world.noor, world.garage_offer, rank=2)
    session.commit()
    assert sections.proposals(session, span_of(world)) is None


def test_a_proposal_for_a_full_offer_does_not_wait(session: Session, world: World) -> None:
    propose(session, world)
    world.bakery_offer.status = OfferStatus.FULL
    session.commit()
    assert sections.proposals(session, span_of(world)) is None
    assert counts(sections.nothing_yet(session, span_of(world))) == {"youths": 2}


def test_the_counts_are_those_of_the_first_page(session: Session, world: World) -> None:
    """What the digest says is what its link shows: the same number on the page of who has nothing."""
    make.make_youth(session, world.school_class)
    propose(session, world)
    told = sections_of(session, span_of(world))
    by_code = {section.code: section for section in told}
    assert by_code["nothing_yet"].counts["youths"] == count_youths_with_nothing(session, world.teacher) == 2
    assert by_code["nothing_yet"].path == "/youths-with-nothing"
    assert by_code["proposals"].counts["youths"] == count_to_decide(session, world.coordinator) == 1
    (to_decide,) = (one for one in programme_sections(session, world) if one.code == "to_decide")
    assert to_decide.counts == by_code["proposals"].counts


def test_who_left_and_who_takes_no_part_are_not_counted(session: Session, world: World) -> None:
    world.noor.status = YouthStatus.LEFT
    session.commit()
    assert counts(sections.nothing_yet(session, span_of(world))) == {"youths": 1}
    world.programme.status = ProgrammeStatus.CLOSED
    session.commit()
    assert sections.nothing_yet(session, span_of(world)) is None


@pytest.mark.parametrize(
    ("days", "told"), [(-1, {}), (0, {"placements": 1}), (14, {"placements": 1}), (15, {})]
)
def test_placements_of_the_next_two_weeks_start_soon(
    session: Session, world: World, days: int, told: dict[str, int]
) -> None:
    place(session, world, PlacementStatus.CONFIRMED, starts_on=date(2027, 1, 10) + timedelta(days=days))
    assert counts(sections.starting_soon(session, span_of(world))) == told


def test_what_is_free_nearby_is_no_gap(session: Session, world: World) -> None:
    """Yassin would like MOB first, and the garage around the corner has one position for it."""
    assert sections.gaps(session, span_of(world)) is None
    make.make_youth(session, world.school_class, wishes=["MOB"])
    make.make_youth(session, world.school_class, wishes=["ZORG"], profile_done_at=None)
    session.commit()
    found = sections.gaps(session, span_of(world))
    assert counts(found) == {"MOB": 1}
    assert found is not None
    assert found.invite == "/organisations/new"
    with speaking("nl"):
        assert wording.sentences(found.as_json()) == ["We zoeken nog 1 plek binnen 30 minuten: mobiliteit."]


@pytest.mark.parametrize(
    "changes",
    [
        {"pc4": "9711"},
        {"positions_taken": 1},
        {"status": OfferStatus.PAUSED},
        {"kind": "company_visit"},
        {"sectors": ["GROEN"]},
    ],
    ids=["far away", "taken", "paused", "for a class", "of another sector"],
)
def test_a_position_that_nobody_here_could_take_closes_no_gap(
    session: Session, world: World, changes: dict[str, object]
) -> None:
    for name, value in changes.items():
        setattr(world.garage_offer, name, value)
    session.commit()
    assert counts(sections.gaps(session, span_of(world))) == {"MOB": 1}
    of_class = Span(Audience.CLASS, world.school_class.id, WEEK_AGO, clock.now(), date(2027, 1, 10))
    assert counts(sections.gaps(session, of_class)) == {"MOB": 1}


def test_a_topic_can_be_left_out(session: Session, world: World) -> None:
    propose(session, world)
    place(session, world, PlacementStatus.OFFERED)

    def told(*muted: Topic) -> list[str]:
        return [one.code for one in sections_of(session, span_of(world), muted)]

    assert told() == ["nothing_yet", "decisions", "proposals", "answers", "new_offers"]
    assert told(Topic.NEWS) == ["nothing_yet"]
    assert told(Topic.ASKS) == ["decisions", "proposals", "answers", "new_offers"]
    assert told(*Topic) == []


def test_another_school_is_not_counted(session: Session, world: World) -> None:
    run = make.make_run(session, world.other_programme)
    suggestion = make.make_suggestion(session, run, world.other_youth, world.bakery_offer)
    make.make_placement(session, suggestion, world.bakery_offer, host_answered_at=SUNDAY)
    session.commit()
    assert [section.code for section in sections_of(session, span_of(world))] == [
        "nothing_yet",
        "new_offers",
    ]
    assert counts(sections.nothing_yet(session, span_of(world))) == {"youths": 2}


FACTS_TO_TRY: dict[str, dict[str, object]] = {
    "gaps": {"sector": "ZORG", "number": 14, "least": 1, "minutes": 30},
    "wanted": {"sector": "TECH", "number": None, "least": 5, "minutes": 30},
    "recruits": {"sector": "ICT", "number": 2, "pc4": "1068"},
    "bottlenecks": {"youths": 9, "positions": 0, "sectors": [["ZORG", 5], ["GROEN", 4]], "pc4": "1068"},
    "coming": {"day": "2027-01-18", "school": "Sloterwaard College", "number": 3},
}


WITH_NEW = ("to_decide", "proposals")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("count", [1, 2, 1234])
def test_every_count_has_a_short_sentence(language: str, count: int) -> None:
    told: list[tuple[str, dict[str, int], list[dict[str, object]]]]
    told = [
        (code, {name: count}, [])
        for code, words in PHRASES.items()
        for name in words.lines
        if name not in {"named", "some_new", "all_new"}
    ]
    told += [(code, {"youths": count + 1, "new": new}, []) for code in WITH_NEW for new in (count, count + 1)]
    told += [("late", {"hosts": count}, [{"hosts": ["Bakkerij", "Garage"], "more": count > 2}])]
    told += [(code, {}, [facts]) for code, facts in FACTS_TO_TRY.items()]
    with speaking(language):
        for code, counts, facts in told:
            section = {"code": code, "counts": counts, "facts": facts}
            (line,) = wording.sentences(section)
            assert "%" not in line
            assert len(line.split()) <= 15, line
            assert wording.heading(section)
            assert wording.link(section)
            assert len(wording.ask([section]).split()) <= 15
    assert {code for code, _counts, _facts in told} == set(PHRASES)
    assert set(FACTS_TO_TRY) == set(wording.SAID)


def test_the_subject_tells_the_point_and_the_first_line_what_is_asked() -> None:
    news = {"code": "decisions", "counts": {"settled": 3}}
    late = {"code": "late", "counts": {"youths": 2}}
    with speaking("nl"):
        assert wording.point([news, late]) == "3 stages zijn rond: leerling en bedrijf zeiden ja"
        assert wording.ask([news, late]) == "Herinner wie nog niet antwoordde. Bellen helpt vaak."
        assert wording.ask([news]) == "Je hoeft nu niets te doen. Dit is goed om te weten."


def test_large_numbers_are_written_as_people_do() -> None:
    with speaking("nl"):
        assert wording.sentences({"code": "answers", "counts": {"hosts": 1234}}) == [
            "1.234 stages wachten op antwoord van het bedrijf."
        ]
