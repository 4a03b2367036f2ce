"""Overviews by mail, as far as one's own account needs to know them.

They lie above accounts and are stopped one by one, so `create_app` hands in who knows them; here stands only
what is asked.
"""

from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session

from service.core.actor import Actor


@dataclass(frozen=True, slots=True)
class OverviewCount:
    """Those that come, and those that somebody stopped himself."""

    going: int = 0
    stopped: int = 0

    @property
    def number(self) -> int:
        return self.going + self.stopped


class Overviews(Protocol):
    def count(self, session: Session, actor: Actor) -> OverviewCount:
        """Of those that belong to a role of this actor that lasts."""

    def stop(self, session: Session, actor: Actor) -> None:
        """All of them."""

    def start(self, session: Session, actor: Actor) -> None:
        """All of them."""
