"""One piece of work in shards, wherever joblib sends them: here, to threads, to processes or to a cluster.

Guarantee: the results come in the order of the shards, each exactly what `act(shared, shard)` gives here; so
where it ran, and beside what, cannot be seen in an answer. What all shards share is packed once and unpacked
once per process. Source: the caller's `joblib.parallel_config`, of which nothing is overruled.
"""

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from joblib import Parallel, delayed
from joblib.parallel import get_active_backend
from numpy.typing import NDArray

from matching.errors import Fault, InvalidProblem, RunStopped

Shared = TypeVar("Shared")
Shard = TypeVar("Shard")
Result = TypeVar("Result")
_Packed = NDArray[np.uint8]


def in_shards(
    act: Callable[[Shared, Shard], Result],
    shared: Shared,
    shards: Iterable[Shard],
    stop: Callable[[], bool] | None = None,
) -> Iterator[Result]:
    """`act(shared, shard)` of every shard, in their order, as soon as each is there.

    `act` is a function of a module and changes nothing; all three can be pickled when the backend has other
    processes. `stop()` is asked here, with each result; when it says yes no shard is begun any more, and
    when those under way are done RunStopped is raised. At most a few results wait in memory.
    """
    backend, _ = get_active_backend()
    # Backends with processes of their own do not say so at all.
    if getattr(backend, "supports_sharedmem", False):
        here = delayed(act)
        calls = (here(shared, shard) for shard in shards)
    else:
        packed = _pack(shared)
        elsewhere, key = delayed(_act_elsewhere), _key(packed)
        calls = (elsewhere(act, key, packed, shard) for shard in shards)
    is_stopped = False

    def begun() -> Iterator[Any]:
        for call in calls:
            if is_stopped:
                return
            yield call

    # A shard is work for seconds already: put together, the last worker would keep the others waiting.
    results = Parallel(return_as="generator", batch_size=1)(begun())
    for result in results:
        is_stopped = is_stopped or (stop is not None and stop())
        if not is_stopped:
            yield result
    if is_stopped:
        raise RunStopped


def ranges(number: int, shards: int) -> list[range]:
    """The rows 0 to `number` in at most so many stretches, as equal as can be, none of them empty.

    A number of shards below 1 is InvalidProblem.

    >>> ranges(7, 3)
    [range(0, 2), range(2, 4), range(4, 7)]
    """
    if shards < 1:
        raise InvalidProblem((Fault("run", "shards", "below_1"),))
    bounds = [number * shard // shards for shard in range(shards + 1)]
    return [range(first, last) for first, last in pairwise(bounds) if last > first]


def _pack(shared: object) -> _Packed:
    """As an array, for joblib lends a large array to processes of one machine instead of copying it."""
    return np.frombuffer(pickle.dumps(shared, protocol=pickle.HIGHEST_PROTOCOL), dtype=np.uint8)


def _key(packed: _Packed) -> str:
    return hashlib.sha256(packed.data).hexdigest()


class _Unpacked:
    """What was unpacked last in this process; two threads of a worker wait for one another, and share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._key = ""
        self._shared: Any = None

    def get(self, key: str, packed: _Packed) -> Any:
        with self._lock:
            if key != self._key:
                self._shared = None
                self._shared = pickle.loads(packed.data)  # noqa: S301 packed by ourselves, in the same run
                self._key = key
            return self._shared


_UNPACKED = _Unpacked()


def _act_elsewhere(act: Callable[[Any, Shard], Result], key: str, packed: _Packed, shard: Shard) -> Result:
    return act(_UNPACKED.get(key, packed), shard)
