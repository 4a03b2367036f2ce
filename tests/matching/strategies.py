"""Invented problems for Hypothesis: small, but with every field of every row in play."""

from datetime import date, time, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from matching import (
    Hazard,
    Kind,
    Limits,
    Offer,
    Pathway,
    Problem,
    Profile,
    Seeker,
    Track,
    TravelMode,
    Weights,
)
from tests.matching.cast import ON, PLACES, SECTORS, TAGS, make_problem

_POSTCODES = st.one_of(
    st.sampled_from([place.pc4 for place in PLACES[:3]]), st.sampled_from([place.pc4 for place in PLACES])
)
_TAGS = st.sampled_from([tag.code for tag in TAGS])
_SECTORS = [sector.code for sector in SECTORS]
_CREBOS = st.sampled_from(["25180", "25655"])
_USUAL_KINDS = st.sampled_from([Kind.HANDS_ON_DAY, Kind.COMMUNITY_PLACEMENT, Kind.ORIENTATION_PLACEMENT])
_DAYS = st.integers(-20, 60).map(lambda days: ON + timedelta(days=days))
_WEEKDAYS = st.frozensets(st.integers(1, 7), max_size=4)
_STARTS = st.sampled_from([None, None, None, time(9), time(9), time(5, 30), time(6), time(7), time(19)])
_ENDS = st.sampled_from(
    [None, None, None, time(16), time(16), time(16, 30), time(7), time(19), time(23), time(0)]
)
_HOURS = st.sampled_from([None, None, None, 3.0, 6.0, 7.0, 7.5, 8.0, 9.5, 12.5])
_NO_HAZARDS: frozenset[Hazard] = frozenset()
_HAZARDS = st.one_of(st.none(), st.frozensets(st.sampled_from(Hazard), max_size=2))
_PUPILS = st.tuples(st.integers(2009, 2012), st.integers(1, 12))
_BIRTHS = st.tuples(st.integers(1999, 2016), st.integers(1, 12))
Value = TypeVar("Value")


def mostly(usual: Value, otherwise: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    """Nine times in ten the usual, so that enough pairs are allowed to be worth comparing."""
    return st.integers(0, 9).flatmap(lambda draw: otherwise if draw == 9 else st.just(usual))


@st.composite
def periods(draw: st.DrawFn) -> tuple[date | None, date | None]:
    """Two days in order, either of which may be open."""
    first, last = sorted((draw(_DAYS), draw(_DAYS)))
    always: tuple[date | None, date | None] = (None, None)
    return draw(st.sampled_from([always, always, always, (first, None), (None, last), (first, last)]))


@st.composite
def seekers(draw: st.DrawFn, number: int = 0) -> Seeker:
    """A youth, or now and then a class."""
    first, last = draw(periods())
    return Seeker(
        id=f"s{number}",
        pc4=draw(_POSTCODES),
        birth=draw(st.one_of(_PUPILS, _PUPILS, _BIRTHS, st.none())),
        track=draw(mostly(None, st.sampled_from(Track))),
        profile=draw(mostly(None, st.sampled_from(Profile))),
        crebo=draw(mostly(None, _CREBOS)),
        level=draw(mostly(None, st.integers(1, 4))),
        year=draw(st.one_of(st.none(), st.integers(1, 4))),
        pathway=draw(mostly(None, st.sampled_from(Pathway))),
        modes=draw(st.frozensets(st.sampled_from(TravelMode))),
        max_minutes=draw(mostly(None, st.integers(0, 80))),
        wishes=tuple(draw(st.lists(st.one_of(_TAGS, st.sampled_from(_SECTORS)), max_size=6, unique=True))),
        tags=draw(st.frozensets(_TAGS, max_size=5)),
        kinds=draw(mostly(frozenset[Kind](), st.frozensets(st.sampled_from(Kind)))),
        available_from=first,
        until=last,
        weekdays=draw(mostly(frozenset[int](), _WEEKDAYS)),
        class_size=draw(mostly(None, st.integers(1, 30))),
    )


@st.composite
def offers(draw: st.DrawFn, number: int = 0) -> Offer:
    """An offer of any kind."""
    first, last = draw(periods())
    return Offer(
        id=f"o{number}",
        kind=draw(st.one_of(_USUAL_KINDS, st.sampled_from(Kind))),
        pc4=draw(_POSTCODES),
        sectors=tuple(draw(st.lists(st.sampled_from(_SECTORS), max_size=2, unique=True))),
        tags=draw(st.frozensets(_TAGS, max_size=4)),
        positions=draw(mostly(30, st.integers(0, 30))),
        starts_on=first,
        ends_on=last,
        hours_per_day=draw(_HOURS),
        starts_at=draw(_STARTS),
        ends_at=draw(_ENDS),
        weekdays=draw(mostly(frozenset[int](), st.one_of(_WEEKDAYS, st.just(frozenset({7}))))),
        tracks=draw(mostly(frozenset[Track](), st.frozensets(st.sampled_from(Track), max_size=2))),
        profiles=draw(mostly(frozenset[Profile](), st.frozensets(st.sampled_from(Profile)))),
        levels=draw(mostly(frozenset[int](), st.frozensets(st.integers(1, 4), max_size=2))),
        crebos=draw(mostly(frozenset[str](), st.frozensets(_CREBOS, max_size=1))),
        hazards=draw(mostly(_NO_HAZARDS, _HAZARDS)),
        unanswered=draw(mostly(_NO_HAZARDS, st.just(frozenset({Hazard.Z_5})))),
        supervised=draw(st.booleans()),
        observe_only=draw(st.sampled_from([None, True, False])),
        on_school_ground=draw(st.booleans()),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A few seekers and offers with weights, limits and pairs ruled out."""
    seeker_rows = [draw(seekers(number)) for number in range(draw(st.integers(0, 3)))]
    offer_rows = [draw(offers(number)) for number in range(draw(st.integers(0, 10)))]
    pairs = [(seeker.id, offer.id) for seeker in seeker_rows for offer in offer_rows]
    return make_problem(
        seekers=seeker_rows,
        offers=offer_rows,
        seed=draw(st.integers(0, 9)),
        top=draw(st.integers(1, 5)),
        weights=draw(
            st.sampled_from([Weights(), Weights(1, 0, 0), Weights(0, 0, 1), Weights(0.2, 0.3, 0.5)])
        ),
        limits=draw(st.sampled_from([Limits(), Limits(min_age=14, max_age=17)])),
        blocked=draw(st.lists(st.sampled_from(pairs), max_size=2)) if pairs else [],
    )
