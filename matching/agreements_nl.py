"""What a placement must show before it starts: data, each row with its article; the law of November 2026.

Source: DOMAIN 2.4. How rows are read: `matching.agreements`. A later law is a row with a later `valid_from`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matching.nouns import Kind, Verdict


class Clause(StrEnum):
    """What an agreement can say."""

    ACTIVITIES = "activities"
    PLACE = "place"
    PERIOD = "period"
    TIMES = "times"
    GUIDANCE = "guidance"
    """How school and host share it."""
    ASSESSMENT = "assessment"
    """What the host does in it."""
    INSPECTORATE = "inspectorate"
    INSURANCE = "insurance"
    """Who insures accidents and liability, and who pays."""
    LEARNING_GOALS = "learning_goals"
    TOTAL_HOURS = "total_hours"
    HOURS_PER_YEAR = "hours_per_year"
    QUALIFICATION_PART = "qualification_part"
    EARLY_ENDING = "early_ending"


class Party(StrEnum):
    """Who signs. The school is its board, in mbo the institution."""

    SCHOOL = "school"
    GUARDIAN = "guardian"
    YOUTH = "youth"
    HOST = "host"


class Proof(StrEnum):
    """What a row asks to see."""

    SIGNATURES = "signatures"
    """Of every party, on or before the first day."""
    CLAUSES = "clauses"
    RECOGNITION = "recognition"
    """On the first day, for the qualification; unknown is no."""
    LASTING = "lasting"
    """Recognition to the last day, and guidance that holds."""
    GUARDIAN_LETTER = "guardian_letter"
    RISK_INVENTORY = "risk_inventory"
    EDUCATION_DAYS = "education_days"
    """No day without education."""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One rule on agreements: for which kinds, what it asks to see, what is said when that is missing.

    `parties` sign for who is under 18 on the first day, `adult_parties` for who is not. `under_age`: only
    younger people are meant. `about_work`: only where doing something counts as work.
    """

    id: str
    kinds: frozenset[Kind]
    proofs: tuple[Proof, ...]
    source: str
    certainty: str
    verdict: Verdict = Verdict.BLOCK
    parties: tuple[Party, ...] = ()
    adult_parties: tuple[Party, ...] = ()
    clauses: tuple[Clause, ...] = ()
    under_age: int | None = None
    about_work: bool = False
    valid_from: date = date.min
    valid_until: date = date.max


_SECONDARY = frozenset({Kind.ORIENTATION_PLACEMENT, Kind.PREVOCATIONAL_PLACEMENT, Kind.WORK_LEARN_TRACK})
_COMMUNITY, _BPV = frozenset({Kind.COMMUNITY_PLACEMENT}), frozenset({Kind.BPV})
_LEARNING_WORK = frozenset({Kind.WORK_LEARN_TRACK})
_WORK = _SECONDARY | _COMMUNITY | _BPV | {Kind.HANDS_ON_DAY}

AGREEMENTS: tuple[AgreementRow, ...] = (
    AgreementRow(
        "A-1",
        _SECONDARY,
        (Proof.SIGNATURES,),
        "UB-WVO 2.36(1)",
        "A",
        parties=(Party.SCHOOL, Party.GUARDIAN, Party.HOST),
        adult_parties=(Party.SCHOOL, Party.YOUTH, Party.HOST),
    ),
    AgreementRow(
        "A-2",
        _SECONDARY,
        (Proof.CLAUSES,),
        "UB-WVO 2.36(3)",
        "A",
        clauses=(
            Clause.ACTIVITIES,
            Clause.PLACE,
            Clause.PERIOD,
            Clause.TIMES,
            Clause.GUIDANCE,
            Clause.ASSESSMENT,
            Clause.INSPECTORATE,
        ),
    ),
    AgreementRow("A-3", _SECONDARY, (Proof.CLAUSES,), "UB-WVO 2.36(4)", "A", clauses=(Clause.INSURANCE,)),
    AgreementRow(
        "A-4",
        _COMMUNITY,
        (Proof.CLAUSES,),
        "WVO 2.32, UB-WVO 2.41",
        "A",
        clauses=(
            Clause.LEARNING_GOALS,
            Clause.ACTIVITIES,
            Clause.PERIOD,
            Clause.TIMES,
            Clause.GUIDANCE,
            Clause.INSURANCE,
        ),
    ),
    AgreementRow("A-5", _BPV, (Proof.RECOGNITION,), "WEB 7.2.8(4)", "A"),
    AgreementRow(
        "A-6",
        _BPV,
        (Proof.CLAUSES,),
        "WEB 7.2.8(2), 7.2.9",
        "A",
        clauses=(
            Clause.PERIOD,
            Clause.TOTAL_HOURS,
            Clause.HOURS_PER_YEAR,
            Clause.GUIDANCE,
            Clause.QUALIFICATION_PART,
            Clause.ASSESSMENT,
            Clause.EARLY_ENDING,
        ),
    ),
    AgreementRow(
        "A-7",
        _BPV,
        (Proof.SIGNATURES,),
        "WEB 7.2.8(2)",
        "A",
        parties=(Party.SCHOOL, Party.YOUTH, Party.HOST),
        adult_parties=(Party.SCHOOL, Party.YOUTH, Party.HOST),
    ),
    # The school may do without it, which is what its word (SCHOOL_ACK) stands for.
    AgreementRow(
        "A-8",
        _BPV,
        (Proof.SIGNATURES,),
        "official guidance",
        "B",
        verdict=Verdict.SCHOOL_ACK,
        parties=(Party.GUARDIAN,),
        under_age=18,
    ),
    # A task for the school, which has to find another host; it does not end the placement by itself.
    AgreementRow("A-9", _BPV, (Proof.LASTING,), "WEB 7.2.9(2)", "A", verdict=Verdict.WARN),
    AgreementRow("A-10", _WORK, (Proof.GUARDIAN_LETTER,), "Atw 3:4", "A", under_age=16, about_work=True),
    AgreementRow(
        "A-11",
        _WORK,
        (Proof.RISK_INVENTORY,),
        "Arbobesluit 1.36-1.37",
        "A",
        under_age=18,
        about_work=True,
    ),
    AgreementRow(
        "A-12",
        _LEARNING_WORK,
        (Proof.RECOGNITION, Proof.SIGNATURES),
        "WVO 2.102",
        "C",
        parties=(Party.HOST,),
        adult_parties=(Party.HOST,),
    ),
    AgreementRow("A-13", _SECONDARY, (Proof.EDUCATION_DAYS,), "UB-WVO 2.42", "A", verdict=Verdict.WARN),
)
