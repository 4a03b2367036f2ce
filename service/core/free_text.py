"""Finds private details in free text, so that they are refused before they are kept (DOMAIN 3)."""

import re
import unicodedata
from collections.abc import Iterator

from service.core.i18n import Message, _

CITIZEN_NUMBER = _("This looks like a citizen service number (BSN). Take it out. Nobody here may keep it.")
BANK_ACCOUNT = _("This looks like a bank account number. Take it out. Nobody needs it here.")
EMAIL = _("This looks like an e-mail address. Take it out. It does not belong in this text.")
PHONE = _("This looks like a phone number. Take it out. It does not belong in this text.")
TOO_LONG = _("This is far too long. A few sentences are enough.")
LONGEST = 10_000
"""Characters; more than any field keeps. Fields measure what this has looked at, so it looks at no more."""

# What stands in for a date, a time or a removed number: it breaks a row of digits, and is itself no detail.
MASK = "\N{LOZENGE}"
DATE = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01]))(?!\d)"
)
# A point may part hours from minutes, but then no further group follows, as in «06.12.34.56.78».
TIME = re.compile(r"(?<![\d.])(?:[01]?\d|2[0-3])(?::[0-5]\d|\.[0-5]\d(?!\.?\d))(?!\d)")

AT = r"(?:@|\s?[(\[{]\s?(?:at|apenstaartje|bij)\s?[)\]}]\s?|\s+(?:at|apenstaartje)\s+)"
DOT = r"(?:\.|\s?[(\[{]\s?(?:dot|punt)\s?[)\]}]\s?|\s+(?:dot|punt)\s+)"
ADDRESS = re.compile(
    rf"(?<![\w.+-])[\w.+-]+\s?{AT}\s?[a-z0-9-]+(?:{DOT}[a-z0-9-]+)*{DOT}[a-z]{{2,}}\b", re.IGNORECASE
)

ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ .-]?\d{2}(?:[ .-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
DUTCH_ACCOUNT = re.compile(r"NL\d{2}[A-Z]{4}\d{10}")
SHORTEST_ACCOUNT = 15

BETWEEN = r"[\s./()-]{0,3}"
PHONES = (
    re.compile(rf"(?<!\d)0[1-9](?:{BETWEEN}\d){{8}}(?!\d)"),
    re.compile(rf"(?<!\d)(?:\+|00){BETWEEN}31{BETWEEN}(?:0{BETWEEN})?[1-9](?:{BETWEEN}\d){{8}}(?!\d)"),
    re.compile(rf"(?<!\d)(?:\+\s?|00)[1-9](?:{BETWEEN}\d){{7,13}}(?!\d)"),
)

GROUPINGS = ((9,), (3, 3, 3), (4, 2, 3), (2, 2, 2, 3), (3, 2, 2, 2), (1,) * 9)
NINE_DIGITS = [
    re.compile(r"(?<!\d)" + r"[ .-]".join(rf"\d{{{size}}}" for size in sizes) + r"(?!\d)")
    for sizes in GROUPINGS
]
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def private_details(text: str) -> Message | None:
    """What must not be kept, as a sentence for the writer; None when nothing was found.

    Refused are e-mail addresses, bank accounts, phone numbers and nine digits that pass the 11-test of the
    citizen service number. Dates, times, postcodes, amounts and years are fine. What is longer than any field
    keeps is refused unread.
    """
    if len(text) > LONGEST:
        return TOO_LONG
    plain = _plain(text)
    if ADDRESS.search(plain):
        return EMAIL
    if any(_is_account(found.group()) for found in ACCOUNT.finditer(plain)):
        return BANK_ACCOUNT
    numbers = TIME.sub(MASK, DATE.sub(MASK, plain))
    if any(phone.search(numbers) for phone in PHONES):
        return PHONE
    if any(passes_eleven_test(digits) for digits in _nine_digits(numbers)):
        return CITIZEN_NUMBER
    return None


def passes_eleven_test(digits: str) -> bool:
    """9a+8b+7c+6d+5e+4f+3g+2h-i is a multiple of 11; nine zeros are nobody's number."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return total % 11 == 0 and any(digit != "0" for digit in digits)


def _plain(text: str) -> str:
    """Wide digits become plain ones, and marks that nobody sees are gone: neither hides a number."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in folded if unicodedata.category(letter) != "Cf")


def _nine_digits(text: str) -> Iterator[str]:
    for grouping in NINE_DIGITS:
        for found in grouping.finditer(text):
            yield "".join(letter for letter in found.group() if letter.isdigit())


def _is_account(found: str) -> bool:
    """A Dutch account by its shape, also with a slip of the pen; another by its check digits (ISO 13616).

    The words that follow may have been caught too, so every length is tried.
    """
    letters = "".join(letter for letter in found.upper() if letter.isalnum())
    if DUTCH_ACCOUNT.match(letters):
        return True
    return any(_has_check_digits(letters[:end]) for end in range(SHORTEST_ACCOUNT, len(letters) + 1))


def _has_check_digits(account: str) -> bool:
    moved = account[4:] + account[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1
