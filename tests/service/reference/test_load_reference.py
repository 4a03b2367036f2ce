"""The tables follow the files, however often they are loaded."""

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from service.reference.actions import load_reference
from service.reference.catalogue import catalogue
from service.reference.models import Postcode, Sector, Tag


def count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_it_works(session: Session) -> None:
    """`podium migrate`, which made this database, has loaded them."""
    assert count(session, Sector) == len(catalogue().sectors)
    assert count(session, Tag) == len(catalogue().tags)
    assert count(session, Postcode) == len(catalogue().postcodes)
    stored = session.get_one(Postcode, "3062")
    assert (stored.place, stored.municipality, stored.is_repaired) == ("Rotterdam", "Rotterdam", True)


def test_loading_again_changes_nothing(session: Session) -> None:
    assert load_reference(session) == 0


def test_what_differs_is_brought_in_line(session: Session) -> None:
    session.get_one(Postcode, "1068").place = "Elders"
    session.delete(session.get_one(Tag, "gaming"))
    session.flush()
    assert load_reference(session) == 2
    assert session.get_one(Postcode, "1068").place == "Amsterdam"
    assert session.get_one(Tag, "gaming").sector is None


def test_what_the_files_dropped_stays(session: Session) -> None:
    """Rows may still point at it."""
    session.add(Tag(code="wizard", kind="occupation", sector="VAK"))
    session.flush()
    load_reference(session)
    assert session.exec(select(Tag).where(col(Tag.code) == "wizard")).one().kind == "occupation"
