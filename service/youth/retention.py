"""What is kept of youths: why, how long, and how it is handed over and erased (DOMAIN 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from service.youth.models import SchoolClass, Youth

LAST_DAY_OF_INTERESTS = (10, 31)
"""Of the calendar year in which the school year ends."""
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """Columns with one purpose and one term."""

    columns: tuple[str, ...]
    purpose: str
    term: str


KEPT = (
    Kept(
        ("external_id", "first_name", "class_id", "school_id", "status", "code_version"),
        "to know whom the school means, and to let the youth in",
        "while the youth is at the school, and never longer than two years after leaving",
    ),
    Kept(
        ("birth_year", "birth_month", "track", "profile", "crebo", "level", "year"),
        "to propose only what the law and the training allow",
        "while the youth is at the school, and never longer than two years after leaving",
    ),
    Kept(
        ("wishes", "dislikes", "dream_job", "tags", "kinds", "weekdays", "available_from", "available_until"),
        "to find places that fit",
        "until 31 October after the school year",
    ),
    Kept(
        ("pc4", "modes", "max_minutes", "profile_done_at", "updated_at"),
        "to find places that can be reached",
        "until 31 October after the school year",
    ),
)
NOTHING_KNOWN: dict[str, Any] = {
    "wishes": [],
    "dislikes": [],
    "dream_job": "",
    "tags": [],
    "kinds": [],
    "weekdays": [],
    "available_from": None,
    "available_until": None,
    "pc4": None,
    "modes": [],
    "max_minutes": None,
    "profile_done_at": None,
    "updated_at": None,
}


def last_school_year_to_forget(today: date) -> str:
    """School years up to and including this one are over long enough."""
    ended_in = today.year if (today.month, today.day) > LAST_DAY_OF_INTERESTS else today.year - 1
    return f"{ended_in - 1}-{ended_in}"


def forget_interests(session: Session, today: date) -> int:
    """Empties what was asked for matching; how many youths. `updated_at` says that there is something."""
    over = session.exec(
        select(Youth)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(
            col(SchoolClass.school_year) <= last_school_year_to_forget(today),
            col(Youth.updated_at).is_not(None),
        )
        .limit(AT_A_TIME)
    ).all()
    for youth in over:
        youth.sqlmodel_update(NOTHING_KNOWN)
        session.add(youth)
    return len(over)


def handed_over(youth: Youth) -> Mapping[str, Any]:
    """What an export tells the youth about himself."""
    named = [name for kept in KEPT for name in kept.columns if name != "code_version"]
    return {name: getattr(youth, name) for name in named}
