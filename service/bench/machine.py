"""The machine that was measured on, as far as figures depend on it: no name of it, no place in it."""

import os
import platform
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("podium", "numpy", "scipy", "scikit-learn", "numba", "rapidfuzz", "sparse-dot-topn")
ABOUT_PROCESSOR = Path("/proc/cpuinfo")
MODEL = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Machine:
    """`cores` are those this process may use; a model or a package that is not known is left out."""

    cores: int
    memory_mebibytes: int
    processor: str | None
    system: str
    python: str
    packages: dict[str, str]


def machine() -> Machine:
    return Machine(
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_mebibytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBIBYTE,
        processor=_processor(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        packages=dict(_versions()),
    )


def _processor() -> str | None:
    try:
        model = MODEL.search(ABOUT_PROCESSOR.read_text("utf-8"))
    except OSError:
        return platform.processor() or None
    return model[1].strip() if model else None


def _versions() -> list[tuple[str, str]]:
    found = []
    for package in PACKAGES:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return found
