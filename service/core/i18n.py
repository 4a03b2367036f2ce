"""Translated messages: English is the source, the reader's language is a context variable."""

import gettext as stdlib_gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from service.core.clock import AMSTERDAM

LANGUAGES = ("nl", "en")
DEFAULT_LANGUAGE = "nl"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


class Message:
    """A sentence that is translated when it is shown, in the language of who reads it."""

    __slots__ = ("facts", "source")

    def __init__(self, source: str, /, **facts: object) -> None:
        self.source = source
        self.facts = facts

    def __str__(self) -> str:
        sentence = gettext(self.source)
        return sentence % self.facts if self.facts else sentence

    def __repr__(self) -> str:
        return f"Message({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.source, self.facts) == (other.source, other.facts)

    def __hash__(self) -> int:
        return hash(self.source)


_ = Message


class Plural:
    """A sentence with a number in it, which is chosen and translated when it is said."""

    __slots__ = ("plural", "singular")

    def __init__(self, singular: str, plural: str, /) -> None:
        self.singular = singular
        self.plural = plural

    def of(self, count: int, **facts: object) -> str:
        """`%(count)s` is the number as people write it."""
        sentence = ngettext(self.singular, self.plural, count)
        return sentence % {"count": number_in_words(count), **facts}


def language() -> str:
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside is worded in this language."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language}")
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _translations(language: str) -> stdlib_gettext.NullTranslations:
    """All catalogues of a language as one, compiled in memory, so that no build step can be forgotten."""
    folder = files("service") / "locales" / language
    merged = Catalog(locale=language)
    # English is the source: a clone or a wheel has no folder for it until something must read differently.
    entries = folder.iterdir() if folder.is_dir() else ()
    for entry in sorted(entries, key=lambda item: item.name):
        if entry.name.endswith(".po"):
            for message in read_po(BytesIO(entry.read_bytes()), locale=language):
                if message.id and message.string:
                    merged.add(message.id, message.string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return stdlib_gettext.GNUTranslations(compiled)


def gettext(source: str) -> str:
    return _translations(language()).gettext(source) if source else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    return _translations(language()).ngettext(singular, plural, number)


def pgettext(context: str, source: str) -> str:
    return _translations(language()).pgettext(context, source)


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    return _translations(language()).npgettext(context, singular, plural, number)


def _locale() -> Locale:
    return Locale.parse("nl_NL" if language() == "nl" else "en_GB")


def day_in_words(day: date | None) -> str:
    """As «dinsdag 12 januari 2027»."""
    return format_date(day, "EEEE d MMMM y", locale=_locale()) if day else ""


def day_in_short(day: date | None) -> str:
    """As «12 jan 2027»."""
    return format_date(day, "d MMM y", locale=_locale()) if day else ""


def moment_in_words(moment: datetime | None) -> str:
    """As «dinsdag 12 januari 2027 07:30», on Dutch wall time."""
    if moment is None:
        return ""
    return format_datetime(moment.astimezone(AMSTERDAM), "EEEE d MMMM y HH:mm", locale=_locale())


def time_in_words(moment: time | None) -> str:
    return format_time(moment, "HH:mm", locale=_locale()) if moment else ""


def number_in_words(number: Any) -> str:
    return str(format_decimal(number, locale=_locale()))
