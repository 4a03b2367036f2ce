"""Who sees which mail, and who may read what it says."""

from typing import Any

from sqlalchemy import String, Uuid, column, false, select, table
from sqlmodel import col
from sqlmodel import select as select_rows

from service.core.actor import Actor
from service.core.settings import Environment
from service.mail.models import Mail, MailStatus

# Accounts lie above mail (HOUSE 4): only the two columns that say whose address it is.
_account = table("account", column("id", Uuid()), column("email", String()))


def visible(actor: Actor, environment: Environment) -> Any:
    """Admins see every delivery; in the demo, where mail goes nowhere, everybody sees what came for him."""
    if actor.is_admin:
        return select_rows(Mail)
    if environment is Environment.DEMO and actor.account_id is not None:
        own = select(_account.c.email).where(_account.c.id == actor.account_id)
        return select_rows(Mail).where(col(Mail.recipient).in_(own))
    return select_rows(Mail).where(false())


def may_list(actor: Actor, environment: Environment) -> bool:
    return actor.is_admin or (environment is Environment.DEMO and actor.account_id is not None)


def may_mend(actor: Actor) -> bool:
    return actor.is_admin


def may_send_again(actor: Actor, mail: Mail) -> bool:
    return actor.is_admin and mail.status in {MailStatus.FAILED, MailStatus.SUPPRESSED}


def may_read(environment: Environment) -> bool:
    """What a mail says is for its reader only, as soon as its reader is a real person."""
    return environment is not Environment.PRODUCTION
