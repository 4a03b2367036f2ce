"""Sentences with proof about bottlenecks, and the words of the audit."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.core.i18n import Message, _, language, ngettext
from service.insights.fairness import APPROVED, REPLACED
from service.insights.models import Analysis, Bottleneck, Recruit, Scope
from service.matchmaking.models import RefusalCode
from service.matchmaking.wording import list_of, rule_sentence
from service.reference.catalogue import catalogue
from service.reference.labels import label

NAMED_SECTORS = 3
OUT_OF_REACH = "R-1"

SCOPES: dict[Scope, Message] = {
    Scope.WISH: _("Something that suits a wish"),
    Scope.ANY: _("Anything at all"),
}
GROUPINGS: dict[str, Message] = {
    "school": _("By school"),
    "track": _("By track or level"),
    "neighbourhood": _("By neighbourhood"),
}
GROUP_NAMES: dict[str, Message] = {
    "school": _("School"),
    "track": _("Track or level"),
    "neighbourhood": _("Postcode"),
}
DECISIONS: dict[str, Message] = {
    APPROVED: _("Approved as proposed"),
    REPLACED: _("Another offer chosen instead"),
    RefusalCode.TOO_FAR: _("Refused: too far away"),
    RefusalCode.WRONG_DAYS: _("Refused: the days do not fit"),
    RefusalCode.NOT_WHAT_YOUTH_WANTS: _("Refused: not what the youth wants"),
    RefusalCode.HAS_SOMETHING_ALREADY: _("Refused: has something already"),
    RefusalCode.BEEN_THERE_BEFORE: _("Refused: has been there before"),
    RefusalCode.HOST_CANNOT: _("Refused: the host cannot after all"),
    RefusalCode.NEEDS_OTHER_GUIDANCE: _("Refused: needs other guidance"),
    RefusalCode.OTHER: _("Refused or withdrawn for another reason"),
    RefusalCode.DECLINED_BY_YOUTH: _("Approved, but the youth said no"),
    RefusalCode.DECLINED_BY_HOST: _("Approved, but the host said no"),
    RefusalCode.NO_ANSWER: _("Approved, but nobody answered in time"),
}
RECRUITING_COLUMNS: tuple[Message, ...] = (
    _("Sector"),
    _("Postcode"),
    _("Place"),
    _("New positions"),
    _("Helps youths"),
)
ANY_SECTOR = _("any sector")
SEVERAL = re.compile(r", | en | and | & ")

Cell = Mapping[str, Any]


def youths(number: int) -> str:
    return ngettext("%(number)s youth", "%(number)s youths", number) % {"number": number}


def positions(number: int) -> str:
    return ngettext("%(number)s position", "%(number)s positions", number) % {"number": number}


def bottleneck_sentence(one: Bottleneck) -> str:
    """As «34 jongeren hebben samen maar 21 plekken binnen bereik: zorg, binnen 30 minuten van 1067.»"""
    if is_barred(one):
        return str(_("%(youths)s: no position can be given, wherever it is.", youths=youths(one.seekers)))
    if not one.positions:
        said = _nothing(one)
        return str(Message(said.source, youths=youths(one.seekers), where=_where(one)))
    suits = one.scope is Scope.WISH
    text = (
        _("%(youths)s together have only %(positions)s within reach that suit a wish: %(where)s.")
        if suits
        else _("%(youths)s together have only %(positions)s within reach: %(where)s.")
    )
    return str(
        Message(
            text.source, youths=youths(one.seekers), positions=positions(one.positions), where=_where(one)
        )
    )


def _nothing(one: Bottleneck) -> Message:
    if one.scope is Scope.WISH:
        if one.seekers == 1:
            return _("%(youths)s has no position within reach that suits a wish: %(where)s.")
        return _("%(youths)s have no position within reach that suits a wish: %(where)s.")
    if one.seekers == 1:
        return _("%(youths)s has no position within reach at all: %(where)s.")
    return _("%(youths)s have no position within reach at all: %(where)s.")


def proof(one: Bottleneck) -> str:
    """What the numbers of the view prove: with a wish, only that nothing more suits one."""
    suits = one.scope is Scope.WISH
    if is_barred(one):
        return str(_("A rule or their own limit forbids every position, also a new one."))
    if not one.offers:
        return str(
            _("No offer that suits a wish is allowed, within reach and free for them.")
            if suits
            else _("No offer is allowed, within reach and free for them.")
        )
    if suits:
        where = ngettext(
            "For these youths %(offers)s offer within reach suits a wish, and no other.",
            "For these youths %(offers)s offers within reach suit a wish, and no others.",
            one.offers,
        )
        room = _(
            "Together that is room for %(positions)s, and there are %(seekers)s of them. However it is "
            "divided, %(shortage)s stay without something that suits a wish."
        )
    else:
        where = ngettext(
            "These youths can go to %(offers)s offer and to no other.",
            "These youths can go to %(offers)s offers and to no others.",
            one.offers,
        )
        room = _(
            "Together that is room for %(positions)s, and there are %(seekers)s of them. However it is "
            "divided, %(shortage)s stay without."
        )
    said = Message(room.source, positions=one.positions, seekers=one.seekers, shortage=one.shortage)
    return f"{where % {'offers': one.offers}} {said}"


def promise(analysis: Analysis, scope: Scope) -> str:
    """What the recruiting list brings; what is unfinished, or leaves some out, promises less."""
    told = analysis.lists.get(scope.value, {})
    if not told.get("is_complete", True):
        return str(_("These new positions help."))
    if told.get("left"):
        said = _("With these new positions nobody else is left out.")
    elif scope is Scope.WISH:
        said = _("With these new positions everybody can have something that suits a wish.")
    else:
        said = _("With these new positions nobody is left out.")
    fewer = _("With fewer that cannot be.")
    return f"{said} {fewer}" if analysis.is_whole else str(said)


def is_barred(one: Bottleneck) -> bool:
    """Whom no position could be given stand without a place, for that is not the cause."""
    return not (one.offers or one.pc4s)


def left_causes(analysis: Analysis, scope: Scope, fewest: int) -> list[str]:
    """Why no new position helps those who are left; none of fewer than may be told."""
    causes = analysis.lists.get(scope.value, {}).get("causes", [])
    return [_left_cause(*cause) for cause in causes if cause[1] >= fewest]


def _left_cause(rule: str, many: int, would_do: int | None) -> str:
    if rule != OUT_OF_REACH:
        return str(_("%(youths)s: %(cause)s", youths=youths(many), cause=rule_sentence(rule)))
    if would_do is None:
        return str(_("%(youths)s: no place is within the limit of travel.", youths=youths(many)))
    return str(
        _(
            "%(youths)s: no place is within the limit of travel. With %(minutes)s minutes one would be.",
            youths=youths(many),
            minutes=would_do,
        )
    )


def _where(one: Bottleneck) -> str:
    sectors = sectors_named(one.sectors)
    pc4 = one.pc4s[0][0] if one.pc4s else ""
    around = len(one.pc4s) > 1
    if one.minutes is not None and around:
        said = _("%(sectors)s, within %(minutes)s minutes of %(pc4)s and around")
    elif one.minutes is not None:
        said = _("%(sectors)s, within %(minutes)s minutes of %(pc4)s")
    elif around:
        said = _("%(sectors)s, from %(pc4)s and around")
    else:
        said = _("%(sectors)s, from %(pc4)s")
    return str(Message(said.source, sectors=sectors, minutes=one.minutes, pc4=pc4))


def sectors_named(counts: Sequence[Sequence[Any]]) -> str:
    """The commonest few: «zorg, ICT en groen»."""
    if not counts:
        return str(ANY_SECTOR)
    names = [_short(label("sectors", code)) for code, _many in counts[:NAMED_SECTORS]]
    if len(counts) > NAMED_SECTORS:
        names.append(str(_("more")))
    return list_of(names)


def sectors_heading(counts: Sequence[Sequence[Any]]) -> str:
    """The same where a row begins with it."""
    named = sectors_named(counts)
    return named[:1].upper() + named[1:]


def _short(name: str) -> str:
    """The first word of several, in a row of names; ICT stays ICT."""
    first = SEVERAL.split(name)[0]
    return first if first[:2].isupper() else first[:1].lower() + first[1:]


def place_of(pc4: str) -> str:
    known = catalogue().postcodes.get(pc4)
    return known.place if known else ""


def sector_name(code: str) -> str:
    return label("sectors", code) if code else str(ANY_SECTOR)


def recruiting_rows(recruits: Iterable[Recruit]) -> list[tuple[object, ...]]:
    return [
        (sector_name(one.sector), one.pc4, place_of(one.pc4), one.positions, one.helps) for one in recruits
    ]


def audit_tables(
    audit: Mapping[str, Any], schools: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, Cell | None]]]]:
    """Per grouping its rows by name; None where nothing is shown."""
    tables = []
    for grouping in GROUPINGS:
        cells: Mapping[str, Cell | None] = audit["groups"].get(grouping, {})
        rows = [(group_name(grouping, group, schools), cell) for group, cell in cells.items()]
        tables.append((grouping, sorted(rows, key=lambda row: row[0])))
    return tables


def group_name(grouping: str, group: str, schools: Mapping[str, str]) -> str:
    if grouping == "school":
        return schools.get(group, "")
    if grouping == "neighbourhood":
        return f"{group} {place_of(group)}".strip()
    level = group.removeprefix("mbo-")
    return str(Message(_("MBO level %(level)s").source, level=level)) if level != group else group


def percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share)}%"


def number(value: float) -> str:
    """With two decimals, and a comma in Dutch."""
    shown = f"{value:.2f}"
    return shown.replace(".", ",") if language() == "nl" else shown
