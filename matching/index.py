"""A ranked market kept warm: one youth against all offers, and one new offer against all lists.

Guarantee: exactly what ranking the whole market again would say, as long as tags weigh what they weighed when
it was read; a full run weighs them anew. Growth: one seeker is linear in the offers in reach, one offer in
the seekers in reach. Source: docs/matching.md 10.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.arrays import Flags, read_offers, read_seekers
from matching.errors import Fault, InvalidProblem
from matching.kernel import Known, Lists, find_entries
from matching.market import (
    Market,
    Ranked,
    Shard,
    checked,
    empty_lists,
    journeys,
    rank_shard,
    work_for,
)
from matching.nouns import Offer, Seeker


@dataclass(frozen=True, slots=True)
class Listed:
    """One offer in the list of one seeker: a suggestion before its reasons are made."""

    seeker_id: str
    offer_id: str
    rank: int
    score: float
    sector: float
    location: float
    talent: float
    minutes: int


class Index:
    """Answers for one seeker or one offer at a time."""

    def __init__(self, market: Market, ranked: Ranked) -> None:
        """Keep a market and the lists of all its seekers; neither is ever changed."""
        if len(ranked.rows) != len(market.seeker_ids):
            raise InvalidProblem((Fault("ranked", "rows", "not_all"),))
        self._market = market
        self._offer_rows = {offer_id: row for row, offer_id in enumerate(market.offer_ids)}
        self._lists = Lists(*(getattr(ranked, name) for name in Lists._fields))
        offers = market.offers
        ticket, main_sector = np.empty_like(offers.ticket), np.empty_like(offers.main_sector)
        ticket[offers.row], main_sector[offers.row] = offers.ticket, offers.main_sector
        self._known = Known(ticket, main_sector, len(market.frame.sectors) + 1)

    def best_for(self, seeker: Seeker) -> tuple[Listed, ...]:
        """The list of one seeker, new or changed, best first; a faulty one is InvalidProblem."""
        market = self._market
        frame = replace(
            market.frame, blocked=frozenset(pair for pair in market.frame.blocked if pair[0] == seeker.id)
        )
        checked(frame, [seeker], ())
        _, seekers = read_seekers(frame, [seeker], market.rarity, self._offer_rows)
        found = rank_shard(
            Shard(
                rows=np.zeros(1, dtype=np.intp),
                seekers=seekers,
                terms=market.terms,
                offers=market.offers,
                places=tuple(frame.places.values()),
                top=self._lists.offers.shape[1],
            )
        )
        return tuple(
            Listed(
                seeker.id,
                market.offer_ids[row],
                at + 1,
                float(found.scores[0, at]),
                float(found.sectors[0, at]),
                float(found.locations[0, at]),
                float(found.talents[0, at]),
                int(found.minutes[0, at]),
            )
            for at, row in enumerate(found.offers[0].tolist())
            if row >= 0
        )

    def entered_by(self, offer: Offer) -> tuple[Listed, ...]:
        """The lists a new offer enters, by seeker id, each with the rank it takes there.

        A faulty offer, and one that is in the market already, is InvalidProblem.
        """
        market = self._market
        if offer.id in self._offer_rows:
            raise InvalidProblem((Fault(offer.id, "id", "duplicate"),))
        checked(market.frame, (), [offer])
        offers = read_offers(market.frame, [offer], market.rarity)
        top = self._lists.offers.shape[1]
        ranks = np.zeros(len(market.seeker_ids), dtype=np.int32)
        entries = empty_lists(len(market.seeker_ids), 1)
        find_entries(
            market.terms,
            market.seekers,
            offers,
            journeys(list(market.frame.places.values()), [market.frame.places[offer.pc4]]),
            self._ruled_out(offer.id),
            self._lists,
            self._known,
            work_for(market.terms, offers, top),
            entries,
            ranks,
        )
        return tuple(
            Listed(
                market.seeker_ids[row],
                offer.id,
                int(ranks[row]),
                float(entries.scores[row, 0]),
                float(entries.sectors[row, 0]),
                float(entries.locations[row, 0]),
                float(entries.talents[row, 0]),
                int(entries.minutes[row, 0]),
            )
            for row in np.flatnonzero(ranks).tolist()
        )

    def _ruled_out(self, offer_id: str) -> Flags:
        """Whom a person ruled out for an offer."""
        ids = {seeker_id for seeker_id, other in self._market.frame.blocked if other == offer_id}
        if not ids:
            return np.zeros(len(self._market.seeker_ids), dtype=bool)
        return np.array([seeker_id in ids for seeker_id in self._market.seeker_ids], dtype=bool)
