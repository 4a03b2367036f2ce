"""How many progress streams one person may keep open: each holds a connection and looks at the database."""

from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

from starlette.requests import Request

from service.matchmaking.errors import TooManyStreams

MOST_STREAMS = 4
"""A few windows are fine. Counted in the memory of one process, for it is that process that is spared."""
_open: Counter[UUID | None] = Counter()


async def one_more_stream(request: Request) -> AsyncIterator[None]:
    """Holds a place until the stream has ended; refused before it begins when there are too many."""
    who = request.state.actor.account_id or request.state.actor.youth_id
    if _open[who] >= MOST_STREAMS:
        raise TooManyStreams
    _open[who] += 1
    try:
        yield
    finally:
        _open[who] -= 1
        if not _open[who]:
            del _open[who]
