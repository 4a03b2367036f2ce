"""What would help: the smallest single changes that bring a seeker more offers, and how many exactly.

One answer of the seeker is widened at a time, never two, and never a rule of the offer, of the law or of a
person; then the rules are asked again by the functions of the run, so the counts are those of a run with that
answer. What a birthday brings is told as a fact with its date, not as something to change. Exact. Growth:
linear in the offers, once per seeker; only offers that the widened answer keeps away are judged again. Codes
and facts, no language.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.ages import age_on, birthday
from matching.eligibility import (
    HOUR_RULES,
    KIND_NOT_WANTED,
    LAW_RULES,
    NO_SHARED_DAYS,
    NO_SHARED_WEEKDAY,
    OUT_OF_REACH,
    RULES,
    TOO_OLD,
    TOO_YOUNG,
    limit_for,
)
from matching.geography import ADULT_AGE, MODE_ORDER, STEP_MINUTES
from matching.nouns import WISHES_THAT_COUNT, Fact, Facts, Kind, Seeker, TagKind
from matching.problem import Problem
from matching.reach import BEYOND, Floats, Minutes, Reach, Rows
from matching.scoring import total
from matching.screening import ALLOWED, Flags, Screening
from matching.suggesting import Block, Run
from matching.taxonomy import NEIGHBOUR, RANK_WORTH
from matching.topk import in_order

MOST_WEEKS = 52
_PAIRS_AT_ONCE = 1 << 21
_DAYS_A_WEEK = 7
_STEPS_TO_A_NEIGHBOUR, _STEPS_TO_ANOTHER_SECTOR = 1, 2


class HelpCode(StrEnum):
    """What can be widened, in the order in which equals are told; a birthday is only waited for."""

    TRAVEL_LONGER = "travel_longer"
    TRAVEL_ALSO = "travel_also"
    WEEKDAY_ALSO = "weekday_also"
    WISH_ALSO = "wish_also"
    KIND_ALSO = "kind_also"
    START_EARLIER = "start_earlier"
    END_LATER = "end_later"
    BIRTHDAY = "birthday"


HELP_CODES: tuple[str, ...] = tuple(HelpCode)
_ORDER = {code: number for number, code in enumerate(HelpCode)}


@dataclass(frozen=True, slots=True)
class HelpfulChange:
    """One change and what it brings.

    `steps` is its size: five minutes, a way of travelling, a weekday, a kind, a week and a wish in a
    neighbouring sector are one, a wish in another sector is two, a birthday none. `gained` are the offers
    that come into reach (for `wish_also`: that come to suit, see `Help`), the best first; `positions` what
    they have together, `wished` to how many of them a wish leads, `lost` how many fall away. `best_score` is
    the score the first of them would have.
    """

    code: HelpCode
    facts: Facts
    steps: int
    gained: tuple[str, ...]
    positions: int
    wished: int
    lost: int
    best_score: float

    @property
    def offers(self) -> int:
        """How many offers it brings."""
        return len(self.gained)


@dataclass(frozen=True, slots=True)
class Help:
    """What is in reach of a seeker now, how much of that suits, and what would bring more.

    An offer is in reach when no rule forbids it. It suits when it has the very word or the sector of a wish.
    `changes` stand by their steps, then by what they bring, birthdays last.
    """

    seeker_id: str
    in_reach: int
    suits: int
    changes: tuple[HelpfulChange, ...]


def what_would_help(problem: Problem, seeker_ids: Iterable[str] | None = None) -> tuple[Help, ...]:
    """The changes that would help these seekers (None: all), in the order of the problem's rows.

    Give the problem of the run: how rare a word is, and so which offer is best, depends on all its offers.
    An unknown id is InvalidProblem. Of a change that can be made in sizes (minutes, weeks) each size is told
    that brings more than the smaller ones; a change that costs as much as it brings is not told.
    """
    rows = list(range(len(problem.seekers))) if seeker_ids is None else _rows(problem, seeker_ids)
    size = max(1, _PAIRS_AT_ONCE // max(1, len(problem.offers)))
    return tuple(
        found for start in range(0, len(rows), size) for found in _helped(problem, rows[start : start + size])
    )


def _rows(problem: Problem, seeker_ids: Iterable[str]) -> list[int]:
    return sorted({problem.seeker_row(seeker_id) for seeker_id in seeker_ids})


def _helped(problem: Problem, rows: Sequence[int]) -> Iterator[Help]:
    """Some seekers at once, because what the law says of the offers is then asked once for all of them."""
    run = Run(replace(problem, seekers=tuple(problem.seekers[row] for row in rows)))
    asking = [_Asked(run, row) for row in range(len(rows))]
    questions = [tuple(one.questions()) for one in asking]
    for one, answers in zip(asking, _answers(problem, questions), strict=True):
        yield one.help(answers)


class _Variant(NamedTuple):
    """A seeker with one answer widened."""

    code: HelpCode
    facts: Mapping[str, Fact]
    steps: int
    seeker: Seeker


class _Judged(NamedTuple):
    """Some offers (columns of the run), whether each is allowed now, how far, and the limit."""

    columns: Rows
    allowed: Flags
    minutes: Minutes
    limit: int


class _Question(NamedTuple):
    """What all rules say of variants of one seeker and some offers, on a day."""

    on: date
    columns: Rows
    variants: tuple[_Variant, ...]


_Answer = tuple[_Variant, _Judged]


def _answers(problem: Problem, questions: Sequence[tuple[_Question, ...]]) -> list[list[_Answer]]:
    """Each seeker's questions answered, with one reading of the rules for all that are of one day."""
    answers: list[list[_Answer]] = [[] for _ in questions]
    of_day: dict[date, list[tuple[int, _Question]]] = defaultdict(list)
    for place, some in enumerate(questions):
        for question in some:
            of_day[question.on].append((place, question))
    for day, asked in of_day.items():
        columns = np.unique(np.concatenate([question.columns for _place, question in asked]))
        seekers = [variant.seeker for _place, question in asked for variant in question.variants]
        screening = Screening(replace(_part(problem, seekers, columns), on=day))
        start = 0
        for place, question in asked:
            rows = np.arange(start, start + len(question.variants), dtype=np.intp)
            start += len(rows)
            screened = screening.screen(rows)
            here = np.searchsorted(columns, question.columns)
            for row, variant in enumerate(question.variants):
                judged = _Judged(
                    question.columns,
                    screened.allowed[row, here],
                    screened.minutes[row, here],
                    int(screening.reach.limit[rows[row]]),
                )
                answers[place].append((variant, judged))
    return answers


def _part(problem: Problem, seekers: Sequence[Seeker], columns: Rows) -> Problem:
    """The problem with other seekers and some of the offers."""
    offers = tuple(problem.offers[column] for column in columns.tolist())
    return replace(problem, seekers=tuple(seekers), offers=offers)


def _numbers(*rules: str) -> NDArray[np.int16]:
    return np.array([RULES.index(rule) for rule in rules], dtype=np.int16)


# The rules that listen to an answer. A rule comes first among those that forbid a pair, so when only these
# forbid it, the first is one of them.
_OF_WEEKDAYS = _numbers(NO_SHARED_WEEKDAY, *HOUR_RULES)
_OF_DAYS = _numbers(NO_SHARED_DAYS, NO_SHARED_WEEKDAY, TOO_YOUNG, TOO_OLD, *LAW_RULES, *HOUR_RULES)
_OF_AGE = _numbers(TOO_YOUNG, *LAW_RULES, *HOUR_RULES, OUT_OF_REACH)


class _Asked:
    """One seeker of a run, and everything that could be widened for him."""

    def __init__(self, run: Run, row: int) -> None:
        self._run, self._problem = run, run.problem
        self._row = np.array([row], dtype=np.intp)
        self._seeker = run.problem.seekers[row]
        self._block: Block = run.block(self._row)
        self._first = self._block.screened.first[0]
        self._count = self._block.screened.count[0]
        self._allowed: Flags = self._first == ALLOWED
        self._limit = limit_for(self._seeker, self._problem.on, self._problem.limits)

    def questions(self) -> Iterator[_Question]:
        """What has to be asked of all rules again."""
        yield from self._days()
        yield from self._birthday()

    def help(self, answers: Sequence[_Answer]) -> Help:
        """What would help, with the answers to the questions."""
        changes = [*self._travel(), *self._kinds(), *self._wishes(), *self._smallest(answers)]
        return Help(
            seeker_id=self._seeker.id,
            in_reach=int(self._allowed.sum()),
            suits=int(self._allowed.sum()) - len(self._unsuited()),
            changes=tuple(
                sorted(
                    changes,
                    key=lambda one: (
                        one.code is HelpCode.BIRTHDAY,
                        one.steps,
                        -one.offers,
                        _ORDER[one.code],
                        repr(sorted(one.facts.items())),
                    ),
                )
            ),
        )

    # Travel: only what R-1 alone forbids can come into reach, so nothing but minutes is measured again.

    def _travel(self) -> Iterator[HelpfulChange]:
        columns = self._alone(OUT_OF_REACH)
        variants = list(self._travel_variants()) if len(columns) else []
        if not variants:
            return
        reach = Reach(_part(self._problem, [variant.seeker for variant in variants], columns))
        minutes = reach.minutes(np.arange(len(variants), dtype=np.intp))
        yield from self._smallest(
            (variant, _Judged(columns, minutes[row] < BEYOND, minutes[row], int(reach.limit[row])))
            for row, variant in enumerate(variants)
        )

    def _travel_variants(self) -> Iterator[_Variant]:
        seeker, limits = self._seeker, self._problem.limits
        most = limit_for(replace(seeker, max_minutes=None), self._problem.on, limits)
        for steps, minutes in enumerate(
            range(self._limit + STEP_MINUTES, most + STEP_MINUTES, STEP_MINUTES), 1
        ):
            longest = min(minutes, most)
            facts: dict[str, Fact] = {"minutes": longest - self._limit, "limit": longest}
            yield _Variant(HelpCode.TRAVEL_LONGER, facts, steps, replace(seeker, max_minutes=longest))
        for mode in MODE_ORDER if seeker.modes else ():
            if mode not in seeker.modes:
                also = replace(seeker, modes=seeker.modes | {mode})
                yield _Variant(HelpCode.TRAVEL_ALSO, {"mode": mode.value}, 1, also)

    # Kinds: what G-2 alone forbids comes into reach with its kind.

    def _kinds(self) -> Iterator[HelpfulChange]:
        by_kind: dict[Kind, list[int]] = defaultdict(list)
        for column in self._alone(KIND_NOT_WANTED).tolist():
            by_kind[self._problem.offers[column].kind].append(column)
        minutes = self._block.screened.minutes[0]
        for kind, some in sorted(by_kind.items()):
            columns = np.array(some, dtype=np.intp)
            also = replace(self._seeker, kinds=self._seeker.kinds | {kind})
            variant = _Variant(HelpCode.KIND_ALSO, {"kind": kind.value}, 1, also)
            came = np.ones(len(columns), dtype=bool)
            yield from self._smallest([(variant, _Judged(columns, came, minutes[columns], self._limit))])

    # Days: with more of them other ages, hours and law come into play, so all rules are asked again.

    def _days(self) -> Iterator[_Question]:
        for variants, rules in (
            (tuple(self._weekday_variants()), _OF_WEEKDAYS),
            (tuple(self._period_variants()), _OF_DAYS),
        ):
            kept_away = np.isin(self._first, rules)
            if variants and kept_away.any():
                # What is in reach is asked too: more days can also take something away.
                yield _Question(self._problem.on, np.flatnonzero(self._allowed | kept_away), variants)

    def _weekday_variants(self) -> Iterator[_Variant]:
        seeker = self._seeker
        for weekday in range(1, _DAYS_A_WEEK + 1) if seeker.weekdays else ():
            if weekday not in seeker.weekdays:
                also = replace(seeker, weekdays=seeker.weekdays | {weekday})
                yield _Variant(HelpCode.WEEKDAY_ALSO, {"weekday": weekday}, 1, also)

    def _period_variants(self) -> Iterator[_Variant]:
        seeker, on = self._seeker, self._problem.on
        for weeks in range(1, MOST_WEEKS + 1):
            if seeker.available_from is None or _earlier(seeker.available_from, weeks - 1) <= on:
                break
            day = max(on, _earlier(seeker.available_from, weeks))
            also = replace(seeker, available_from=day)
            facts: dict[str, Fact] = {"weeks": weeks, "day": day.isoformat()}
            yield _Variant(HelpCode.START_EARLIER, facts, weeks, also)
        if seeker.until is None:
            return
        # Later than a week after the last offer starts, nothing new comes.
        waiting = np.flatnonzero(np.isin(self._first, _OF_DAYS)).tolist()
        starts = [self._problem.offers[column].starts_on or on for column in waiting]
        for weeks in range(1, MOST_WEEKS + 1):
            if not starts or _earlier(seeker.until, 1 - weeks) > max(starts) + timedelta(days=_DAYS_A_WEEK):
                break
            day = _earlier(seeker.until, -weeks)
            facts = {"weeks": weeks, "day": day.isoformat()}
            yield _Variant(HelpCode.END_LATER, facts, weeks, replace(seeker, until=day))

    # Wishes: nothing comes into reach by them, but more of what is in reach suits.

    def _wishes(self) -> Iterator[HelpfulChange]:
        seeker = self._seeker
        if not seeker.wishes or len(seeker.wishes) >= WISHES_THAT_COUNT:
            return
        taxonomy = self._run.features.taxonomy
        wished = {sector for wish in seeker.wishes if (sector := taxonomy.sector_of(wish)) is not None}
        by_sector: dict[str, set[int]] = defaultdict(set)
        by_word: dict[str, set[int]] = defaultdict(set)
        for column in self._unsuited():
            offer = self._problem.offers[column]
            for sector in taxonomy.sectors_of(offer):
                by_sector[sector].add(column)
            for tag in filter(self._is_work, offer.tags):
                by_word[tag].add(column)
        for sector, columns in sorted(by_sector.items()):
            yield self._wish(sector, columns, wished)
        for word, columns in sorted(by_word.items()):
            of_sector = by_sector.get(taxonomy.sector_of(word) or "", set())
            # The sector is the easier thing to say; a word only where it brings what its sector does not.
            if columns - of_sector:
                yield self._wish(word, columns | of_sector, wished)

    def _is_work(self, word: str) -> bool:
        """Only work can be wished for: what somebody is good at is no wish."""
        tag = self._problem.tags[word]
        return tag.kind is not TagKind.TALENT and tag.sector is not None

    def _wish(self, wish: str, columns: set[int], wished: set[str]) -> HelpfulChange:
        taxonomy, place = self._run.features.taxonomy, len(self._seeker.wishes)
        sector = taxonomy.sector_of(wish)
        is_neighbour = sector is not None and any(
            taxonomy.between(one, sector) >= NEIGHBOUR for one in wished
        )
        steps = _STEPS_TO_A_NEIGHBOUR if is_neighbour else _STEPS_TO_ANOTHER_SECTOR
        also = replace(self._seeker, wishes=(*self._seeker.wishes, wish))
        variant = _Variant(HelpCode.WISH_ALSO, {"wish": wish, "is_neighbour": is_neighbour}, steps, also)
        came = np.array(sorted(columns), dtype=np.intp)
        likeness = np.array([taxonomy.likeness(wish, self._problem.offers[column]).value for column in came])
        sectors = np.maximum(self._block.columns[0][0, came], RANK_WORTH[place] * likeness)
        judged = _Judged(
            came, np.ones(len(came), dtype=bool), self._block.screened.minutes[0, came], self._limit
        )
        return self._change(variant, judged, came, 0, sectors)

    def _unsuited(self) -> list[int]:
        """What is in reach and has neither the word nor the sector of a wish; without wishes all suits."""
        taxonomy, wishes = self._run.features.taxonomy, self._seeker.wishes[:WISHES_THAT_COUNT]
        if not wishes:
            return []
        wished = {taxonomy.sector_of(wish) for wish in wishes}
        return [
            column
            for column in np.flatnonzero(self._allowed).tolist()
            if self._problem.offers[column].tags.isdisjoint(wishes)
            and wished.isdisjoint(taxonomy.sectors_of(self._problem.offers[column]))
        ]

    # A birthday: the run as it would be on that day, with the offers of today.

    def _birthday(self) -> Iterator[_Question]:
        birth, on = self._seeker.birth, self._problem.on
        columns = np.flatnonzero(np.isin(self._first, _OF_AGE))
        if birth is None or not len(columns):
            return
        age = age_on(birth, on) + 1
        if age <= max(ADULT_AGE, self._problem.limits.min_age):
            day = birthday(birth, age)
            facts: dict[str, Fact] = {"age": age, "day": day.isoformat()}
            yield _Question(day, columns, (_Variant(HelpCode.BIRTHDAY, facts, 0, self._seeker),))

    # What they have in common.

    def _alone(self, rule: str) -> Rows:
        """The offers that this rule alone forbids."""
        return np.flatnonzero((self._count == 1) & (self._first == RULES.index(rule)))

    def _smallest(self, judged: Iterable[tuple[_Variant, _Judged]]) -> Iterator[HelpfulChange]:
        """Changes that bring more than they cost; of several sizes each that brings more than the smaller."""
        most: Counter[HelpCode] = Counter()
        for variant, found in judged:
            before = self._allowed[found.columns]
            gained = found.columns[found.allowed & ~before]
            lost = int((before & ~found.allowed).sum())
            is_sized = variant.code in _SIZED
            if len(gained) <= lost or (is_sized and len(gained) <= most[variant.code]):
                continue
            most[variant.code] = len(gained)
            sectors = self._block.columns[0][0, gained]
            yield self._change(variant, found, gained, lost, sectors)

    def _change(
        self, variant: _Variant, judged: _Judged, gained: Rows, lost: int, sectors: Floats
    ) -> HelpfulChange:
        offers = self._problem.offers
        scores = self._scores(judged, gained, sectors)
        order = in_order(np.arange(len(gained), dtype=np.intp), scores, self._block.lots[0, gained])
        columns = gained[order].tolist()
        mains = Counter(
            main for column in columns for main in self._run.features.taxonomy.sectors_of(offers[column])[:1]
        )
        facts = dict(variant.facts)
        if mains:
            # Equals by code, so that the same offers are told the same way.
            sector = min(mains, key=lambda code: (-mains[code], code))
            facts |= {"sector": sector, "in_sector": mains[sector]}
        return HelpfulChange(
            code=variant.code,
            facts=facts,
            steps=variant.steps,
            gained=tuple(offers[column].id for column in columns),
            positions=sum(offers[column].positions for column in columns),
            wished=int((sectors > 0).sum()) if self._seeker.wishes else 0,
            lost=lost,
            best_score=float(scores[order[0]]),
        )

    def _scores(self, judged: _Judged, gained: Rows, sectors: Floats) -> Floats:
        """What a run with the widened answer would give the offers that came."""
        minutes = judged.minutes[np.isin(judged.columns, gained)][None, :]
        location = self._run.features.location(minutes, np.array([judged.limit], dtype=np.int16))
        talent = self._block.columns[2][:, gained]
        scores: Floats = total(self._run.weights[self._row], (sectors[None, :], location, talent))[0]
        return scores


_SIZED = frozenset({HelpCode.TRAVEL_LONGER, HelpCode.START_EARLIER, HelpCode.END_LATER})


def _earlier(day: date, weeks: int) -> date:
    """So many weeks before a day; a negative number is after it."""
    return day - timedelta(weeks=weeks)
