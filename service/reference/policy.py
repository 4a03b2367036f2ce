"""Who sees the words that nobody knows yet: those who keep the installation, and only words seen often."""

from typing import Any

from sqlmodel import col, false, select

from service.core.actor import Actor
from service.reference.models import UnknownWord

SHOWN_FROM = 5
"""Days; a word that was read on fewer may be somebody's name (DOMAIN 3)."""


def visible(actor: Actor) -> Any:
    if not actor.is_admin:
        return select(UnknownWord).where(false())
    return select(UnknownWord).where(col(UnknownWord.days) >= SHOWN_FROM)


def may_see_words(actor: Actor) -> bool:
    return actor.is_admin
