"""What the rules say of a placement: whether it may still be, and which papers it still needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from matching import (
    AGREEMENTS,
    Agreement,
    Clause,
    Offer,
    Party,
    Recognition,
    RuleVerdict,
    Seeker,
    Signature,
    Verdict,
    check_agreement,
    check_pair,
    class_seeker,
    permits,
)
from service.matchmaking.engine import limits_of, offer_of, seeker_of
from service.offers.models import Offer as OfferRow
from service.placements.models import Agreement as AgreementRow
from service.placements.models import Placement
from service.programmes.models import Programme
from service.reference.engine import engine_places
from service.youth.models import Youth

PARTIES = tuple(party.value for party in Party)
CLAUSES = tuple(clause.value for clause in Clause)
POSITIONS = "C-1"
"""Whether there is room is asked when a position is taken, and then by compare-and-swap."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What one rule of DOMAIN 2.4 says of the papers of a placement."""

    rule: str
    source: str
    verdict: str
    facts: dict[str, Any]

    @property
    def is_there(self) -> bool:
        return self.verdict == Verdict.OK

    @property
    def stops(self) -> bool:
        """Whether the placement may not begin like this."""
        return self.verdict in {Verdict.BLOCK, Verdict.SCHOOL_ACK}

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(self.facts.get("missing", ()))


def may_go_on(
    members: Sequence[Youth],
    offer: OfferRow,
    programme: Programme,
    school_pc4: str,
    *,
    is_class: bool,
    on: date,
    acknowledged: Collection[str],
    days: tuple[date | None, date | None] | None = None,
) -> bool:
    """Every hard rule asked once more, of the rows as they are now; `days` instead of those of the offer."""
    seekers = [seeker_of(youth, school_pc4) for youth in members]
    seeker = (
        class_seeker("class", school_pc4, seekers, seed=programme.lottery_seed) if is_class else seekers[0]
    )
    asked = _on_days(offer_of(offer), days)
    wanted = {seeker.pc4, asked.pc4}
    verdicts = check_pair(
        seeker,
        asked,
        on=on,
        places={place.pc4: place for place in engine_places() if place.pc4 in wanted},
        limits=limits_of(programme),
        acknowledged=acknowledged,
    )
    return permits(said for said in verdicts if said.rule != POSITIONS)


def _on_days(offer: Offer, days: tuple[date | None, date | None] | None) -> Offer:
    return offer if days is None else replace(offer, starts_on=days[0], ends_on=days[1])


def papers_of(
    placement: Placement, youth: Youth | None, offer: OfferRow, agreement: AgreementRow | None
) -> list[Paper]:
    """Which papers the law asks for, each with whether it is there; a class that only visits needs none."""
    if youth is None or placement.starts_on is None:
        return []
    said = check_agreement(
        _learner(youth),
        offer_of(offer).facts,
        _agreement(placement, agreement or AgreementRow(placement_id=placement.id), youth),
        acknowledged=agreement.acknowledged_rules if agreement else (),
    )
    return [_paper(one) for one in said]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which fields the page of papers needs for this kind and age."""

    clauses: tuple[str, ...]
    parties: tuple[str, ...]
    proofs: frozenset[str]
    rules: frozenset[str]


def asked_of(placement: Placement, youth: Youth | None, offer: OfferRow) -> Asked:
    """What the rules on papers ask for at all, whatever is there already."""
    papers = papers_of(placement, youth, offer, AgreementRow(placement_id=placement.id))
    rules = frozenset(paper.rule for paper in papers)
    missing = {code for paper in papers for code in paper.missing}
    return Asked(
        clauses=tuple(code for code in CLAUSES if code in missing),
        parties=tuple(code for code in PARTIES if code in missing),
        proofs=frozenset(proof.value for row in AGREEMENTS if row.id in rules for proof in row.proofs),
        rules=rules,
    )


def _learner(youth: Youth) -> Seeker:
    return seeker_of(youth, youth.pc4 or "")


def _agreement(placement: Placement, row: AgreementRow, youth: Youth) -> Agreement:
    assert placement.starts_on is not None
    return Agreement(
        starts_on=placement.starts_on,
        ends_on=placement.ends_on or placement.starts_on,
        clauses=frozenset(Clause(code) for code in row.clauses),
        signatures=tuple(
            Signature(Party(party), date.fromisoformat(day)) for party, day in row.signatures.items()
        ),
        qualification=row.qualification,
        recognitions=_recognitions(row, youth),
        guardian_letter_on=row.guardian_letter_on,
        risk_inventory_covers_youths=row.risk_inventory,
        names_supervisor=bool(placement.company_supervisor),
        guidance_fails=row.guidance_fails,
    )


def _recognitions(row: AgreementRow, youth: Youth) -> tuple[Recognition, ...]:
    """Only what somebody looked up counts; unknown is no."""
    if row.recognition_seen_on is None:
        return ()
    return (
        Recognition(
            row.qualification or youth.crebo or "",
            row.recognised_from or date.min,
            row.recognised_until or date.max,
        ),
    )


def _paper(said: RuleVerdict) -> Paper:
    return Paper(said.rule, said.source, said.verdict.value, dict(said.facts))
