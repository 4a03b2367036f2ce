"""Who sees classes and youths: a school its own, a mentor his classes, a coordinator those of his programmes.

A youth sees himself. An administrator keeps the service running and sees no youths (PRODUCT 5).
"""

from typing import Any

from sqlalchemy import ColumnElement, true
from sqlmodel import col, or_, select

from service.core.actor import Actor
from service.core.errors import require
from service.youth.models import SchoolClass, Youth


def signed_in(actor: Actor) -> Actor:
    """Youths are no public matter: a program without a token is told to sign in, not that nothing exists."""
    require(not actor.is_guest)
    return actor


def visible_classes(actor: Actor) -> Any:
    return select(SchoolClass).where(_own_classes(actor))


def visible_youths(actor: Actor) -> Any:
    """With the class joined, so that a list can show and sort by it."""
    return (
        select(Youth)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(or_(_own_classes(actor), col(Youth.id) == actor.youth_id))
    )


def _own_classes(actor: Actor) -> ColumnElement[bool]:
    if actor.is_system:
        return true()
    return or_(
        col(SchoolClass.school_id).in_(actor.school_ids),
        col(SchoolClass.id).in_(actor.class_ids),
        col(SchoolClass.programme_id).in_(actor.programme_ids),
    )


def may_add_class(actor: Actor) -> bool:
    return bool(actor.school_ids) or actor.is_system


def may_edit_class(actor: Actor, school_class: SchoolClass) -> bool:
    """Also adds and imports youths, and prints their codes: whoever has a code can answer for the youth."""
    return school_class.school_id in actor.school_ids or actor.is_system


def may_ask_mentor(actor: Actor, school_class: SchoolClass) -> bool:
    return school_class.school_id in actor.school_ids


def may_edit_youth(actor: Actor, youth: Youth) -> bool:
    return youth.school_id in actor.school_ids or actor.is_system


def may_fill_in(actor: Actor, youth: Youth) -> bool:
    """The steps of the profile are the youth's own; the school has a page of its own."""
    return actor.youth_id == youth.id
