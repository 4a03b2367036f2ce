"""What the engine speaks about: frozen values of codes, days and numbers, without names and without language.

A forbidden feature (DOMAIN 7: name, gender, school, marks and the like) has no field here, so it cannot be
used, not even by mistake. Ids are opaque. Weekdays count as in ISO 8601: Monday is 1, Sunday is 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

ENGINE_VERSION = "1.1.0"
WISHES_THAT_COUNT = 5

Fact = str | int | float | bool | tuple[str, ...]
Facts = Mapping[str, Fact]


class Kind(StrEnum):
    """What is offered. Group kinds match a class, the others a youth."""

    ORIENTATION_PLACEMENT = "orientation_placement"
    PREVOCATIONAL_PLACEMENT = "prevocational_placement"
    COMMUNITY_PLACEMENT = "community_placement"
    WORK_LEARN_TRACK = "work_learn_track"
    BPV = "bpv"
    FLASH_VISIT = "flash_visit"
    COMPANY_VISIT = "company_visit"
    HANDS_ON_DAY = "hands_on_day"
    GUEST_LESSON = "guest_lesson"
    ROLE_MODEL = "role_model"
    COACH = "coach"
    PEER_LESSON = "peer_lesson"

    @property
    def is_group(self) -> bool:
        """Whether a whole class takes part at once."""
        return self in _GROUP_KINDS

    @property
    def is_visit(self) -> bool:
        """Whether it is a look around on company ground, with school staff."""
        return self in _VISITS


_VISITS = frozenset({Kind.FLASH_VISIT, Kind.COMPANY_VISIT})
_GROUP_KINDS = _VISITS | {Kind.GUEST_LESSON, Kind.PEER_LESSON}


class Track(StrEnum):
    """The four tracks of vmbo (leerwegen)."""

    BB = "BB"
    KB = "KB"
    GL = "GL"
    TL = "TL"


class Profile(StrEnum):
    """The profiles of vmbo: ten of BB, KB and GL in the order of the law, then the four of TL."""

    BWI = "bwi"
    PIE = "pie"
    MT = "mt"
    MVI = "mvi"
    MAT = "mat"
    ZW = "zw"
    EO = "eo"
    HBR = "hbr"
    GROEN = "groen"
    DP = "dp"
    TL_TECHNIEK = "tl_techniek"
    TL_ZORG_WELZIJN = "tl_zorg_welzijn"
    TL_ECONOMIE = "tl_economie"
    TL_GROEN = "tl_groen"


class Pathway(StrEnum):
    """The two pathways of mbo: school-based and work-based."""

    BOL = "BOL"
    BBL = "BBL"


class TravelMode(StrEnum):
    """A way of travelling."""

    BIKE = "bike"
    OV = "ov"
    WALK = "walk"


class Hazard(StrEnum):
    """A danger the maker of an offer answers yes or no to (DOMAIN 2.3)."""

    Z_1 = "Z-1"
    Z_2 = "Z-2"
    Z_3 = "Z-3"
    Z_4 = "Z-4"
    Z_5 = "Z-5"
    Z_6 = "Z-6"
    Z_7 = "Z-7"
    Z_8 = "Z-8"
    Z_9 = "Z-9"
    Z_10 = "Z-10"
    Z_11 = "Z-11"
    Z_12 = "Z-12"
    Z_13 = "Z-13"
    Z_14 = "Z-14"
    Z_15 = "Z-15"
    Z_16 = "Z-16"
    Z_17 = "Z-17"


class AgeBand(StrEnum):
    """The ages the law tells apart."""

    AGE_12 = "12"
    AGE_13 = "13"
    AGE_14_15 = "14-15"
    AGE_16_17 = "16-17"
    ADULT = "18+"


class TagKind(StrEnum):
    """What a word of the vocabulary stands for."""

    OCCUPATION = "occupation"
    ACTIVITY = "activity"
    TALENT = "talent"


class Verdict(StrEnum):
    """What a rule says: fine, fine with a remark, only with the school's word, or never."""

    OK = "OK"
    WARN = "WARN"
    SCHOOL_ACK = "SCHOOL_ACK"
    BLOCK = "BLOCK"

    @property
    def severity(self) -> int:
        """0 for OK up to 3 for BLOCK."""
        return _SEVERITY[self]


_SEVERITY = {verdict: order for order, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of work and the chamber (sectorkamer) it shares with its neighbours."""

    code: str
    chamber: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A word of the vocabulary: an occupation, an activity or a talent.

    `labels` are its plain names (one per language), `aliases` the other words people use for it; `hints` are
    words that may mean it or something else, and are therefore only asked about.
    """

    code: str
    kind: TagKind
    sector: str | None = None
    labels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The point that stands for a four-digit postcode."""

    pc4: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Seeker:
    """A youth, or a class when `class_size` is given; what is not said is None or empty.

    `birth` is (year, month). `wishes` are codes of tags or sectors, most wanted first; the first five count.
    `modes`, `kinds` and `weekdays` empty: all of them. `max_minutes` can only lower the limit of the age.
    """

    id: str
    pc4: str
    birth: tuple[int, int] | None
    track: Track | None = None
    profile: Profile | None = None
    crebo: str | None = None
    level: int | None = None
    year: int | None = None
    pathway: Pathway | None = None
    modes: frozenset[TravelMode] = frozenset()
    max_minutes: int | None = None
    wishes: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    available_from: date | None = None
    until: date | None = None
    weekdays: frozenset[int] = frozenset()
    class_size: int | None = None

    @property
    def is_class(self) -> bool:
        """Whether this stands for a class and not for one youth."""
        return self.class_size is not None

    @property
    def size(self) -> int:
        """How many positions are needed."""
        return 1 if self.class_size is None else self.class_size

    @property
    def is_mbo(self) -> bool:
        """Whether a level or a crebo says that this is a student of mbo."""
        return self.level is not None or self.crebo is not None


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What the law asks about an offer, also while it is still being made.

    `hazards` are those that apply; None means that nothing was answered yet. `unanswered` are the open
    questions beside answered ones. `observe_only` None: as the kind implies (a visit is looking, the rest is
    doing).
    """

    kind: Kind
    hazards: frozenset[Hazard] | None = None
    unanswered: frozenset[Hazard] = frozenset()
    supervised: bool = False
    observe_only: bool | None = None
    on_school_ground: bool = False

    @property
    def open_hazards(self) -> frozenset[Hazard]:
        """The hazards nobody answered."""
        return frozenset(Hazard) if self.hazards is None else self.unanswered

    @property
    def is_looking_only(self) -> bool:
        """Whether youths only watch."""
        return self.kind.is_visit if self.observe_only is None else self.observe_only


@dataclass(frozen=True, slots=True)
class OfferHours:
    """What an offer says of a day's work, as far as it does; `hours_per_day` is without breaks."""

    starts_at: time | None = None
    ends_at: time | None = None
    hours_per_day: float | None = None
    weekdays: frozenset[int] = frozenset()

    @property
    def is_silent(self) -> bool:
        """Whether nothing is said about how long or from when to when."""
        return self.starts_at is None and self.ends_at is None and self.hours_per_day is None


@dataclass(frozen=True, slots=True)
class Offer:
    """What an organisation offers; what is not said is None or empty and then restricts nobody.

    `sectors` has the main sector first; empty: those of the tags. `positions` are those still free, counted
    in youths, for a class too. `hazards`, `unanswered`, `observe_only` as in OfferFacts.
    """

    id: str
    kind: Kind
    pc4: str
    sectors: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    positions: int = 1
    starts_on: date | None = None
    ends_on: date | None = None
    hours_per_day: float | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    weekdays: frozenset[int] = frozenset()
    tracks: frozenset[Track] = frozenset()
    profiles: frozenset[Profile] = frozenset()
    levels: frozenset[int] = frozenset()
    crebos: frozenset[str] = frozenset()
    hazards: frozenset[Hazard] | None = None
    unanswered: frozenset[Hazard] = frozenset()
    supervised: bool = False
    observe_only: bool | None = None
    on_school_ground: bool = False

    @property
    def facts(self) -> OfferFacts:
        """What the law asks about it."""
        return OfferFacts(
            self.kind,
            self.hazards,
            self.unanswered,
            self.supervised,
            self.observe_only,
            self.on_school_ground,
        )

    @property
    def hours(self) -> OfferHours:
        """What the rules on hours ask about it."""
        return OfferHours(self.starts_at, self.ends_at, self.hours_per_day, self.weekdays)


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What one rule says of a pair or an offer, and its source; days are given when only they are meant."""

    rule: str
    verdict: Verdict
    source: str
    facts: Facts = field(default_factory=dict)
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is suggested: a code of REASON_CODES and the facts to say it with."""

    code: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer for one seeker. `score` is 0-100, its parts are 0-1; rank 1 is the first of the list."""

    seeker_id: str
    offer_id: str
    rank: int
    score: float
    sector: float
    location: float
    talent: float
    minutes: int
    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in their order."""
        return tuple(reason.code for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why offers fell away: how many a rule was the first to forbid, and how many it alone forbids."""

    code: str
    offers: int
    alone: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A seeker without any suggestion, and why, the commonest cause first."""

    seeker_id: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The size of a run."""

    seekers: int
    offers: int
    pairs: int
    eligible_pairs: int
    suggestions: int
    seekers_with_suggestion: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a run, with what is needed to run it again and get the same."""

    suggestions: tuple[Suggestion, ...]
    gaps: tuple[Gap, ...]
    numbers: Numbers
    engine_version: str
    input_hash: str
    config_hash: str
    seed: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: `points` = 100 × `weight` × `value`.

    `given_weight` is the programme's; `weight` what is left of it, or was added, after silent parts gave
    theirs away.
    """

    name: str
    value: float
    given_weight: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class WishWorth:
    """What one wish does for the sector part: `worth` by its rank, times `likeness` to the offer."""

    wish: str
    worth: float
    likeness: float


@dataclass(frozen=True, slots=True)
class TagWeight:
    """How much a tag says in the talent part: it stands in `documents` of all, so its idf is `weight`."""

    tag: str
    documents: int
    weight: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The place of an allowed offer among all that are allowed to its seeker; rank 1 is the first.

    When it is not proposed: the last offer that is, with its score and parts, and `short_in`: the part in
    which it loses most points to that one, `spread` when its sector had its turn before, `lottery` when the
    scores are equal. `short_points` is what it is behind, in that part; 0 where no points decide.
    """

    rank: int
    allowed: int
    is_proposed: bool
    last_offer_id: str | None = None
    last_score: float | None = None
    last_parts: tuple[Part, ...] = ()
    short_in: str | None = None
    short_points: float = 0.0

    @property
    def above(self) -> int:
        """How many offers come before it."""
        return self.rank - 1


@dataclass(frozen=True, slots=True)
class Explanation:
    """The arithmetic of one pair, or the rule that forbids it.

    `score`, `parts`, what they are made of (`wishes`, the tags of both sides, rarest first, out of so many
    `documents`) and `ranking` are there when the pair is allowed; `forbidden_by` when it is not. `verdicts`
    are all rules that speak, `lottery` the number that decides between equal scores (the lower goes first).
    """

    seeker_id: str
    offer_id: str
    verdicts: tuple[RuleVerdict, ...]
    forbidden_by: RuleVerdict | None
    kilometres: float
    minutes: int | None
    limit_minutes: int
    score: float | None
    parts: tuple[Part, ...]
    wishes: tuple[WishWorth, ...]
    documents: int
    seeker_tags: tuple[TagWeight, ...]
    offer_tags: tuple[TagWeight, ...]
    reasons: tuple[Reason, ...]
    lottery: int
    ranking: Ranking | None = None

    @property
    def is_allowed(self) -> bool:
        """Whether no rule forbids the pair."""
        return self.forbidden_by is None
