"""The engine's front door: every public name, sorted; loaded on first use, so that light parts stay light.

`from matching import Vocabulary, check_pair, offer_verdicts` loads neither numpy nor scipy nor scikit-learn;
`suggest` and `explain` do.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matching.agreements import Agreement, Recognition, Signature, check_agreement
    from matching.agreements_nl import AGREEMENTS, AgreementRow, Clause, Party, Proof
    from matching.allocation import LIMIT_SECONDS, allocate
    from matching.allocation_answer import (
        Allocation,
        AllocationNumbers,
        Certificate,
        Change,
        ChangeReason,
        Placing,
        Reached,
        Solver,
    )
    from matching.allocation_problem import (
        GOOD,
        MOST_WANTED,
        AllocationProblem,
        Applicant,
        Candidate,
        Capacity,
        Pair,
        Policy,
    )
    from matching.blocking import BlockingSet, Bottlenecks, bottlenecks
    from matching.classes import class_seeker
    from matching.eligibility import CAUSES, RULES, check_pair, permits, worst
    from matching.errors import EngineFault, Fault, InvalidProblem, MatchingError, OutOfTime, RunStopped
    from matching.explanation import explain
    from matching.fairness import Audit, Cell, audit, shown_counts
    from matching.geography import Limits
    from matching.helping import HELP_CODES, Help, HelpCode, HelpfulChange, what_would_help
    from matching.hosting import HOST_HELP_CODES, HostChange, HostHelp, HostHelpCode, what_would_help_hosts
    from matching.hours_nl import HOURS, HourLimit, HoursRow, Measure, Window
    from matching.index import Index, Listed
    from matching.joint_recruiting import JointNeed, joint_needs
    from matching.law_book import DUTCH_LAW, LawBook
    from matching.law_nl import LAW, LawRow
    from matching.lawfulness import offer_verdicts
    from matching.market import Market, Ranked, Shard, merge_ranked, rank, rank_shard, shards
    from matching.nouns import (
        ENGINE_VERSION,
        WISHES_THAT_COUNT,
        AgeBand,
        Answer,
        Cause,
        Explanation,
        Gap,
        Hazard,
        Kind,
        Numbers,
        Offer,
        OfferFacts,
        OfferHours,
        Part,
        Pathway,
        Place,
        Profile,
        Ranking,
        Reason,
        RuleVerdict,
        Sector,
        Seeker,
        Suggestion,
        Tag,
        TagKind,
        TagWeight,
        Track,
        TravelMode,
        Verdict,
        WishWorth,
    )
    from matching.outlining import Outline, OutlinedCause, OutlinedGap, Outlines, outline
    from matching.plan_hours import check_hours
    from matching.possibilities import possible_candidates
    from matching.preparing import applicants_of, candidates_of, capacities_of, periods_of
    from matching.problem import Problem
    from matching.public_holidays import days_off, is_day_off
    from matching.reasons import REASON_CODES
    from matching.recruiting import Recruit, RecruitingList, recruiting_list
    from matching.reserves import Move, Reserve, Succession, cancel, reserve_lists
    from matching.scoring import Weights
    from matching.suggesting import suggest, suggestions_of
    from matching.timetable_fitting import TimetableSolver
    from matching.timetable_problem import (
        MOST_ROUNDS,
        Appointment,
        Meeting,
        Stand,
        TimetableProblem,
        Visitor,
    )
    from matching.timetabling import Timetable, TimetableCertificate, schedule, verify_timetable
    from matching.verifying import Verified, verify
    from matching.vocabulary import Completion, How, Reading, Vocabulary
    from matching.withholding import WITHHOLDINGS, Withheld, Withholding, resumed, withheld
    from matching.workdays import Schedule, WorkDay, work_days

_HOMES = {
    "agreements": (
        "Agreement",
        "Recognition",
        "Signature",
        "check_agreement",
    ),
    "agreements_nl": (
        "AGREEMENTS",
        "AgreementRow",
        "Clause",
        "Party",
        "Proof",
    ),
    "allocation": (
        "LIMIT_SECONDS",
        "allocate",
    ),
    "allocation_answer": (
        "Allocation",
        "AllocationNumbers",
        "Certificate",
        "Change",
        "ChangeReason",
        "Placing",
        "Reached",
        "Solver",
    ),
    "allocation_problem": (
        "AllocationProblem",
        "Applicant",
        "Candidate",
        "Capacity",
        "GOOD",
        "MOST_WANTED",
        "Pair",
        "Policy",
    ),
    "blocking": (
        "BlockingSet",
        "Bottlenecks",
        "bottlenecks",
    ),
    "classes": ("class_seeker",),
    "eligibility": (
        "CAUSES",
        "RULES",
        "check_pair",
        "permits",
        "worst",
    ),
    "errors": (
        "EngineFault",
        "Fault",
        "InvalidProblem",
        "MatchingError",
        "OutOfTime",
        "RunStopped",
    ),
    "explanation": ("explain",),
    "fairness": (
        "Audit",
        "Cell",
        "audit",
        "shown_counts",
    ),
    "geography": ("Limits",),
    "helping": (
        "HELP_CODES",
        "Help",
        "HelpCode",
        "HelpfulChange",
        "what_would_help",
    ),
    "hosting": (
        "HOST_HELP_CODES",
        "HostChange",
        "HostHelp",
        "HostHelpCode",
        "what_would_help_hosts",
    ),
    "hours_nl": (
        "HOURS",
        "HourLimit",
        "HoursRow",
        "Measure",
        "Window",
    ),
    "index": (
        "Index",
        "Listed",
    ),
    "joint_recruiting": ("JointNeed", "joint_needs"),
    "law_book": (
        "DUTCH_LAW",
        "LawBook",
    ),
    "law_nl": (
        "LAW",
        "LawRow",
    ),
    "lawfulness": ("offer_verdicts",),
    "market": (
        "Market",
        "Ranked",
        "Shard",
        "merge_ranked",
        "rank",
        "rank_shard",
        "shards",
    ),
    "nouns": (
        "AgeBand",
        "Answer",
        "Cause",
        "ENGINE_VERSION",
        "Explanation",
        "Gap",
        "Hazard",
        "Kind",
        "Numbers",
        "Offer",
        "OfferFacts",
        "OfferHours",
        "Part",
        "Pathway",
        "Place",
        "Profile",
        "Ranking",
        "Reason",
        "RuleVerdict",
        "Sector",
        "Seeker",
        "Suggestion",
        "Tag",
        "TagKind",
        "TagWeight",
        "Track",
        "TravelMode",
        "Verdict",
        "WISHES_THAT_COUNT",
        "WishWorth",
    ),
    "outlining": (
        "Outline",
        "OutlinedCause",
        "OutlinedGap",
        "Outlines",
        "outline",
    ),
    "plan_hours": ("check_hours",),
    "possibilities": ("possible_candidates",),
    "preparing": (
        "applicants_of",
        "candidates_of",
        "capacities_of",
        "periods_of",
    ),
    "problem": ("Problem",),
    "public_holidays": (
        "days_off",
        "is_day_off",
    ),
    "reasons": ("REASON_CODES",),
    "recruiting": (
        "Recruit",
        "RecruitingList",
        "recruiting_list",
    ),
    "reserves": (
        "Move",
        "Reserve",
        "Succession",
        "cancel",
        "reserve_lists",
    ),
    "scoring": ("Weights",),
    "suggesting": ("suggest", "suggestions_of"),
    "timetable_fitting": ("TimetableSolver",),
    "timetable_problem": (
        "MOST_ROUNDS",
        "Appointment",
        "Meeting",
        "Stand",
        "TimetableProblem",
        "Visitor",
    ),
    "timetabling": (
        "Timetable",
        "TimetableCertificate",
        "schedule",
        "verify_timetable",
    ),
    "verifying": (
        "Verified",
        "verify",
    ),
    "vocabulary": (
        "Completion",
        "How",
        "Reading",
        "Vocabulary",
    ),
    "withholding": (
        "WITHHOLDINGS",
        "Withheld",
        "Withholding",
        "resumed",
        "withheld",
    ),
    "workdays": (
        "Schedule",
        "WorkDay",
        "work_days",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AGREEMENTS",
    "CAUSES",
    "DUTCH_LAW",
    "ENGINE_VERSION",
    "GOOD",
    "HELP_CODES",
    "HOST_HELP_CODES",
    "HOURS",
    "LAW",
    "LIMIT_SECONDS",
    "MOST_ROUNDS",
    "MOST_WANTED",
    "REASON_CODES",
    "RULES",
    "WISHES_THAT_COUNT",
    "WITHHOLDINGS",
    "AgeBand",
    "Agreement",
    "AgreementRow",
    "Allocation",
    "AllocationNumbers",
    "AllocationProblem",
    "Answer",
    "Applicant",
    "Appointment",
    "Audit",
    "BlockingSet",
    "Bottlenecks",
    "Candidate",
    "Capacity",
    "Cause",
    "Cell",
    "Certificate",
    "Change",
    "ChangeReason",
    "Clause",
    "Completion",
    "EngineFault",
    "Explanation",
    "Fault",
    "Gap",
    "Hazard",
    "Help",
    "HelpCode",
    "HelpfulChange",
    "HostChange",
    "HostHelp",
    "HostHelpCode",
    "HourLimit",
    "HoursRow",
    "How",
    "Index",
    "InvalidProblem",
    "JointNeed",
    "Kind",
    "LawBook",
    "LawRow",
    "Limits",
    "Listed",
    "Market",
    "MatchingError",
    "Measure",
    "Meeting",
    "Move",
    "Numbers",
    "Offer",
    "OfferFacts",
    "OfferHours",
    "OutOfTime",
    "Outline",
    "OutlinedCause",
    "OutlinedGap",
    "Outlines",
    "Pair",
    "Part",
    "Party",
    "Pathway",
    "Place",
    "Placing",
    "Policy",
    "Problem",
    "Profile",
    "Proof",
    "Ranked",
    "Ranking",
    "Reached",
    "Reading",
    "Reason",
    "Recognition",
    "Recruit",
    "RecruitingList",
    "Reserve",
    "RuleVerdict",
    "RunStopped",
    "Schedule",
    "Sector",
    "Seeker",
    "Shard",
    "Signature",
    "Solver",
    "Stand",
    "Succession",
    "Suggestion",
    "Tag",
    "TagKind",
    "TagWeight",
    "Timetable",
    "TimetableCertificate",
    "TimetableProblem",
    "TimetableSolver",
    "Track",
    "TravelMode",
    "Verdict",
    "Verified",
    "Visitor",
    "Vocabulary",
    "Weights",
    "Window",
    "WishWorth",
    "Withheld",
    "Withholding",
    "WorkDay",
    "allocate",
    "applicants_of",
    "audit",
    "bottlenecks",
    "cancel",
    "candidates_of",
    "capacities_of",
    "check_agreement",
    "check_hours",
    "check_pair",
    "class_seeker",
    "days_off",
    "explain",
    "is_day_off",
    "joint_needs",
    "merge_ranked",
    "offer_verdicts",
    "outline",
    "periods_of",
    "permits",
    "possible_candidates",
    "rank",
    "rank_shard",
    "recruiting_list",
    "reserve_lists",
    "resumed",
    "schedule",
    "shards",
    "shown_counts",
    "suggest",
    "suggestions_of",
    "verify",
    "verify_timetable",
    "what_would_help",
    "what_would_help_hosts",
    "withheld",
    "work_days",
    "worst",
]


if not TYPE_CHECKING:  # A type checker reads the imports above, and so finds names that do not exist.

    def __getattr__(name: str) -> object:
        if name not in _HOME_OF:
            raise AttributeError(f"module 'matching' has no public name {name!r}")
        value: object = getattr(import_module(f"matching.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return list(__all__)
