"""All mail that must have come in the school year of the journey: stream, reader and day; each once.

Written by hand from the calendar and the story, not from what the service does.
"""

from datetime import date, timedelta

from tests.journeys.story import AGREEMENT, DIGEST, NOTICE, QUESTION, SCHOOLS_OWN, SIGN_IN

BEGINS, ENDS = date(2026, 8, 31), date(2027, 7, 16)
YEAR = tuple(BEGINS + timedelta(days=number) for number in range((ENDS - BEGINS).days + 1))
SUMMER = date(2027, 7, 10)
"""When the holidays of the region begin."""
MONDAY, THURSDAY, FRIDAY = 1, 4, 5
AFTERNOONS = frozenset(day for day in YEAR if day.isoweekday() == THURSDAY)
"""Those of Thursday's overview."""
FREE_EVERYWHERE = {
    date(2026, 12, 25),
    date(2027, 1, 1),
    date(2027, 3, 29),
    date(2027, 4, 27),
    date(2027, 5, 5),
    date(2027, 5, 6),
    date(2027, 5, 17),
}
"""Christmas, New Year, Easter Monday, King's Day, Liberation Day, Ascension Day, Whit Monday, on weekdays."""
STANDS_STILL = {date(2027, 1, day) for day in range(19, 26)}
MONDAY_OFF = {
    date(2026, 11, 30): date(2026, 12, 1),
    date(2027, 1, 25): date(2027, 1, 26),
    date(2027, 3, 29): date(2027, 3, 30),
    date(2027, 5, 17): date(2027, 5, 18),
}
"""A day for teachers, a worker that stands still, Easter and Whitsun: the week is told on Tuesday."""
Entry = tuple[str, str, date]


def days(*months: tuple[int, str]) -> list[date]:
    """`days((9, "1 14"), (1, "7"))`: of this school year, which begins in August."""
    return [
        date(BEGINS.year if month >= BEGINS.month else ENDS.year, month, int(day))
        for month, numbers in months
        for day in numbers.split()
    ]


def entries(stream: str, name: str, *months: tuple[int, str]) -> list[Entry]:
    return [(stream, name, day) for day in days(*months)]


def mondays(first: date, last: date) -> list[date]:
    return [day for day in YEAR if first <= day <= last and day.isoweekday() == MONDAY]


def school_overviews() -> list[date]:
    """A week without a school day has none; the summer is that of the region, after the own list."""
    periods = (*SCHOOLS_OWN.values(), (SUMMER, ENDS))
    holidays = {day for first, last in periods for day in YEAR if first <= day <= last}
    told = [MONDAY_OFF.get(monday, monday) for monday in mondays(date(2026, 9, 7), ENDS)]
    return [day for day in told if day not in holidays]


def programme_overviews() -> list[date]:
    """Of Joost: in the weeks of school holidays too; until his mailbox is gone, and after it is back."""
    weeks = mondays(date(2026, 9, 7), date(2027, 5, 31)) + mondays(date(2027, 7, 5), ENDS)
    return [monday if monday == date(2026, 11, 30) else MONDAY_OFF.get(monday, monday) for monday in weeks]


def daily_overviews() -> list[date]:
    off = FREE_EVERYWHERE | STANDS_STILL
    return [day for day in YEAR if day > date(2026, 9, 1) and day.isoweekday() <= FRIDAY and day not in off]


LEDGER: list[Entry] = [
    *((DIGEST, "marieke", day) for day in school_overviews()),
    *((DIGEST, "joost", day) for day in programme_overviews()),
    *((DIGEST, "farida", day) for day in daily_overviews()),
    # Every two weeks, over week 53; that of 21 December falls in a holiday. Bilal stops in February.
    *entries(DIGEST, "bilal", (9, "14 28"), (10, "12 26"), (11, "9 23"), (12, "7"), (1, "4 18"), (2, "1")),
    *entries(DIGEST, "ans", (9, "7")),
    # Hosts: only when somebody waits for them or comes, or has been; partners also when something lacks.
    *entries(DIGEST, "els", (2, "1")),
    *entries(DIGEST, "kees", (9, "28"), (3, "15"), (4, "12")),
    *entries(DIGEST, "piet", (1, "18"), (5, "24"), (6, "21")),
    *entries(DIGEST, "nel", (12, "21")),
    *entries(DIGEST, "henk", (6, "7")),
    *entries(DIGEST, "fatima", (9, "17"), (10, "1 8 15 29"), (12, "10"), (4, "29"), (5, "20")),
    # May somebody come? Reminders after three and seven working days.
    *entries(QUESTION, "els", (9, "15")),
    *entries(QUESTION, "kees", (9, "17 22 25 30")),
    *entries(QUESTION, "fatima", (10, "1 6 12 27")),
    *entries(QUESTION, "tom", (9, "22")),
    *entries(QUESTION, "wim", (11, "3")),
    *entries(QUESTION, "nel", (12, "18 23 30"), (1, "8")),
    *entries(QUESTION, "henk", (1, "11")),
    # Two reminders fell in the week without a worker: one came.
    *entries(QUESTION, "piet", (9, "15"), (1, "14 26")),
    # Is it still you? Does your offer still hold? King's Day is no working day.
    *entries(QUESTION, "nel", (1, "8")),
    *entries(QUESTION, "piet", (2, "16 19"), (3, "2")),
    *entries(QUESTION, "henk", (4, "19 22 29")),
    # Papers: of Noor twice, of Yassin to two people, of Lina over the holiday, of Omar and Bas together.
    *entries(AGREEMENT, "marieke", (1, "26"), (2, "3"), (3, "1 4"), (4, "21"), (5, "10 24")),
    *entries(AGREEMENT, "ans", (3, "4")),
    # In the calendar, moved, taken out again; Fatima, who wants no news, hears who comes.
    # Of Kees, who asked for other days: the school hears of it, and he that they are possible.
    *entries(AGREEMENT, "marieke", (9, "18 23")),
    # Of Tom too, for whom the days that he proposed came to nothing.
    *entries(AGREEMENT, "tom", (9, "23")),
    *entries(AGREEMENT, "els", (9, "16"), (11, "12"), (2, "4")),
    *entries(AGREEMENT, "kees", (9, "21 30")),
    *entries(AGREEMENT, "fatima", (11, "3")),
    *entries(AGREEMENT, "nel", (12, "30")),
    *entries(AGREEMENT, "henk", (1, "12")),
    *entries(AGREEMENT, "piet", (1, "26")),
    # Taken part, published; and the end of silence, told to both.
    *entries(NOTICE, "els", (9, "1 1")),
    *entries(NOTICE, "fatima", (10, "16")),
    *entries(NOTICE, "marieke", (10, "16")),
    # Links to sign in with, each asked for; Els and Henk were invited.
    *entries(SIGN_IN, "beheer", (9, "1"), (6, "28")),
    *entries(SIGN_IN, "els", (9, "1")),
    *entries(SIGN_IN, "bilal", (9, "1"), (3, "8")),
    *entries(SIGN_IN, "fatima", (9, "1")),
    *entries(SIGN_IN, "farida", (9, "1 14 21 28"), (10, "13 26"), (11, "2"), (12, "7 17"), (1, "7 13")),
    *entries(
        SIGN_IN, "marieke", (9, "1 15 21 23"), (11, "12"), (2, "4"), (3, "30"), (5, "10 18 25"), (6, "8")
    ),
    *entries(SIGN_IN, "henk", (1, "11")),
    *entries(SIGN_IN, "ans", (3, "5")),
    *entries(SIGN_IN, "joost", (6, "14")),
]
