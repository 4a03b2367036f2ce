"""Every sentence on a screen or in a mail has its Dutch translation, with the same blanks to fill in."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from service.web.templating import environment

SERVICE = Path(__file__).parents[2] / "service"
LOCALES = SERVICE / "locales"
KEYWORDS = {
    "_": None,
    "Message": None,
    "Plural": (1, 2),
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
BLANK = re.compile(r"%\((?P<name>\w+)\)[a-z]|%[sd]")
DUTCH_PLURALS = 2


@dataclass(frozen=True)
class Key:
    """What a translation is found by; a context keeps apart words that only look alike."""

    context: str | None
    source: str

    def __str__(self) -> str:
        return f"{self.context}: {self.source!r}" if self.context else repr(self.source)


def key_of(function: str, arguments: Iterable[object]) -> Key:
    words = [word for word in arguments if isinstance(word, str)]
    if function.startswith(("pgettext", "npgettext")):
        return Key(words[0], words[1])
    return Key(None, words[0])


def messages_in_python(path: Path) -> Iterator[tuple[Key, int]]:
    with path.open("rb") as file:
        for line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
            source = message if isinstance(message, str) else message[0]
            if source:
                yield Key(context, source), line


def messages_in_template(path: Path) -> Iterator[tuple[Key, int]]:
    found = environment().extract_translations(path.read_text("utf-8"))  # type: ignore[attr-defined]
    for line, function, arguments in found:
        key = key_of(function, (arguments,) if isinstance(arguments, str) else arguments)
        if key.source:
            yield key, line


@cache
def used() -> dict[Key, list[str]]:
    """Each message with the places that say it."""
    places: dict[Key, list[str]] = defaultdict(list)
    templates = [path for path in SERVICE.glob("*/templates/**/*") if path.is_file()]
    for path in sorted([*SERVICE.rglob("*.py"), *templates]):
        read = messages_in_python if path.suffix == ".py" else messages_in_template
        for key, line in read(path):
            places[key].append(f"{path.relative_to(SERVICE.parent)}:{line}")
    return dict(places)


@cache
def translated(language: str) -> dict[Key, list[tuple[str, Message]]]:
    """Each entry of a language with the catalogue that holds it."""
    entries: dict[Key, list[tuple[str, Message]]] = defaultdict(list)
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id:
                    source = message.id if isinstance(message.id, str) else message.id[0]
                    entries[Key(message.context, source)].append((path.name, message))
    return dict(entries)


def versions(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def blanks(text: str) -> set[str]:
    return {match["name"] or match[0] for match in BLANK.finditer(text.replace("%%", ""))}


def test_messages_are_found() -> None:
    assert len(used()) > 100
    assert any(place.startswith("service/web/templates/") for places in used().values() for place in places)


def test_every_message_has_a_dutch_translation() -> None:
    dutch = translated("nl")
    missing = [f"{places[0]}: {key}" for key, places in used().items() if key not in dutch]
    assert not missing, f"{len(missing)} without nl:\n" + "\n".join(sorted(missing))


def test_no_translation_is_empty_or_in_doubt() -> None:
    wrong = [
        f"{file}: {key}"
        for key, entries in translated("nl").items()
        for file, message in entries
        if message.fuzzy or not all(versions(message))
    ]
    assert not wrong, "\n".join(wrong)


def test_plurals_have_both_forms() -> None:
    wrong = [
        f"{file}: {key}"
        for key, entries in translated("nl").items()
        for file, message in entries
        if message.pluralizable and len(versions(message)) != DUTCH_PLURALS
    ]
    assert not wrong, "\n".join(wrong)


def test_translations_keep_the_blanks() -> None:
    wrong = [
        f"{language}/{file}: {key} becomes {version!r}"
        for language in ("nl", "en")
        for key, entries in translated(language).items()
        for file, message in entries
        for version in versions(message)
        if not blanks_agree(message, version)
    ]
    assert not wrong, "\n".join(wrong)


def blanks_agree(message: Message, version: str) -> bool:
    """A plural may leave out a blank that one of its forms leaves out, such as the number in «one place»."""
    forms = [message.id] if isinstance(message.id, str) else list(message.id)
    return blanks(version) in [blanks(form) for form in forms]


def test_no_translation_is_left_over() -> None:
    wrong = [
        f"{language}/{file}: {key}"
        for language in ("nl", "en")
        for key, entries in translated(language).items()
        for file, _message in entries
        if key not in used()
    ]
    assert not wrong, f"{len(wrong)} that nothing says:\n" + "\n".join(wrong)


def test_one_message_is_translated_one_way() -> None:
    wrong = [
        f"{key}: " + ", ".join(f"{file} {versions(message)}" for file, message in entries)
        for key, entries in translated("nl").items()
        if len({tuple(versions(message)) for _file, message in entries}) > 1
    ]
    assert not wrong, "\n".join(wrong)


def test_dutch_is_plain_and_informal() -> None:
    """People are addressed with «je», calmly: no «u», no exclamation marks, no dashes as punctuation."""
    formal = re.compile(r"\b(u|uw)\b|!|—| – ", re.IGNORECASE)
    wrong = [
        f"{file}: {version!r}"
        for entries in translated("nl").values()
        for file, message in entries
        for version in versions(message)
        if formal.search(version)
    ]
    assert not wrong, "\n".join(wrong)
