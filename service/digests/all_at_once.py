"""All overviews of one person at once, for the page of his own account, which lies below this feature."""

from sqlmodel import Session

from service.accounts.overviews import OverviewCount
from service.core.actor import Actor
from service.digests import actions, queries


class AllOverviews:
    def count(self, session: Session, actor: Actor) -> OverviewCount:
        rows = queries.list_own_subscriptions(session, actor)
        going = sum(row.is_active for row in rows)
        return OverviewCount(going, len(rows) - going)

    def stop(self, session: Session, actor: Actor) -> None:
        actions.pause_all(session, actor)

    def start(self, session: Session, actor: Actor) -> None:
        actions.resume_all(session, actor)
