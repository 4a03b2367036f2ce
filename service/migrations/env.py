"""Runs migrations on the connection it is handed, the same on SQLite and PostgreSQL."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlmodel.sql.sqltypes import AutoString

from service.core.db import UtcDateTime
from service.tables import METADATA


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Writes plain SQLAlchemy types, so that a migration stands alone when the code has moved on."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, JSON):
        return "sa.JSON()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=render_item,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
