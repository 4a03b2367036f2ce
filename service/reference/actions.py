"""Brings the reference tables in line with the files; safe to repeat."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, col, select

from service.reference.catalogue import catalogue
from service.reference.models import Postcode, Sector, Tag


def load_reference(session: Session) -> int:
    """How many rows were new or changed. Nothing is removed: rows may point at what files no longer name."""
    known = catalogue()
    return sum(
        [
            _bring_in(
                session,
                Sector,
                [Sector(code=row.code, chamber=row.chamber) for row in known.sectors.values()],
            ),
            _bring_in(
                session,
                Tag,
                [Tag(code=row.code, kind=row.kind, sector=row.sector) for row in known.tags.values()],
            ),
            _bring_in(
                session,
                Postcode,
                [
                    Postcode(
                        pc4=row.pc4,
                        latitude=row.latitude,
                        longitude=row.longitude,
                        place=row.place,
                        municipality=row.municipality,
                        is_repaired=row.is_repaired,
                    )
                    for row in known.postcodes.values()
                ],
            ),
        ]
    )


def _bring_in(session: Session, table: type[SQLModel], rows: Iterable[SQLModel]) -> int:
    key = inspect(table).primary_key[0].name
    stored: dict[Any, SQLModel] = {
        getattr(row, key): row for row in session.exec(select(table).order_by(col(getattr(table, key))))
    }
    changed = 0
    for row in rows:
        old = stored.get(getattr(row, key))
        if old is None:
            session.add(row)
            changed += 1
        elif old.model_dump() != row.model_dump():
            old.sqlmodel_update(row.model_dump())
            session.add(old)
            changed += 1
    session.flush()
    return changed
