"""What goes out about bottlenecks, recruiting and fairness: numbers and codes, no person."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from service.insights.models import AnalysisStatus, Scope


class CountOutput(BaseModel):
    """How many of the youths wish a sector, or live at a postcode."""

    code: str
    youths: int


class BottleneckOutput(BaseModel):
    """Sectors, postcodes and minutes only for a coordinator of the programme."""

    id: UUID
    scope: Scope
    youths: int
    offers: int
    positions: int
    shortage: int
    capped_hosts: int
    sectors: list[CountOutput]
    pc4s: list[CountOutput]
    minutes: int | None
    text: str


class BottlenecksOutput(BaseModel):
    """`computed_at` is empty while nothing was found out yet."""

    status: AnalysisStatus | None
    computed_at: datetime | None
    is_whole: bool
    youths: int
    positions: int
    shortage: dict[Scope, int]
    bottlenecks: list[BottleneckOutput]


class RecruitOutput(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    scope: Scope
    number: int
    sector: str
    pc4: str
    positions: int
    helps: int


class RecruitingListOutput(BaseModel):
    """`left`: youths no new position would help, per scope; `is_complete` False: time ran out.

    To who does not coordinate the programme no number below ten is told: `left` is null then.
    """

    status: AnalysisStatus | None
    computed_at: datetime | None
    left: dict[Scope, int | None]
    is_complete: dict[Scope, bool]
    recruits: list[RecruitOutput]


class CellOutput(BaseModel):
    youths: int
    placed_share: float
    good_share: float
    minimum: float
    p10: float
    mean: float
    gini: float
    overruled_share: float | None


class AuditOutput(BaseModel):
    """A cell that is null is not shown, because it is of fewer than ten or would tell of fewer than ten."""

    status: AnalysisStatus | None
    computed_at: datetime | None
    good: float
    overall: CellOutput | None
    groups: dict[str, dict[str, CellOutput | None]]
    decisions: dict[str, int | None]
