"""Who may see which people, and change what about them."""

from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true
from sqlmodel import col

from service.accounts.models import Account, Membership, Role
from service.accounts.places import Places
from service.core.actor import Actor


def visible(actor: Actor, places: Places) -> ColumnElement[bool]:
    """Accounts: an admin sees all, others those with a role that they could have given."""
    if actor.is_admin:
        return true()
    if not may_manage_people(actor):
        return false()
    return col(Account.id).in_(select(col(Membership.account_id)).where(places.governed(actor)))


def visible_memberships(actor: Actor, places: Places) -> ColumnElement[bool]:
    return true() if actor.is_admin else places.governed(actor)


def may_manage_people(actor: Actor) -> bool:
    return actor.is_admin or actor.is_coordinator or bool(actor.school_ids) or actor.is_contact


def may_invite_admin(actor: Actor) -> bool:
    return actor.is_admin


def may_take(actor: Actor, role: Role, place_id: UUID | None) -> bool:
    """A role for oneself opens no door to youths: a host, school or class only to who is there already.

    Who coordinates a programme is for its coordinators and admins to say, also about themselves.
    """
    if role is Role.MENTOR:
        return bool(actor.school_ids)
    if role in {Role.SCHOOL_STAFF, Role.CONTACT}:
        return place_id in actor.school_ids | actor.organisation_ids
    return True


def may_close(actor: Actor, account: Account) -> bool:
    """Closing, opening again and taking away administration: never of oneself, so that one always remains."""
    return actor.is_admin and account.id != actor.account_id


def may_end(actor: Actor, membership: Membership) -> bool:
    """A visible role may be ended, but not one's own: nobody locks himself out by mistake."""
    return membership.account_id != actor.account_id


def has_account(actor: Actor) -> bool:
    return actor.account_id is not None
