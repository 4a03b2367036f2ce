"""What an act costs: time on the wall, time of the processor and the most memory."""

import re
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

STATUS = Path("/proc/self/status")
FORGET_PEAK = Path("/proc/self/clear_refs")
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
KIBIBYTES = 1024


@dataclass(frozen=True, slots=True)
class Spent:
    """Of one act. The peak is of the whole process, with everything that was in memory before."""

    seconds: float
    processor_seconds: float
    peak_mebibytes: float


def timed(act: Callable[[], Result]) -> tuple[Result, Spent]:
    # Only Linux can forget an earlier peak; elsewhere a figure may show that of an earlier act.
    with suppress(OSError):
        FORGET_PEAK.write_text("5", "ascii")
    wall, processor = time.perf_counter(), time.process_time()
    result = act()
    seconds, processor_seconds = time.perf_counter() - wall, time.process_time() - processor
    return result, Spent(seconds, processor_seconds, _peak())


def _peak() -> float:
    try:
        found = PEAK.search(STATUS.read_text("ascii"))
    except OSError:
        found = None
    peak = int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / KIBIBYTES
