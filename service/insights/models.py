"""What was found out about a programme: its bottlenecks, whom to recruit, and how fairly it is divided."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from service.core import clock
from service.core.db import JsonList, JsonObject, Table, UtcDateTime, choice


class AnalysisStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


GOING = (AnalysisStatus.QUEUED, AnalysisStatus.RUNNING)
STEPS = 4
"""Of an analysis: reading, the two scopes, the audit."""


class Scope(StrEnum):
    """Which positions count as one that somebody could have."""

    WISH = "wish"
    """Those a wish leads to; for who has no wishes all of them."""
    ANY = "any"
    """Everything that is allowed and within reach."""


class Analysis(Table, table=True):
    """One per programme; a later one takes the place of what was found before, when it is ready."""

    programme_id: UUID = Field(foreign_key="programme.id", unique=True, ondelete="CASCADE")
    run_id: UUID | None = Field(default=None, foreign_key="run.id", index=True, ondelete="SET NULL")
    """The newest finished run for the whole programme when it was asked."""
    run_finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: AnalysisStatus = Field(default=AnalysisStatus.QUEUED, sa_type=choice(AnalysisStatus), index=True)
    due_at: datetime | None = Field(default_factory=clock.now, sa_type=UtcDateTime, index=True)
    """When a worker may take it up; a claim moves it forward, an ended one has none."""
    attempts: int = 0
    steps_done: int = 0
    computed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """As of when the results below hold; None when there are none yet."""
    seekers: int = 0
    offers: int = 0
    positions: int = 0
    shortage_wish: int = 0
    shortage_any: int = 0
    is_whole: bool = True
    """False when there were too many pairs, so that only the best of each youth were looked at."""
    lists: dict[str, Any] = Field(default_factory=dict, sa_type=JsonObject)
    """By scope what the recruiting list leaves open: `left`, for what `causes`, and `is_complete`."""
    audit: dict[str, Any] = Field(default_factory=dict, sa_type=JsonObject)
    """Numbers only, small groups already left out."""

    @property
    def is_going(self) -> bool:
        return self.status in GOING

    def shortage(self, scope: Scope) -> int:
        return self.shortage_wish if scope is Scope.WISH else self.shortage_any


class Bottleneck(Table, table=True):
    """Youths who have together only so many positions: a blocking set of the engine."""

    analysis_id: UUID = Field(foreign_key="analysis.id", index=True, ondelete="CASCADE")
    scope: Scope = Field(sa_type=choice(Scope))
    number: int
    """Its place: the largest shortage first."""
    seekers: int
    offers: int
    positions: int
    shortage: int
    capped_hosts: int = 0
    sectors: list[list[Any]] = Field(default_factory=list, sa_type=JsonList)
    """Pairs of a code and how many wish it, the commonest first."""
    pc4s: list[list[Any]] = Field(default_factory=list, sa_type=JsonList)
    minutes: int | None = None


class BottleneckYouth(Table, table=True):
    """Who they are, for the list that a coordinator may open."""

    __tablename__ = "bottleneck_youth"
    __table_args__ = (UniqueConstraint("bottleneck_id", "youth_id"),)

    bottleneck_id: UUID = Field(foreign_key="bottleneck.id", ondelete="CASCADE")
    youth_id: UUID = Field(foreign_key="youth.id", index=True, ondelete="CASCADE")


class Recruit(Table, table=True):
    """A line of the recruiting list: so many new positions of this sector around this postcode."""

    analysis_id: UUID = Field(foreign_key="analysis.id", index=True, ondelete="CASCADE")
    scope: Scope = Field(sa_type=choice(Scope))
    number: int
    sector: str = Field(default="", max_length=40)
    """Empty: any sector."""
    pc4: str = Field(default="", max_length=4)
    positions: int
    helps: int
