"""What a timetable tells: how many meet in how many rounds, how far they walk, and how sure that is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from service.core.i18n import _, ngettext
from service.exchange.allocation_wording import youths
from service.matchmaking.wording import list_of

if TYPE_CHECKING:
    from service.exchange.engine import Timetable, TimetableCertificate

INDENT = "  "
MOST_NAMED = 5


def meetings(number: int) -> str:
    return ngettext("%(number)s meeting", "%(number)s meetings", number) % {"number": number}


def stands(number: int) -> str:
    return ngettext("%(number)s stand", "%(number)s stands", number) % {"number": number}


def outcome_line(timetable: "Timetable") -> str:
    made = timetable.meetings
    return str(
        _(
            "timetable: %(meetings)s of %(youths)s at %(stands)s",
            meetings=meetings(len(made)),
            youths=youths(len({one.seeker_id for one in made})),
            stands=stands(len({one.stand_id for one in made})),
        )
    )


def stranger_lines(timetable: "Timetable") -> Iterator[str]:
    """Who stands in a file but has no appointment: perhaps a name that was mistyped."""
    problem = timetable.problem
    youths_met = {one.seeker_id for one in problem.appointments}
    stands_met = {one.stand_id for one in problem.appointments}
    strangers = [one.id for one in problem.visitors if one.id not in youths_met]
    strangers += [one.id for one in problem.stands if one.id not in stands_met]
    if strangers:
        yield INDENT + str(_("without an appointment: %(names)s", names=_named(strangers)))


def certificate_lines(timetable: "Timetable") -> Iterator[str]:
    """The rounds, the walking where there are rooms, and what was looked at or not."""
    certificate = timetable.certificate
    yield INDENT + _rounds_line(certificate)
    if any(stand.room for stand in timetable.problem.stands):
        yield INDENT + _walk_line(certificate)
    yield str(_("Checked: nobody is twice at once or expected when away, and no stand receives too many."))
    if certificate.is_out_of_time:
        seconds = f"{certificate.limit_seconds:g}"
        yield str(
            _(
                "After %(seconds)s seconds time was up: every rule is kept, but better may be possible.",
                seconds=seconds,
            )
        )


def _rounds_line(certificate: "TimetableCertificate") -> str:
    rounds, least = certificate.rounds.reached, certificate.rounds.best
    if not certificate.rounds.is_proven:
        return str(_("rounds: %(rounds)s; at least %(least)s are needed", rounds=rounds, least=least))
    if not certificate.busiest:
        return str(_("rounds: %(rounds)s; fewer is impossible, as was found by trying", rounds=rounds))
    return str(
        _(
            "rounds: %(rounds)s; fewer is impossible, for these need them all: %(names)s",
            rounds=rounds,
            names=_named(certificate.busiest),
        )
    )


def _walk_line(certificate: "TimetableCertificate") -> str:
    far, least = certificate.walked.reached, certificate.walked.best
    if certificate.walked.is_proven:
        return str(_("walk of all together: %(far)s; less is impossible", far=far))
    return str(_("walk of all together: %(far)s; at least %(least)s", far=far, least=least))


def _named(ids: Sequence[str]) -> str:
    """The first few, and how many there are more."""
    more = len(ids) - MOST_NAMED
    named = list(ids[:MOST_NAMED])
    return list_of([*named, str(_("%(more)s more", more=more))] if more > 0 else named)
