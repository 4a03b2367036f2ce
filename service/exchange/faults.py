"""What is wrong with an allocation or a timetable that was asked for: a sentence per code of the engine."""

from collections.abc import Callable, Iterable

from service.core.i18n import Message, _
from service.exchange.engine import Fault

MOST_NAMED = 20

FAULTS: dict[str, Message] = {
    "above_host_cap": _("%(row)s: its minimum is more than its host may take in all."),
    "above_maximum": _("%(row)s: the minimum is larger than the maximum."),
    "below_1": _("%(row)s: %(field)s must be 1 or more."),
    "below_12": _("%(row)s: %(field)s is below 12 years."),
    "below_min_age": _("%(row)s: the highest age is below the lowest."),
    "both_tag_and_sector": _("%(row)s is the code of a word and of a sector. One of them must go."),
    "different_wanted": _("%(row)s: who goes together must want equally many positions."),
    "differs_by_direction": _("%(row)s: the walk is not equally long in both directions."),
    "duplicate": _("%(row)s is there more than once (%(field)s)."),
    "empty": _("%(row)s: %(field)s is empty."),
    "end_before_start": _("%(row)s: the end is before the start."),
    "forbidden": _("%(row)s is locked and forbidden. One of the two must go."),
    "hosts_and_periods_cross": _(
        "%(row)s wants several positions whose hosts and periods cross. Under «stable» that cannot be."
    ),
    "impossible": _("%(row)s: %(field)s has a value that cannot be."),
    "impossible_together": _("%(row)s cannot be kept together with the others named here."),
    "in_two_groups": _("%(row)s is in two groups that go together."),
    "is_a_day_of_work": _("%(row)s is a day of work. Name its lessons with that day."),
    "longer_than_the_day": _("%(row)s: the break is longer than the working day."),
    "negative": _("%(row)s: %(field)s is less than 0."),
    "none": _("%(row)s: %(field)s must not be empty."),
    "not_1": _("%(row)s: the %(field)s must be 1."),
    "not_a_candidate": _(
        "%(row)s is asked for, but it is not possible. «podium explain» tells which rule forbids it."
    ),
    "not_a_round": _("%(row)s is locked in a round that does not exist."),
    "not_all": _("%(row)s: some %(field)s are missing."),
    "not_allocated": _("%(row)s is a class. Only youths are given positions one by one."),
    "not_always": _("%(row)s: on some days no version of this rule is in force."),
    "not_an_appointment": _("%(row)s is locked, but they have no appointment."),
    "not_several": _("%(row)s: a group needs at least two different youths."),
    "not_with_stable": _("%(row)s: «%(field)s» cannot be kept under «stable»."),
    "overlaps": _("%(row)s overlaps with another row (%(field)s)."),
    "repeated": _("%(row)s: %(field)s names something twice."),
    "seeker_away": _("%(row)s is locked in a round in which the youth is not there."),
    "stand_away": _("%(row)s is locked in a round in which the stand is not there."),
    "together_too": _("%(row)s must go together and must be kept apart."),
    "too_few_candidates": _("%(row)s: fewer youths can come than its minimum asks."),
    "too_few_positions": _("%(row)s has more appointments than it can receive in all rounds."),
    "too_few_rounds": _("%(row)s has more appointments than rounds in which he or she is there."),
    "too_many_for_apart": _("%(row)s is locked at one host with somebody who must be kept apart."),
    "too_many_for_appointment": _("%(row)s is locked more often than it was agreed."),
    "too_many_for_host": _("%(row)s is locked, with another position of the same host."),
    "too_many_for_host_cap": _("%(row)s is locked, but more are locked here than the host may take."),
    "too_many_for_period": _("%(row)s is locked, with another position in the same period."),
    "too_many_for_position": _("%(row)s is locked, but more are locked here than there are positions."),
    "too_many_for_round": _("%(row)s is locked, with another meeting in the same round."),
    "too_many_for_wanted": _("%(row)s is locked, but more are locked than the youth wants."),
    "too_long": _("%(row)s: %(field)s is too long."),
    "unknown": _("%(row)s: %(field)s is not known."),
    "unknown_offer": _("%(row)s is asked for, but there is no usable offer with that id."),
    "unknown_seeker": _("%(row)s is asked for, but there is no usable youth with that id."),
    "unknown_stand": _("%(row)s: the stand is not in the file of stands."),
}


def nowhere(_fault: Fault) -> str:
    return ""


def fault_sentence(fault: Fault, place_of: Callable[[Fault], str] = nowhere) -> str:
    """`place_of` tells where a row stands, for rows that come from files."""
    place = place_of(fault)
    row = f"{fault.row} ({place})" if place else fault.row
    return str(Message(FAULTS[fault.code].source, row=row, field=fault.field))


def fault_lines(faults: Iterable[Fault], place_of: Callable[[Fault], str] = nowhere) -> list[str]:
    """The first so many, and how many there are more."""
    sentences = [fault_sentence(fault, place_of) for fault in faults]
    more = len(sentences) - MOST_NAMED
    named = sentences[:MOST_NAMED]
    return [*named, str(_("and %(more)s more", more=more))] if more > 0 else named
