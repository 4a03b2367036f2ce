"""The catalogue in the engine's own nouns, built once."""

from collections.abc import Iterable
from functools import cache

from matching import Place, Sector, Tag, TagKind, Vocabulary
from service.reference.catalogue import catalogue


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(engine_tags())


def tag_kinds(codes: Iterable[str]) -> frozenset[TagKind]:
    """The kinds of tags that are named; what is no kind is left out."""
    return frozenset(TagKind(code) for code in codes if code in set(TagKind))


@cache
def engine_sectors() -> tuple[Sector, ...]:
    return tuple(Sector(sector.code, sector.chamber) for sector in catalogue().sectors.values())


@cache
def engine_tags() -> tuple[Tag, ...]:
    return tuple(
        Tag(tag.code, TagKind(tag.kind), tag.sector, (tag.label.nl, tag.label.en), tag.aliases, tag.hints)
        for tag in catalogue().tags.values()
    )


@cache
def engine_places() -> tuple[Place, ...]:
    return tuple(
        Place(place.pc4, place.latitude, place.longitude) for place in catalogue().postcodes.values()
    )
