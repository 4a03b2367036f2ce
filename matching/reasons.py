"""Why something is suggested: codes and facts in the order of their weight, without a word of language.

Exact: the points of a reason are the points its part adds to the score.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from matching.nouns import WISHES_THAT_COUNT, Fact, Offer, Part, Reason, RuleVerdict, Seeker, Verdict
from matching.scoring import FULL_MARK_MINUTES
from matching.taxonomy import RANK_WORTH, Likeness, Taxonomy, Tie

WISH_OCCUPATION = "wish_occupation"
WISH_SECTOR = "wish_sector"
WISH_NEIGHBOUR = "wish_neighbour"
NO_WISH_FITS = "no_wish_fits"
NEAR = "near"
WITHIN_REACH = "within_reach"
JUST_BEYOND_LIMIT = "just_beyond_limit"
TALENTS_SHARED = "talents_shared"
NO_TALENTS_SHARED = "no_talents_shared"
NO_WISHES_SPREAD = "no_wishes_spread"
NO_TALENTS_GIVEN = "no_talents_given"
OFFER_HAS_NO_SECTOR = "offer_has_no_sector"
OFFER_HAS_NO_TAGS = "offer_has_no_tags"
NEEDS_SCHOOL_ACK = "needs_school_ack"
REMARK = "remark"

REASON_CODES: tuple[str, ...] = (
    WISH_OCCUPATION,
    WISH_SECTOR,
    WISH_NEIGHBOUR,
    NO_WISH_FITS,
    NEAR,
    WITHIN_REACH,
    JUST_BEYOND_LIMIT,
    TALENTS_SHARED,
    NO_TALENTS_SHARED,
    NO_WISHES_SPREAD,
    NO_TALENTS_GIVEN,
    OFFER_HAS_NO_SECTOR,
    OFFER_HAS_NO_TAGS,
    NEEDS_SCHOOL_ACK,
    REMARK,
)

_OF_TIE = {
    Tie.WORD: WISH_OCCUPATION,
    Tie.SECTOR: WISH_SECTOR,
    Tie.NEIGHBOUR: WISH_NEIGHBOUR,
    Tie.NONE: NO_WISH_FITS,
}
_POINTS_DECIMALS = 4


class Way(NamedTuple):
    """How long the way takes, by what, and how long it may take."""

    minutes: int
    mode: str
    limit: int


def reasons_for(
    seeker: Seeker,
    offer: Offer,
    parts: Iterable[Part],
    way: Way,
    shared: tuple[str, ...],
    taxonomy: Taxonomy,
    by_rules: Iterable[Reason],
) -> tuple[Reason, ...]:
    """The reasons of a pair: parts by falling points, then what was left open, then what rules ask.

    `by_rules` are those of `rule_reasons`.
    """
    of_part = {
        "sector": _sector_reason(seeker, offer, taxonomy),
        "location": _location_reason(way),
        "talent": _talent_reason(seeker, offer, shared),
    }
    spoken = [
        Reason(reason.code, {**reason.facts, "points": round(part.points, _POINTS_DECIMALS)})
        for part in sorted(parts, key=lambda part: -part.points)
        if (reason := of_part[part.name]) is not None
    ]
    return (*spoken, *_silences(seeker, offer, taxonomy), *by_rules)


def best_wish(seeker: Seeker, offer: Offer, taxonomy: Taxonomy) -> tuple[int, Likeness]:
    """The wish that gives the sector part: its place (from 0) and likeness; the first of equals."""
    likenesses = [taxonomy.likeness(wish, offer) for wish in seeker.wishes[:WISHES_THAT_COUNT]]
    place = max(
        range(len(likenesses)), key=lambda place: (RANK_WORTH[place] * likenesses[place].value, -place)
    )
    return place, likenesses[place]


def _sector_reason(seeker: Seeker, offer: Offer, taxonomy: Taxonomy) -> Reason | None:
    if not seeker.wishes:
        return None
    place, likeness = best_wish(seeker, offer, taxonomy)
    if likeness.tie is Tie.NONE:
        return Reason(NO_WISH_FITS)
    facts: dict[str, Fact] = {
        "wish": seeker.wishes[place],
        "wish_rank": place + 1,
        "likeness": likeness.value,
    }
    if likeness.sector is not None:
        facts["sector"] = likeness.sector
    return Reason(_OF_TIE[likeness.tie], facts)


def _location_reason(way: Way) -> Reason:
    if way.minutes <= FULL_MARK_MINUTES:
        code = NEAR
    elif way.minutes <= way.limit:
        code = WITHIN_REACH
    else:
        code = JUST_BEYOND_LIMIT
    return Reason(code, {"minutes": way.minutes, "mode": way.mode, "limit": way.limit})


def _talent_reason(seeker: Seeker, offer: Offer, shared: tuple[str, ...]) -> Reason | None:
    if not seeker.tags or not offer.tags:
        return None
    return Reason(TALENTS_SHARED, {"tags": shared}) if shared else Reason(NO_TALENTS_SHARED)


def _silences(seeker: Seeker, offer: Offer, taxonomy: Taxonomy) -> Iterator[Reason]:
    sectors = taxonomy.sectors_of(offer)
    if not seeker.wishes:
        yield Reason(NO_WISHES_SPREAD, {"sector": sectors[0]} if sectors else {})
    if not seeker.tags:
        yield Reason(NO_TALENTS_GIVEN)
    if not sectors:
        yield Reason(OFFER_HAS_NO_SECTOR)
    if not offer.tags:
        yield Reason(OFFER_HAS_NO_TAGS)


def rule_reasons(verdicts: Iterable[RuleVerdict]) -> Iterator[Reason]:
    """The reasons in what rules say: first what the school must allow, then remarks, each rule once."""
    said = list(verdicts)
    for verdict, code in ((Verdict.SCHOOL_ACK, NEEDS_SCHOOL_ACK), (Verdict.WARN, REMARK)):
        for rule in dict.fromkeys(one.rule for one in said if one.verdict is verdict):
            one = next(one for one in said if one.rule == rule and one.verdict is verdict)
            yield Reason(code, {"rule": rule, "source": one.source, **one.facts})
