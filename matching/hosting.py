"""What would help an offer that brings nobody: the single changes of its maker, and how many each brings.

One answer of the maker is widened at a time and all rules are asked again, so the counts are those of a run
with that answer. The law is never widened, only what the law asks: an answer to open questions on hazards, an
adult who is always there. Exact. Growth: linear in the seekers, per change. Counts only: whom an offer
would bring is nobody's business before a person has decided (DOMAIN 3).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from matching.eligibility import (
    AUDIENCE_RULES,
    HOUR_RULES,
    KIND_NOT_WANTED,
    LAW_RULES,
    LEVEL,
    NO_SHARED_DAYS,
    NO_SHARED_WEEKDAY,
    PROFILE,
    RULES,
    TOO_OLD,
    TOO_YOUNG,
    TRACK,
)
from matching.nouns import Facts, Kind, Offer, Profile, Track
from matching.problem import Problem
from matching.screening import Flags, Numbers, Screening

MOST_WEEKS = 26
_DAYS_A_WEEK = 7
_LEVELS = range(1, 5)


class HostHelpCode(StrEnum):
    """What a maker can widen, in the order in which equals are told."""

    HAZARDS_ANSWERED = "hazards_answered"
    SUPERVISED = "supervised"
    TRACK_ALSO = "track_also"
    PROFILE_ALSO = "profile_also"
    LEVEL_ALSO = "level_also"
    WEEKDAY_ALSO = "weekday_also"
    KIND_ALSO = "kind_also"
    START_EARLIER = "start_earlier"
    END_LATER = "end_later"


HOST_HELP_CODES: tuple[str, ...] = tuple(HostHelpCode)
_ORDER = {code: number for number, code in enumerate(HostHelpCode)}
_SIZED = frozenset({HostHelpCode.START_EARLIER, HostHelpCode.END_LATER})


@dataclass(frozen=True, slots=True)
class HostChange:
    """One change of an offer: how many seekers come into its reach, and how many fall out of it.

    `hazards_answered` counts as if none of the hazards that are still open applies.
    """

    code: HostHelpCode
    facts: Facts
    seekers: int
    lost: int


@dataclass(frozen=True, slots=True)
class HostHelp:
    """How many seekers no rule keeps from an offer now, and what would bring more, the most first."""

    offer_id: str
    in_reach: int
    changes: tuple[HostChange, ...]


class _Variant(NamedTuple):
    """An offer with one answer widened."""

    code: HostHelpCode
    facts: Facts
    offer: Offer


def what_would_help_hosts(problem: Problem, offer_ids: Iterable[str] | None = None) -> tuple[HostHelp, ...]:
    """The changes that would bring these offers (None: all) more seekers, in the order of the problem's rows.

    An unknown id is InvalidProblem. Of a period each length is told that brings more than the shorter ones; a
    change that costs as much as it brings is not told.
    """
    rows = range(len(problem.offers)) if offer_ids is None else _rows(problem, offer_ids)
    offers = tuple(problem.offers[row] for row in rows)
    if not offers:
        return ()
    first = _first_rules(problem, offers)
    variants = [tuple(_variants(problem, offer, first[:, row])) for row, offer in enumerate(offers)]
    widened = tuple(variant.offer for some in variants for variant in some)
    after = _first_rules(problem, widened) == -1
    ends = np.cumsum([len(some) for some in variants]).tolist()
    return tuple(
        _help(offer, first[:, row] == -1, some, after[:, end - len(some) : end])
        for row, (offer, some, end) in enumerate(zip(offers, variants, ends, strict=True))
    )


def _rows(problem: Problem, offer_ids: Iterable[str]) -> list[int]:
    return sorted({problem.offer_row(offer_id) for offer_id in offer_ids})


def _first_rules(problem: Problem, offers: tuple[Offer, ...]) -> Numbers:
    """The first rule that forbids, of every seeker (rows) and these offers; -1 where none does."""
    screening = Screening(replace(problem, offers=offers))
    everybody = np.arange(len(problem.seekers), dtype=np.intp)
    return screening.screen(everybody).first


def _help(offer: Offer, before: Flags, variants: tuple[_Variant, ...], after: Flags) -> HostHelp:
    changes: list[HostChange] = []
    most: Counter[HostHelpCode] = Counter()
    for place, variant in enumerate(variants):
        came, lost = int((after[:, place] & ~before).sum()), int((before & ~after[:, place]).sum())
        if came <= lost or (variant.code in _SIZED and came <= most[variant.code]):
            continue
        most[variant.code] = came
        changes.append(HostChange(variant.code, variant.facts, came, lost))
    changes.sort(key=lambda one: (-one.seekers, _ORDER[one.code], repr(sorted(one.facts.items()))))
    return HostHelp(offer.id, int(before.sum()), tuple(changes))


def _variants(problem: Problem, offer: Offer, first: Numbers) -> Iterator[_Variant]:
    """Only what listens to a rule that comes first for somebody."""
    said = {RULES[rule] for rule in np.unique(first[first >= 0]).tolist()}
    if said & set(LAW_RULES):
        yield from _lawful_variants(offer)
    if TRACK in said or PROFILE in said or LEVEL in said:
        yield from _audience_variants(offer)
    if said & {NO_SHARED_WEEKDAY, *HOUR_RULES} and offer.weekdays:
        for weekday in range(1, _DAYS_A_WEEK + 1):
            if weekday not in offer.weekdays:
                also = replace(offer, weekdays=offer.weekdays | {weekday})
                yield _Variant(HostHelpCode.WEEKDAY_ALSO, {"weekday": weekday}, also)
    if said & {KIND_NOT_WANTED, *LAW_RULES, *HOUR_RULES, *AUDIENCE_RULES}:
        for kind in Kind:
            if kind is not offer.kind and kind.is_group is offer.kind.is_group:
                yield _Variant(HostHelpCode.KIND_ALSO, {"kind": kind.value}, replace(offer, kind=kind))
    if said & {NO_SHARED_DAYS, NO_SHARED_WEEKDAY, TOO_YOUNG, TOO_OLD, *LAW_RULES, *HOUR_RULES}:
        yield from _period_variants(problem, offer)


def _lawful_variants(offer: Offer) -> Iterator[_Variant]:
    if offer.facts.open_hazards:
        answered = replace(offer, hazards=offer.hazards or frozenset(), unanswered=frozenset())
        facts = {"open": len(offer.facts.open_hazards)}
        yield _Variant(HostHelpCode.HAZARDS_ANSWERED, facts, answered)
    if not offer.supervised:
        yield _Variant(HostHelpCode.SUPERVISED, {}, replace(offer, supervised=True))


def _audience_variants(offer: Offer) -> Iterator[_Variant]:
    for track in Track if offer.tracks else ():
        if track not in offer.tracks:
            also = replace(offer, tracks=offer.tracks | {track})
            yield _Variant(HostHelpCode.TRACK_ALSO, {"track": track.value}, also)
    for profile in Profile if offer.profiles else ():
        if profile not in offer.profiles:
            also = replace(offer, profiles=offer.profiles | {profile})
            yield _Variant(HostHelpCode.PROFILE_ALSO, {"profile": profile.value}, also)
    for level in _LEVELS if offer.levels else ():
        if level not in offer.levels:
            also = replace(offer, levels=offer.levels | {level})
            yield _Variant(HostHelpCode.LEVEL_ALSO, {"level": level}, also)


def _period_variants(problem: Problem, offer: Offer) -> Iterator[_Variant]:
    if offer.starts_on is not None:
        for weeks in range(1, MOST_WEEKS + 1):
            if offer.starts_on - timedelta(weeks=weeks - 1) <= problem.on:
                break
            day = max(problem.on, offer.starts_on - timedelta(weeks=weeks))
            facts: Facts = {"weeks": weeks, "day": day.isoformat()}
            yield _Variant(HostHelpCode.START_EARLIER, facts, replace(offer, starts_on=day))
    if offer.ends_on is not None and offer.ends_on >= problem.on:
        for weeks in range(1, MOST_WEEKS + 1):
            day = offer.ends_on + timedelta(weeks=weeks)
            facts = {"weeks": weeks, "day": day.isoformat()}
            yield _Variant(HostHelpCode.END_LATER, facts, replace(offer, ends_on=day))
