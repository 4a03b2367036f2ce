"""The cast: the same people, schools and companies everywhere.

Sloterwaard College and its rival Meerlanden College; class 3B with Noor and Yassin; baker Zonnebloem, who has
three positions; coordinator Farida of On Stage Nieuw-West; Joost, who coordinates elsewhere and sees nothing.
"""

from dataclasses import dataclass

from sqlmodel import Session

from service.accounts.models import Account, Role
from service.core.actor import Actor
from service.offers.models import Offer
from service.organisations.models import Organisation
from service.programmes.models import Programme
from service.youth.models import SchoolClass, Youth
from tests import factories as make


@dataclass
class World:
    programme: Programme
    other_programme: Programme
    school: Organisation
    other_school: Organisation
    school_class: SchoolClass
    other_class: SchoolClass
    noor: Youth
    yassin: Youth
    other_youth: Youth
    bakery: Organisation
    garage: Organisation
    bakery_offer: Offer
    garage_offer: Offer
    accounts: dict[str, Account]
    admin: Actor
    coordinator: Actor
    other_coordinator: Actor
    teacher: Actor
    other_teacher: Actor
    mentor: Actor
    baker: Actor
    mechanic: Actor
    noor_herself: Actor
    yassin_himself: Actor

    @property
    def everybody(self) -> dict[str, Actor]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Actor)}


def build_world(session: Session) -> World:
    school = make.make_school(session, name="Sloterwaard College")
    other_school = make.make_school(session, name="Meerlanden College")
    programme = make.make_programme(session, school, slug="nieuw-west", name="On Stage Nieuw-West")
    other_programme = make.make_programme(
        session, other_school, slug="meerlanden", name="On Stage Meerlanden"
    )
    school_class = make.make_class(session, school, name="3B", code="ZON37", programme_id=programme.id)
    other_class = make.make_class(
        session, other_school, name="3A", code="MEER4", programme_id=other_programme.id
    )
    noor = make.make_youth(session, school_class, first_name="Noor")
    yassin = make.make_youth(session, school_class, first_name="Yassin", profile="mt", wishes=["MOB", "TECH"])
    other_youth = make.make_youth(session, other_class, first_name="Daan")
    bakery = make.make_organisation(session, name="Bakkerij Zonnebloem")
    garage = make.make_organisation(session, name="Garage De Ring")
    bakery_offer = make.make_offer(session, bakery, title="Meelopen in de bakkerij")
    garage_offer = make.make_offer(
        session, garage, title="Sleutelen in de garage", sectors=["MOB"], positions=1
    )
    accounts = {
        name: make.make_account(session, name=name.capitalize(), email=f"{name}@example.nl")
        for name in ("admin", "farida", "joost", "marieke", "ans", "bilal", "els", "kees")
    }
    accounts["admin"].is_admin = True

    def member(name: str, role: Role, **of: object) -> Account:
        make.make_membership(session, accounts[name], role, **of)
        return accounts[name]

    farida = member("farida", Role.COORDINATOR, programme_id=programme.id)
    joost = member("joost", Role.COORDINATOR, programme_id=other_programme.id)
    marieke = member("marieke", Role.SCHOOL_STAFF, organisation_id=school.id)
    ans = member("ans", Role.SCHOOL_STAFF, organisation_id=other_school.id)
    bilal = member("bilal", Role.MENTOR, class_id=school_class.id)
    els = member("els", Role.CONTACT, organisation_id=bakery.id)
    kees = member("kees", Role.CONTACT, organisation_id=garage.id)
    session.commit()
    return World(
        programme=programme,
        other_programme=other_programme,
        school=school,
        other_school=other_school,
        school_class=school_class,
        other_class=other_class,
        noor=noor,
        yassin=yassin,
        other_youth=other_youth,
        bakery=bakery,
        garage=garage,
        bakery_offer=bakery_offer,
        garage_offer=garage_offer,
        accounts=accounts,
        admin=Actor(account_id=accounts["admin"].id, name="Admin", is_admin=True),
        coordinator=Actor(account_id=farida.id, name="Farida", programme_ids=frozenset({programme.id})),
        other_coordinator=Actor(
            account_id=joost.id, name="Joost", programme_ids=frozenset({other_programme.id})
        ),
        teacher=Actor(account_id=marieke.id, name="Marieke", school_ids=frozenset({school.id})),
        other_teacher=Actor(account_id=ans.id, name="Ans", school_ids=frozenset({other_school.id})),
        mentor=Actor(account_id=bilal.id, name="Bilal", class_ids=frozenset({school_class.id})),
        baker=Actor(account_id=els.id, name="Els", organisation_ids=frozenset({bakery.id})),
        mechanic=Actor(account_id=kees.id, name="Kees", organisation_ids=frozenset({garage.id})),
        noor_herself=Actor(youth_id=noor.id, name="Noor"),
        yassin_himself=Actor(youth_id=yassin.id, name="Yassin"),
    )
