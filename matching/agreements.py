"""What a placement still has to show before it may start: each rule of DOMAIN 2.4 held against its papers.

Guarantee: every rule that applies speaks, and what is not known counts as missing. Linear in the papers and
the days of the plan.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from matching.ages import age_on
from matching.agreements_nl import AgreementRow, Clause, Party, Proof
from matching.errors import Fault, InvalidProblem
from matching.hours import activity_of
from matching.law_book import DUTCH_LAW, LawBook
from matching.law_nl import ADULT_AGE, LOWEST_AGE
from matching.nouns import Fact, Kind, OfferFacts, RuleVerdict, Seeker, Verdict
from matching.workdays import Schedule

Missing = dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and when."""

    party: Party
    on: date


@dataclass(frozen=True, slots=True)
class Recognition:
    """For what a company is recognised (a crebo or an elective part), and when; an open end still holds."""

    code: str
    valid_from: date = date.min
    valid_until: date = date.max


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is on paper about a placement; what is not given is not there.

    `qualification` is the crebo or elective part the practice is for; without it, the youth's own crebo.
    `guidance_fails`: the school has found that the host does not guide as agreed.
    """

    starts_on: date
    ends_on: date
    clauses: frozenset[Clause] = frozenset()
    signatures: tuple[Signature, ...] = ()
    qualification: str | None = None
    recognitions: tuple[Recognition, ...] = ()
    guardian_letter_on: date | None = None
    risk_inventory_covers_youths: bool = False
    names_supervisor: bool = False
    guidance_fails: bool = False
    schedule: Schedule | None = None

    def __post_init__(self) -> None:
        """Refuse a period upside down."""
        if self.ends_on < self.starts_on:
            raise InvalidProblem((Fault("agreement", "days", "end_before_start"),))


def check_agreement(
    seeker: Seeker,
    offer: OfferFacts,
    agreement: Agreement,
    *,
    law: LawBook = DUTCH_LAW,
    acknowledged: Collection[str] = (),
) -> list[RuleVerdict]:
    """What every rule on agreements says of a placement: OK, or what is missing; BLOCK: it may not start.

    Age and law are those of the first day; an unknown age is the youngest. `acknowledged` are the rules a
    named coordinator has taken on himself (only a SCHOOL_ACK listens to that). Source: DOMAIN 2.4.

    >>> from matching.nouns import Kind
    >>> late = Agreement(
    ...     date(2027, 3, 1), date(2027, 6, 30), signatures=(Signature(Party.HOST, date(2027, 3, 2)),)
    ... )
    >>> said = check_agreement(Seeker("youth", "1068", (2009, 6)), OfferFacts(Kind.BPV), late)
    >>> next((one.verdict.value, one.facts["missing"]) for one in said if one.rule == "A-7")
    ('BLOCK', ('school', 'youth', 'host'))
    """
    age = LOWEST_AGE if seeker.birth is None else age_on(seeker.birth, agreement.starts_on)
    papers = _Papers(seeker, offer, agreement, age)
    verdicts = []
    for row in law.on(agreement.starts_on).agreements:
        if papers.are_asked_by(row):
            said = papers.verdict(row)
            if said.verdict is Verdict.SCHOOL_ACK and row.id in acknowledged:
                said = replace(said, verdict=Verdict.OK, facts={**said.facts, "acknowledged": True})
            verdicts.append(said)
    return verdicts


class _Papers:
    """An agreement beside whom and what it is about."""

    def __init__(self, seeker: Seeker, offer: OfferFacts, agreement: Agreement, age: int) -> None:
        self._seeker = seeker
        self._offer = offer
        self._agreement = agreement
        self._age = age

    def are_asked_by(self, row: AgreementRow) -> bool:
        if self._offer.kind not in row.kinds or (row.under_age is not None and self._age >= row.under_age):
            return False
        if row.proofs == (Proof.EDUCATION_DAYS,) and self._agreement.schedule is None:
            return False
        return not row.about_work or activity_of(self._offer) is not None

    def verdict(self, row: AgreementRow) -> RuleVerdict:
        missing: Missing = {}
        for proof in row.proofs:
            missing |= _CHECKS[proof](self, row)
        if not missing:
            return RuleVerdict(row.id, Verdict.OK, row.source, {"age": self._age})
        days = missing.get("days")
        first, last = (days[0], days[-1]) if isinstance(days, tuple) else (None, None)
        return RuleVerdict(
            row.id,
            row.verdict,
            row.source,
            {"age": self._age, **missing},
            None if first is None else date.fromisoformat(first),
            None if last is None else date.fromisoformat(last),
        )

    def signatures(self, row: AgreementRow) -> Missing:
        """Who has not signed on or before the first day; and who did so too late."""
        starts_on = self._agreement.starts_on
        parties = row.adult_parties if self._age >= ADULT_AGE else row.parties
        signed = {one.party for one in self._agreement.signatures if one.on <= starts_on}
        late = {one.party for one in self._agreement.signatures} - signed
        missing = [party for party in parties if party not in signed]
        if not missing:
            return {}
        return {
            "missing": tuple(party.value for party in missing),
            "too_late": tuple(party.value for party in missing if party in late),
            "starts_on": starts_on.isoformat(),
        }

    def clauses(self, row: AgreementRow) -> Missing:
        missing = [clause for clause in row.clauses if clause not in self._agreement.clauses]
        return {"missing": tuple(clause.value for clause in missing)} if missing else {}

    def recognition(self, _row: AgreementRow) -> Missing:
        """Whether the company is recognised on the first day, for the qualification when there is one."""
        if any(
            one.valid_from <= self._agreement.starts_on <= one.valid_until for one in self._recognitions()
        ):
            return {}
        found: Missing = {"recognition": False}
        wanted = self._qualification()
        if wanted is not None:
            found["qualification"] = wanted
        return found

    def lasting(self, _row: AgreementRow) -> Missing:
        found: Missing = {"guidance_fails": True} if self._agreement.guidance_fails else {}
        ends = [
            one.valid_until
            for one in self._recognitions()
            if one.valid_from <= self._agreement.starts_on <= one.valid_until
        ]
        if ends and max(ends) < self._agreement.ends_on:
            found["lapses_on"] = (max(ends) + timedelta(days=1)).isoformat()
        return found

    def guardian_letter(self, _row: AgreementRow) -> Missing:
        sent = self._agreement.guardian_letter_on
        return {} if sent is not None and sent <= self._agreement.starts_on else {"missing": ("letter",)}

    def risk_inventory(self, _row: AgreementRow) -> Missing:
        shown = {
            "risk_inventory": self._agreement.risk_inventory_covers_youths,
            "supervisor": self._agreement.names_supervisor,
        }
        missing = tuple(name for name, is_there in shown.items() if not is_there)
        return {"missing": missing} if missing else {}

    def education_days(self, _row: AgreementRow) -> Missing:
        days = tuple(self._days_without_education())
        return {"days": days} if days else {}

    def _days_without_education(self) -> Iterator[str]:
        schedule = self._agreement.schedule
        for work in schedule.days if schedule is not None else ():
            if schedule is not None and not schedule.has_education(work.day):
                yield work.day.isoformat()

    def _qualification(self) -> str | None:
        return self._agreement.qualification or self._seeker.crebo

    def _recognitions(self) -> list[Recognition]:
        """Those for the qualification; a work-learn track has none, and any will do."""
        wanted = self._qualification()
        if wanted is None and self._offer.kind is Kind.WORK_LEARN_TRACK:
            return list(self._agreement.recognitions)
        return [one for one in self._agreement.recognitions if one.code == wanted]


_CHECKS: dict[Proof, Callable[[_Papers, AgreementRow], Missing]] = {
    Proof.SIGNATURES: _Papers.signatures,
    Proof.CLAUSES: _Papers.clauses,
    Proof.RECOGNITION: _Papers.recognition,
    Proof.LASTING: _Papers.lasting,
    Proof.GUARDIAN_LETTER: _Papers.guardian_letter,
    Proof.RISK_INVENTORY: _Papers.risk_inventory,
    Proof.EDUCATION_DAYS: _Papers.education_days,
}
