"""Limits hold, and what they remember does not grow for ever."""

import time

import pytest
from limits import parse
from limits.storage import MemoryStorage

from service.core.errors import TooMany
from service.core.rate_limit import RateLimiter

LIMIT = parse("3/15minutes")


def test_it_works() -> None:
    limiter = RateLimiter()
    for _time in range(3):
        limiter.refuse_if_spent(LIMIT, "code", "ABC")
        limiter.hit(LIMIT, "code", "ABC")

    with pytest.raises(TooMany):
        limiter.refuse_if_spent(LIMIT, "code", "ABC")
    with pytest.raises(TooMany):
        limiter.hit(LIMIT, "code", "ABC")
    limiter.hit(LIMIT, "code", "DEF")


def test_what_is_over_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = RateLimiter()
    storage = limiter.limiter.storage
    assert isinstance(storage, MemoryStorage)
    for number in range(100):
        limiter.hit(LIMIT, "code", str(number))

    later = time.time() + 2 * 15 * 60 + 1
    monkeypatch.setattr(time, "time", lambda: later)
    storage.timer.join()
    limiter.hit(LIMIT, "code", "the next one")
    storage.timer.join()

    kept = [*storage.storage, *storage.expirations, *storage.events, *storage.locks]
    assert len(kept) < 10
