"""Writes the one line that says who did what."""

from typing import Any

from sqlmodel import Session

from service.audit.models import AuditEntry
from service.core.actor import Actor
from service.core.db import Table


def record(session: Session, actor: Actor, action: str, row: Table | None = None, **facts: Any) -> None:
    """`action` is a noun.verb_past; facts are ids, codes, numbers and field names, never personal values."""
    session.add(
        AuditEntry(
            action=action,
            noun=action.partition(".")[0],
            object_id=row.id if row is not None else None,
            account_id=actor.account_id,
            youth_id=actor.youth_id,
            is_system=actor.is_system,
            facts=facts,
        )
    )
