"""What stands in the menu, per role: few things, the next thing first."""

from service.core.actor import Actor
from service.core.i18n import Message, _

Entry = tuple[str, Message]

FOR_GUESTS: list[Entry] = [
    ("/offers", _("Offers")),
    ("/code", _("I have a code")),
    ("/uitleg", _("How it works")),
]
FOR_YOUTHS: list[Entry] = [
    ("/profile", _("My answers")),
    ("/my-suggestions", _("What fits me")),
    ("/placements", _("My places")),
]
FOR_COORDINATORS: list[Entry] = [
    ("/desk", _("Decide")),
    ("/bottlenecks", _("Bottlenecks")),
    ("/placements", _("Placements")),
    ("/offers", _("Offers")),
    ("/organisations", _("Organisations")),
    ("/classes", _("Classes")),
    ("/programmes", _("Programmes")),
]
FOR_SCHOOLS: list[Entry] = [
    ("/classes", _("Classes")),
    ("/school-requests", _("Requests")),
    ("/suggestions", _("Proposals")),
    ("/placements", _("Placements")),
    ("/offers", _("Offers")),
    ("/digests", _("Digest")),
]
FOR_CONTACTS: list[Entry] = [
    ("/offers", _("My offers")),
    ("/placements", _("Who comes")),
    ("/organisations", _("My organisation")),
]
FOR_ADMINS: list[Entry] = [
    ("/programmes", _("Programmes")),
    ("/organisations", _("Organisations")),
    ("/people", _("People")),
    ("/mails", _("Mail")),
    ("/unknown-words", _("Words")),
]


def entries(actor: Actor) -> list[tuple[str, Message]]:
    """The menus of all roles the actor has, each address once."""
    if actor.is_guest:
        return FOR_GUESTS
    if actor.is_youth:
        return FOR_YOUTHS
    found: dict[str, Message] = {}
    for has_role, menu in (
        (actor.is_coordinator, FOR_COORDINATORS),
        (actor.is_school_staff, FOR_SCHOOLS),
        (actor.is_contact, FOR_CONTACTS),
        (actor.is_admin, FOR_ADMINS),
    ):
        if has_role:
            for href, label in menu:
                found.setdefault(href, label)
    found["/account"] = _("Account")
    return list(found.items())
