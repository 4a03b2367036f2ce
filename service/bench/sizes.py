"""How large a measurement is; light, for the command lists them."""

from dataclasses import dataclass

CANDIDATES = 20
APPOINTMENTS = 2
PHRASES = 5_000


@dataclass(frozen=True, slots=True)
class CrowdSize:
    """How many seekers ask for how many offers."""

    seekers: int
    offers: int


@dataclass(frozen=True, slots=True)
class Size:
    """How many youths and offers, in one municipality or in all, and which crowds want positions."""

    youths: int
    offers: int
    municipality: str | None
    crowds: tuple[CrowdSize, ...]


REGION_CROWD, CITY_CROWD, COUNTRY_CROWD = (
    CrowdSize(1_000, 250),
    CrowdSize(10_000, 3_000),
    CrowdSize(100_000, 30_000),
)
SIZES = {
    "region": Size(1_000, 250, "Amsterdam", (REGION_CROWD,)),
    "city": Size(50_000, 25_000, None, (REGION_CROWD, CITY_CROWD)),
    "country": Size(500_000, 250_000, None, (REGION_CROWD, CITY_CROWD, COUNTRY_CROWD)),
}
