"""What is told of one pair in an allocation: given, or what stands in its way, and who comes next."""

from collections.abc import Iterator, Sequence

from service.core.i18n import Message, _
from service.exchange.engine import Granted
from service.matchmaking.help_wording import withheld_lines
from service.matchmaking.wording import list_of

INDENT = "  "
NOT_TO_GIVE = _("It is not there to give: a rule forbids it, or it is not among the suggestions (--top).")


def granted_lines(granted: Granted) -> Iterator[str]:
    """Whether a pair is given out; if not, why, and how long it would have to wait."""
    if granted.is_made:
        yield str(_("Allocation: this position is given to this youth."))
        return
    yield str(_("Allocation: this position is not given to this youth."))
    if granted.why is None:
        yield INDENT + str(_("There was no time to find out why."))
    elif granted.why["code"] == "not_a_candidate":
        yield INDENT + str(NOT_TO_GIVE)
    else:
        yield from (INDENT + line for line in withheld_lines(granted.why))
    if granted.in_line is not None:
        yield INDENT + str(_reserve_line(granted.youth, granted.in_line))
    offers = list_of(list(granted.offers))
    yield str(_("This youth gets: %(offers)s", offers=offers) if offers else _("This youth gets nothing."))


def _reserve_line(youth: str, in_line: Sequence[str]) -> Message:
    if youth not in in_line:
        return _("This youth is not on the reserve list of this offer.")
    return _(
        "Place %(place)s of %(places)s on the reserve list of this offer",
        place=in_line.index(youth) + 1,
        places=len(in_line),
    )
