"""What is measured with: files of an invented country, phrases, a crowd that wants positions."""

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.bench.sizes import CANDIDATES, CrowdSize, Size
from service.reference.catalogue import catalogue

SEED = 1
FULL = 1000
"""The worth of somebody's best candidate."""
LINK_WORDS = ("iets met {}", "ik wil {} worden", "{} lijkt me leuk", "geen {}", "{} of iets anders")
MISPRINT_EVERY = 3


@dataclass(frozen=True)
class Crowd:
    """Seekers with as many candidates each (columns of `offers`), their worth, and positions per offer."""

    offers: NDArray[np.intp]
    worth: NDArray[np.int64]
    positions: NDArray[np.int64]


def make_files(size: Size, folder: Path) -> tuple[Path, Path]:
    """The maker belongs to the seeds, which stand above the service, so it runs as the command it is."""
    there = ["--municipality", size.municipality] if size.municipality else []
    subprocess.run(
        [
            *(sys.executable, "-m", "seeds", "national", "--seed", str(SEED), "--out", str(folder)),
            *("--youths", str(size.youths), "--offers", str(size.offers), *there),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder / "youths.csv", folder / "offers.csv"


def phrases(number: int) -> list[str]:
    """Names of the vocabulary, bare and in a sentence; in one of three a letter is missing."""
    chance = random.Random(SEED)
    return list(islice(_phrases(chance), number))


def _phrases(chance: random.Random) -> Iterator[str]:
    names = [name for tag in catalogue().tags.values() for name in (tag.label.nl, *tag.aliases)]
    for turn, name in enumerate(cycle(names)):
        missing = chance.randrange(len(name))
        typed = name if turn % MISPRINT_EVERY else name[:missing] + name[missing + 1 :]
        yield typed if chance.random() < 0.5 else chance.choice(LINK_WORDS).format(typed)


def make_crowd(size: CrowdSize) -> Crowd:
    """Seekers along a line who like what is near and what is popular, and positions for nine in ten."""
    chance = np.random.default_rng(SEED)
    home = np.arange(size.seekers) * size.offers // size.seekers
    near = (home[:, None] + np.arange(-CANDIDATES, CANDIDATES)) % size.offers
    liked = chance.random(near.shape) + chance.random(size.offers)[near]
    best = np.argsort(-liked, axis=1)[:, :CANDIDATES]
    liked = np.take_along_axis(liked, best, axis=1)
    return Crowd(
        offers=np.take_along_axis(near, best, axis=1),
        worth=np.maximum(1, np.floor(liked / liked[:, :1] * FULL + 0.5)).astype(np.int64),
        positions=chance.multinomial(size.seekers * 9 // 10, chance.dirichlet(np.full(size.offers, 2.0))),
    )
