"""The engine's front door: every public name, sorted; loaded on first use, so that light parts stay light.

`from matching import Vocabulary, check_pair, offer_verdicts` loads neither numpy nor scipy nor scikit-learn;
`suggest` and `explain` do.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matching.classes import class_seeker
    from matching.eligibility import CAUSES, RULES, check_pair, permits, worst
    from matching.errors import EngineFault, Fault, InvalidProblem, MatchingError, RunStopped
    from matching.explanation import explain
    from matching.geography import Limits
    from matching.law_nl import LAW, LawRow
    from matching.lawfulness import offer_verdicts
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
        Part,
        Pathway,
        Place,
        Profile,
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
    from matching.problem import Problem
    from matching.reasons import REASON_CODES
    from matching.scoring import Weights
    from matching.suggesting import suggest
    from matching.vocabulary import Completion, How, Reading, Vocabulary

_HOMES = {
    "classes": ("class_seeker",),
    "eligibility": ("CAUSES", "RULES", "check_pair", "permits", "worst"),
    "errors": ("EngineFault", "Fault", "InvalidProblem", "MatchingError", "RunStopped"),
    "explanation": ("explain",),
    "geography": ("Limits",),
    "law_nl": ("LAW", "LawRow"),
    "lawfulness": ("offer_verdicts",),
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
        "Part",
        "Pathway",
        "Place",
        "Profile",
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
    "problem": ("Problem",),
    "reasons": ("REASON_CODES",),
    "scoring": ("Weights",),
    "suggesting": ("suggest",),
    "vocabulary": ("Completion", "How", "Reading", "Vocabulary"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "CAUSES",
    "ENGINE_VERSION",
    "LAW",
    "REASON_CODES",
    "RULES",
    "WISHES_THAT_COUNT",
    "AgeBand",
    "Answer",
    "Cause",
    "Completion",
    "EngineFault",
    "Explanation",
    "Fault",
    "Gap",
    "Hazard",
    "How",
    "InvalidProblem",
    "Kind",
    "LawRow",
    "Limits",
    "MatchingError",
    "Numbers",
    "Offer",
    "OfferFacts",
    "Part",
    "Pathway",
    "Place",
    "Problem",
    "Profile",
    "Reading",
    "Reason",
    "RuleVerdict",
    "RunStopped",
    "Sector",
    "Seeker",
    "Suggestion",
    "Tag",
    "TagKind",
    "TagWeight",
    "Track",
    "TravelMode",
    "Verdict",
    "Vocabulary",
    "Weights",
    "WishWorth",
    "check_pair",
    "class_seeker",
    "explain",
    "offer_verdicts",
    "permits",
    "suggest",
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
