"""What would place those who are left out because they go together or apart, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from service.core.i18n import _
from service.exchange.allocation_wording import ANY_SECTOR, INDENT, MOST_LINES, place_of, positions, youths
from service.exchange.engine import Given
from service.matchmaking.wording import list_of
from service.reference.labels import label

if TYPE_CHECKING:
    from service.exchange.engine import JointNeed


def joint_lines(given: Given) -> Iterator[str]:
    """One offer for each group, the largest first; said of a finished search only."""
    if not given.joint or given.allocation.certificate.is_out_of_time:
        return
    yield str(_("to look for, for who goes together or apart, each time one offer:"))
    yield from (INDENT + joint_sentence(one) for one in given.joint[:MOST_LINES])
    if len(given.joint) > MOST_LINES:
        yield INDENT + str(_("and %(more)s more", more=len(given.joint) - MOST_LINES))
    yield INDENT + str(
        _("Each of a kind and in a period that the rules allow for all of them, at another host.")
    )


def joint_sentence(one: "JointNeed") -> str:
    """Who, how large the offer must be and where, and how large the largest is now."""
    names = list_of(list(one.seeker_ids))
    free = positions(one.largest_free)
    if one.pc4 is None:
        return str(
            _(
                "%(names)s: no place is within reach of all of them. Most free at one offer now: %(free)s.",
                names=names,
                free=free,
            )
        )
    return str(
        _(
            "%(names)s: one offer with %(positions)s, %(sector)s in %(place)s, for %(youths)s at once."
            " Most free at one offer now: %(free)s.",
            names=names,
            positions=positions(one.positions),
            sector=label("sectors", one.sector) if one.sector else ANY_SECTOR,
            place=place_of(one.pc4),
            youths=youths(one.positions),
            free=free,
        )
    )
