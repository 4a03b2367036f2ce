"""One row per act: ids and field names, never personal values."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from service.core.db import JsonObject, Table


class AuditEntry(Table, table=True):
    __tablename__ = "audit_entry"

    action: str = Field(max_length=60, index=True)
    noun: str = Field(max_length=40)
    object_id: UUID | None = Field(default=None, index=True)
    account_id: UUID | None = Field(default=None, index=True)
    youth_id: UUID | None = Field(default=None, index=True)
    is_system: bool = False
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JsonObject)

    @property
    def at(self) -> datetime:
        return self.created_at
