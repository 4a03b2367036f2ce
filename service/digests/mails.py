"""Mails of this feature: the overview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.accounts.models import Account
from service.core.clock import AMSTERDAM
from service.core.i18n import speaking
from service.digests import wording
from service.digests.models import Audience, Digest
from service.mail.models import Mail, Stream
from service.mail.outbox import letter

Answers = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class About:
    """What one place has to tell, and what can be answered straight from the mail."""

    digest: Digest
    place: str
    answers: Answers

    @property
    def sections(self) -> Sequence[Mapping[str, Any]]:
        sections: Sequence[Mapping[str, Any]] = self.digest.content["sections"]
        return sections

    @property
    def since_on(self) -> date | None:
        since = self.digest.since
        return since.astimezone(AMSTERDAM).date() if since else None


def overview(reader: Account, about: Sequence[About], unsubscribe_token: str) -> Mail:
    """Counts and links; the sentences are made here, since the reader's language is known.

    About several places at once: first of those that ask something, and of those where it is most.
    """
    about = sorted(about, key=lambda one: (not wording.asks(one.sections), -_number(one.sections[0])))
    first, *others = about
    with speaking(reader.language):
        context = _common(about)
        is_told_above = context["since"] is not None
        intros = [_intro(one, is_told_above=is_told_above) for one in about] if others else [None]
        parts = [part for one, intro in zip(about, intros, strict=True) for part in _parts(one, intro)]
    _choose_task(parts)
    _invite_once(parts)
    _explain_sign_in_once(parts)
    context["parts"] = parts
    mail = letter(
        "digests/mails/overview",
        to=reader.email,
        key=min(one.digest.key for one in about),
        stream=Stream.DIGEST,
        language=reader.language,
        context=context,
    )
    mail.organisation_id = None if others else first.digest.school_id or first.digest.organisation_id
    mail.unsubscribe_token = unsubscribe_token
    return mail


def _common(about: Sequence[About]) -> dict[str, object]:
    """What stands above and below the parts."""
    first, *others = about
    days = {one.since_on for one in about}
    return {
        "point": wording.point(first.sections),
        "ask": wording.ask([section for one in about for section in one.sections]),
        "place": wording.names([one.place for one in about]),
        "subject_place": wording.and_more(first.place, len(others)),
        "period": wording.period_in_words(first.digest.period),
        "since": _since(first) if len(days) == 1 else None,
        "missed": "" if others else wording.missed_in_words(first.digest.content["missed"]),
        "because": wording.because([(one.digest.audience, one.place) for one in about]),
        "path": "/digests" if others else f"/digests/{first.digest.id}",
    }


def _since(about: About) -> str | None:
    return about.digest.since.isoformat() if about.digest.since else None


def _intro(about: About, *, is_told_above: bool) -> dict[str, object]:
    """What one of several places says before its first part."""
    return {
        "place": about.place,
        "since": None if is_told_above else _since(about),
        "missed": wording.missed_in_words(about.digest.content["missed"]),
    }


def _parts(about: About, intro: dict[str, object] | None) -> list[dict[str, object]]:
    parts = [_part(section, about.answers.get(section["code"], [])) for section in about.sections]
    for part in parts:
        # Who works at a school signs in each week; a host may have forgotten how.
        part["sign_in"] = about.digest.audience is Audience.HOST and part["has_more"]
    if intro is not None:
        parts[0]["about"] = intro
    return parts


def _part(section: Mapping[str, Any], answers: list[dict[str, Any]]) -> dict[str, object]:
    """What is not this reader's to answer by a link stands on the page."""
    return {
        "is_task": wording.asks([section]),
        "answers": answers,
        "answer": wording.answer(section),
        "has_more": len(answers) < _number(section) or not answers,
        "heading": wording.heading(section),
        "lines": wording.sentences(section),
        "link": wording.link(section),
        "path": section["path"],
        "invite": section["invite"],
    }


def _number(section: Mapping[str, Any]) -> int:
    number: int = next(iter(section["counts"].values()), 0)
    return number


def _choose_task(parts: Sequence[dict[str, object]]) -> None:
    """Its link is the button: what the first line asks, else what stands first."""
    task = next((part for part in parts if part["is_task"]), parts[0])
    for part in parts:
        part["is_task"] = part is task


def _invite_once(parts: Sequence[dict[str, object]]) -> None:
    """An address to send on stands where it comes first."""
    invited: set[object] = set()
    for part in parts:
        if part["invite"] in invited:
            part["invite"] = ""
        invited.add(part["invite"])


def _explain_sign_in_once(parts: Sequence[dict[str, object]]) -> None:
    """Beside the first link that is of no use without."""
    first = next((part for part in parts if part["sign_in"]), None)
    for part in parts:
        part["sign_in"] = part is first
