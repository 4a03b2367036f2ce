"""Token buckets against guessing and flooding; generous per address, since a whole school shares one."""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.core.errors import TooMany

PER_ADDRESS = parse("300/15minutes")
CODE_GUESSES = parse("10/15minutes")


class RateLimiter:
    """Counts in the memory of one process; limits that must hold over processes count rows instead."""

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, limit: RateLimitItem, *keys: str) -> None:
        if not self.limiter.hit(limit, *keys):
            raise TooMany
