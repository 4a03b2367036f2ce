"""The form of an offer in steps: one subject a page, each saved by itself."""

from dataclasses import dataclass
from uuid import UUID

from service.core.i18n import Message, _
from service.offers.schemas import HAZARD_FIELDS


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form, and the fields that stand on it."""

    name: str
    number: int
    title: Message
    fields: frozenset[str]

    def path(self, offer_id: UUID) -> str:
        return f"/offers/{offer_id}/steps/{self.name}"


_IN_ORDER = (
    ("what", _("What and where"), {"organisation_id", "location_id", "kind", "title", "text"}),
    ("direction", _("Sectors and words"), {"sectors", "main_sector", "words", "meant"}),
    (
        "when",
        _("Days and positions"),
        {"positions", "starts_on", "ends_on", "weekdays", "starts_at", "ends_at", "hours_per_day"},
    ),
    (
        "safety",
        _("Safety"),
        {"observe_only", "on_school_ground", "supervised", "supervisor_name", *HAZARD_FIELDS},
    ),
    (
        "audience",
        _("For whom"),
        {"tracks", "profiles", "levels", "crebos", "practical", "accessibility"},
    ),
)
STEPS = {
    name: Step(name, number, title, frozenset(fields))
    for number, (name, title, fields) in enumerate(_IN_ORDER, 1)
}
FIRST, SECOND = list(STEPS.values())[:2]


def step_of(field: str) -> Step:
    """Where a field of the form stands."""
    return next(step for step in STEPS.values() if field in step.fields)


def after(step: Step) -> Step | None:
    """None after the last: then it is time to look it over."""
    return next((one for one in STEPS.values() if one.number == step.number + 1), None)


def before(step: Step) -> Step | None:
    return next((one for one in STEPS.values() if one.number == step.number - 1), None)
