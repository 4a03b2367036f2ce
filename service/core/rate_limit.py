"""Token buckets against guessing and flooding; generous per address, since a whole school shares one."""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, SlidingWindowCounterRateLimiter

from service.core.errors import TooMany

PER_ADDRESS = parse("300/15minutes")
# Only wrong ones count, per class: thirty youths who type twelve letters from a card make mistakes, and a
# stranger who knows the class's code still finds one of its personal codes (25^6) in less than one year of a
# hundred.
WRONG_CODES = (parse("60/15minutes"), parse("300/day"))


class RateLimiter:
    """Counts in the memory of one process; limits that must hold over processes count rows instead."""

    def __init__(self) -> None:
        # The moving window keeps an entry per hit and never forgets a key; this one keeps two numbers.
        self.limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.turns = FixedWindowRateLimiter(MemoryStorage())

    def hit(self, limit: RateLimitItem, *keys: str) -> None:
        if not self.limiter.hit(limit, *keys):
            raise TooMany

    def take(self, limit: RateLimitItem, *keys: str) -> bool:
        """For who must not learn of it. The time begins with the first hit; after it all are back."""
        return self.turns.hit(limit, *keys)

    def refuse_if_spent(self, limit: RateLimitItem, *keys: str) -> None:
        """Without counting: for limits that count only what went wrong."""
        if not self.limiter.test(limit, *keys):
            raise TooMany
