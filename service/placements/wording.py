"""States, reasons, papers and days of placements in words, said to the one who reads them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from service.calendars.free_days import FreeDays
from service.core.actor import Actor
from service.core.i18n import Message, _, day_in_short, day_in_words
from service.mail.wording import HELD, advice
from service.offers.models import Offer
from service.offers.wording import times
from service.placements.engine import Paper
from service.placements.models import (
    AnswerCode,
    DeclineCode,
    NoteCode,
    Placement,
    PlacementStatus,
    QuestionKind,
)
from service.placements.schemas import DECLINE_CODES_OF_HOSTS, DECLINE_CODES_OF_YOUTHS
from service.placements.waiting import Group

A_DAY = timedelta(days=1)
WORKING_DAYS = (1, 2, 3, 4, 5)
LONGEST_PERIOD = 400
"""In days: a placement is within a school year."""
STATUSES: dict[PlacementStatus, Message] = {
    PlacementStatus.OFFERED: _("Waits for the youth"),
    PlacementStatus.ACCEPTED: _("Waits for the host"),
    PlacementStatus.CONFIRMED: _("Both said yes"),
    PlacementStatus.AGREED: _("Agreed"),
    PlacementStatus.ACTIVE: _("Going on"),
    PlacementStatus.COMPLETED: _("Completed"),
    PlacementStatus.ENDED_EARLY: _("Ended early"),
    PlacementStatus.NO_SHOW: _("Did not come"),
    PlacementStatus.WITHDRAWN: _("Withdrawn"),
    PlacementStatus.DECLINED_BY_YOUTH: _("The youth said no"),
    PlacementStatus.DECLINED_BY_HOST: _("The host said no"),
    PlacementStatus.EXPIRED: _("Nobody answered in time"),
}
STATUSES_FOR_YOUTHS: dict[PlacementStatus, Message] = {
    **STATUSES,
    PlacementStatus.OFFERED: _("Waits for your answer"),
    PlacementStatus.ACCEPTED: _("The company still has to say yes"),
    PlacementStatus.CONFIRMED: _("It is on"),
    PlacementStatus.AGREED: _("It is on"),
    PlacementStatus.DECLINED_BY_YOUTH: _("You said no"),
    PlacementStatus.DECLINED_BY_HOST: _("The company cannot"),
}
STATUSES_FOR_HOSTS: dict[PlacementStatus, Message] = {
    **STATUSES,
    PlacementStatus.ACCEPTED: _("Waits for your answer"),
    PlacementStatus.DECLINED_BY_HOST: _("You said no"),
}
TONES: dict[PlacementStatus, str] = {
    PlacementStatus.OFFERED: "warning",
    PlacementStatus.ACCEPTED: "warning",
    PlacementStatus.CONFIRMED: "success",
    PlacementStatus.AGREED: "success",
    PlacementStatus.ACTIVE: "success",
    PlacementStatus.COMPLETED: "success",
    PlacementStatus.NO_SHOW: "error",
}
GROUPS: dict[Group, Message] = {
    Group.WAITING: _("Waits for an answer"),
    Group.LATE: _("Waits for longer than a week"),
    Group.SOON: _("Starts within two weeks"),
}
DECLINES: dict[DeclineCode, Message] = {
    DeclineCode.TOO_FAR: _("It is too far for me"),
    DeclineCode.DAYS_DO_NOT_FIT: _("The days do not fit"),
    DeclineCode.SOMETHING_ELSE: _("I have something else"),
    DeclineCode.CHANGED_MIND: _("I want something different now"),
    DeclineCode.NO_SUPERVISOR: _("Nobody can guide at that time"),
    DeclineCode.TOO_BUSY: _("It is too busy then"),
    DeclineCode.OFFER_NO_LONGER_HOLDS: _("The offer no longer holds"),
}


WHY: dict[str, Message] = {
    "wish_occupation": _("This youth would like to get to know exactly this work."),
    "wish_sector": _("This youth would like to see work of this kind."),
    "wish_neighbour": _("This youth looks for work that is a bit like yours."),
    "no_wish_fits": _("For this youth your work would be something new."),
    "no_wishes_spread": _("This youth does not know yet what suits, and wants to find out."),
}
WHY_ANYWAY: Message = _("The days and the place of your offer suit this youth.")
CLASS_WHY: Message = _("Your offer suits what the school asked for this class.")
YOUTH_SAID_YES: Message = _("The youth knows your offer and has said yes.")


def statuses_for(actor: Actor) -> dict[PlacementStatus, Message]:
    """The same states, said to the one who reads them."""
    if actor.is_youth:
        return STATUSES_FOR_YOUTHS
    return STATUSES_FOR_HOSTS if actor.is_contact else STATUSES


OTHER_DAYS = "other_days"
"""The state between two states, as lists are asked for it."""


def other_days_state(actor: Actor) -> Message:
    if actor.is_youth:
        return _("The company asks for other days")
    return _("The school looks at your days") if actor.is_contact else _("The host proposes other days")


def state_for(actor: Actor, placement: Placement) -> Message:
    """The state in words, said to the one who reads it."""
    if placement.waits_for_school:
        return other_days_state(actor)
    return statuses_for(actor)[placement.status]


def days(placement: Placement) -> str:
    """One day as one day; the last day itself is meant too, and said so."""
    return _between(placement.starts_on, placement.ends_on, day_in_words)


def days_in_short(placement: Placement) -> str:
    first, last = placement.starts_on, placement.ends_on
    if first is not None and last is not None and first != last:
        return str(_("%(first)s - %(last)s", first=day_in_short(first), last=day_in_short(last)))
    return _between(first, last, day_in_short)


def hours(placement: Placement, offer: Offer, free: FreeDays) -> str:
    """On which days of the week, from when to when, and that there are days off among them."""
    found = times(offer)
    first, last = placement.starts_on, placement.ends_on
    if first is None or last is None or first == last:
        return ", ".join(found)
    weekdays = offer.weekdays or WORKING_DAYS
    length = min((last - first).days + 1, LONGEST_PERIOD)
    every = [first + number * A_DAY for number in range(length)]
    # Only where the dates leave it open: over a weekend, and not on one.
    if not offer.weekdays and len({day.isoweekday() in WORKING_DAYS for day in every}) > 1:
        found.insert(0, str(_("Monday to Friday")))
    is_off = [free.name_on(day) is not None for day in every if day.isoweekday() in weekdays]
    # As in the calendar: days that lie wholly in a holiday were meant that way.
    if any(is_off) and not all(is_off):
        found.append(str(_("not in holidays and on days off")))
    return ", ".join(found)


def why_you(placement: Placement, reasons: Sequence[Mapping[str, Any]], programme: str) -> list[str]:
    """Three lines: the direction, that somebody looked at it, and the yes that is there.

    A host hears in which direction it suits, never which wishes somebody has, how far he lives or what else
    was proposed (DOMAIN 3).
    """
    is_class = placement.youth_id is None
    codes = [reason.get("code") for reason in reasons]
    direction = next((WHY[code] for code in codes if code in WHY), WHY_ANYWAY)
    said = _("The school knows your offer and has said yes.") if is_class else YOUTH_SAID_YES
    looked_at = _("A coordinator of %(programme)s looked at it and found it right.", programme=programme)
    return [str(CLASS_WHY if is_class else direction), str(looked_at), str(said)]


def other_days(placement: Placement) -> str:
    """Those the host proposes."""
    return _between(placement.other_starts_on, placement.other_ends_on, day_in_words)


def _between(first: date | None, last: date | None, say: Any) -> str:
    if first is None and last is None:
        return str(_("no dates yet"))
    if first is None:
        return str(_("Until %(day)s", day=say(last)))
    if last is None:
        return str(_("From %(day)s", day=say(first)))
    if first == last:
        return str(say(first))
    return str(_("%(first)s up to and including %(last)s", first=say(first), last=say(last)))


PAPERS: dict[str, Message] = {
    "A-1": _("The agreement is signed, on or before the first day"),
    "A-2": _("The agreement says what, where, when and how"),
    "A-3": _("The agreement says who insures accidents and liability, and who pays"),
    "A-4": _("The plan says goals, tasks, times, guidance and insurance"),
    "A-5": _("The company is recognised for this training on the first day"),
    "A-6": _("The agreement (POK) says period, hours, guidance, part of the training and how it ends"),
    "A-7": _("The agreement (POK) is signed by school, student and company, on or before the first day"),
    "A-8": _("A guardian has signed too"),
    "A-9": _("Recognition and guidance hold until the last day"),
    "A-10": _("The guardian got a letter about the work, its dangers and what is done about them"),
    "A-11": _("The host says that its risk inventory covers young people, and names who guides"),
    "A-12": _("The company is recognised and has signed"),
    "A-13": _("The days are days with education"),
}
CLAUSES: dict[str, Message] = {
    "activities": _("what the youth learns and does"),
    "place": _("the exact place"),
    "period": _("first and last day"),
    "times": _("from what time until what time"),
    "guidance": _("who guides when: school and host"),
    "assessment": _("what the host says of the result"),
    "inspectorate": _("that the inspectorate may visit"),
    "insurance": _("insurance: who, and who pays"),
    "learning_goals": _("learning goals"),
    "total_hours": _("hours in all"),
    "hours_per_year": _("hours per year of school"),
    "qualification_part": _("which part of the training"),
    "early_ending": _("how it may end early"),
}
PARTIES: dict[str, Message] = {
    "school": _("the school board"),
    "guardian": _("a guardian"),
    "youth": _("the youth"),
    "host": _("the host"),
}
OTHER_MISSING: dict[str, Message] = {
    "letter": _("the letter"),
    "risk_inventory": _("the word of the host about its risk inventory"),
    "supervisor": _("the name of who guides"),
}


def missing(paper: Paper) -> list[str]:
    """What a paper still lacks, in words."""
    known = CLAUSES | PARTIES | OTHER_MISSING
    found = [str(known[code]) for code in paper.missing]
    if paper.facts.get("recognition") is False:
        found.append(str(_("the recognition: look it up, and fill in when")))
    if paper.facts.get("lapses_on"):
        found.append(str(_("the recognition ends before the last day")))
    if paper.facts.get("guidance_fails"):
        found.append(str(_("the guidance is not as agreed: find another host")))
    return found


NOTES: dict[NoteCode, Message] = {
    NoteCode.NOBODY_THERE: _("Nobody picked up"),
    NoteCode.MESSAGE_LEFT: _("Left a message"),
    NoteCode.CALLS_BACK: _("Calls back"),
    NoteCode.WILL_ANSWER: _("Will answer by the link"),
    NoteCode.NEEDS_TIME: _("Needs some days to think"),
    NoteCode.SOMEBODY_ELSE: _("Somebody else is the contact person now"),
    NoteCode.WRONG_NUMBER: _("The number is wrong"),
    NoteCode.DOES_NOT_WANT: _("Does not want to be asked"),
    NoteCode.OTHER: _("Something else"),
}
NO_SUCH_READER = ("SoftBounce", "SMTPRecipientsRefused 5", "SMTPRecipientsRefused 552", "ValueError")
ABOUT_THE_READER = (*HELD.values(), *(advice(reason) for reason in NO_SUCH_READER))


def why_undelivered(reason: str) -> str:
    """For who phones; what is wrong with the mail server is told to who runs Podium."""
    found = advice(reason)
    return str(found.what if found in ABOUT_THE_READER else _("The mail could not be delivered."))


NOTHING_MORE: Message = _("You do not have to do anything.")
OTHER_DAYS_OVER: Message = _("You proposed other days. It does not go on, and your position is free again.")
OTHER_DAYS_LOOKED_AT: Message = _("The school has looked at your days. The newest mail says what came of it.")
OUTCOMES: dict[tuple[QuestionKind, AnswerCode], Message] = {
    (QuestionKind.HOST_ANSWER, AnswerCode.YES): _(
        "You said yes. The school and the youth can see it, and the school sends the papers."
    ),
    (QuestionKind.HOST_ANSWER, AnswerCode.NO): _(
        "You said: not this time. The school looks for another place."
    ),
    (QuestionKind.HOST_ANSWER, AnswerCode.OTHER_DAYS): _(
        "You proposed other days. The school asks whether that is possible, and you hear of it."
    ),
    (QuestionKind.HOST_ANSWER, AnswerCode.NEVER_AGAIN): _(
        "We do not ask you any more. Do you change your mind? Sign in and take part again."
    ),
    (QuestionKind.HOST_ANSWER, AnswerCode.SILENCE): _(
        "The time to answer is over, and the school looks for another place."
    ),
    (QuestionKind.HOST_ANSWER, AnswerCode.NOT_NEEDED): _(
        "This is not needed any more: it was withdrawn, or the youth chose something else."
    ),
    (QuestionKind.HOST_ANSWER, AnswerCode.HANDED_OVER): _(
        "Your colleague takes over and gets a mail. You get no questions any more."
    ),
    (QuestionKind.OFFER_HOLDS, AnswerCode.YES): _("Your offer is confirmed. Youths can count on it."),
    (QuestionKind.OFFER_HOLDS, AnswerCode.NO): _(
        "Your offer is paused: nobody sees it now. Sign in to change it or to show it again."
    ),
    (QuestionKind.CONTACT_HOLDS, AnswerCode.YES): _("Your details are confirmed for a year."),
    (QuestionKind.CONTACT_HOLDS, AnswerCode.HANDED_OVER): _(
        "Your colleague takes over and gets a mail. You get no questions any more."
    ),
    (QuestionKind.SCHOOL_PAPERS, AnswerCode.YES): _("Noted. You hear from us again if a paper is missing."),
    (QuestionKind.OTHER_DAYS, AnswerCode.YES): _(
        "You said that the days are possible. The youth is asked again, and the host hears it."
    ),
    (QuestionKind.OTHER_DAYS, AnswerCode.NO): _(
        "You said that the days are not possible. The host is asked once more, about the days as they were."
    ),
    (QuestionKind.OTHER_DAYS, AnswerCode.SILENCE): _(
        "The time to answer is over, and the place is free for others again."
    ),
    (QuestionKind.YOUTH_ANSWER, AnswerCode.YES): _("You said yes. Now the company answers."),
    (QuestionKind.YOUTH_ANSWER, AnswerCode.NO): _(
        "You said no. That is all right. Your school looks for something else with you."
    ),
    (QuestionKind.YOUTH_ANSWER, AnswerCode.SILENCE): _(
        "The time to answer is over. Ask your mentor what else there is."
    ),
    (QuestionKind.YOUTH_ANSWER, AnswerCode.NOT_NEEDED): _(
        "This place is not there any more. Your school looks for something else with you."
    ),
    (QuestionKind.YOUTH_ANSWER, AnswerCode.NEVER_AGAIN): _(
        "This place is not there any more. Your school looks for something else with you."
    ),
}
"""What a link tells when its question has been answered or settled."""


WORDS: dict[str, Any] = {
    "tones": TONES,
    "declines": DECLINES,
    "youth_declines": [(code.value, DECLINES[code]) for code in DECLINE_CODES_OF_YOUTHS],
    "host_declines": [(code.value, DECLINES[code]) for code in DECLINE_CODES_OF_HOSTS],
    "days": days,
    "days_in_short": days_in_short,
    "other_days": other_days,
    "papers_in_words": PAPERS,
    "missing": missing,
}
