"""The page docs/law.md, made from the rows of the law themselves so that it cannot lag behind."""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

# Run from anywhere: the packages stand beside this folder.
sys.path.insert(0, str(Path(__file__).parents[1]))

from matching import AGREEMENTS, HOURS, LAW, AgeBand, AgreementRow, HoursRow, LawRow, Measure, Proof, Verdict
from matching.hours_nl import Activity
from matching.law_nl import ALCOHOL_PROFILES, Cell
from service.reference.catalogue import catalogue

OPENING = """\
# The law, as Podium reads it

State of the law: November 2026. How sure we are: **A** the text of the law was read; **B** official guidance
or a reliable secondary source; **C** expert knowledge, to be checked before going live. The text of the
Nadere regeling kinderarbeid must be laid beside the hours before going live.

| word | means |
|--|--|
| BLOCK | never |
| SCHOOL_ACK | only when a named coordinator of the school takes it on himself, with a reason and a date |
| WARN | allowed, with a remark |
| OK | allowed |

- The birthday is taken to be the last day of the month of birth, and age is that of every day. Until then the
  younger age holds; a week of work and a rest belong to the youngest age in them.
- What is unknown never lifts a rule: an unknown age meets the strictest word of any age, a weekday that is no
  day off is a lesson day, a week outside the school's holidays is a school week, a paper that is not there is
  missing.
- A later law is a row with a later first day. A run, a plan and an agreement are judged by the rows that hold
  on their days.

This page is made from `matching/law_nl.py`, `matching/hours_nl.py` and `matching/agreements_nl.py` by
`make docs`. How a run uses these rules stands in [how the engine matches](matching.md).
"""
KINDS = {
    "K-1": "fair, guest lesson, anything on school ground",
    "K-2": "visit to a company, only looking, with school staff",
    "K-3": "hands-on day at a company, or a visit with doing",
    "K-4": "community placement outside school",
    "K-5": "orientation placement with doing",
    "K-6": "orientation placement, only looking",
    "K-7": "prevocational placement",
    "K-8": "work-learn track; only track BB in year 3 or 4",
    "K-9": "bpv, school-based (BOL)",
    "K-10": "bpv, work-based (BBL)",
    "K-11": "role model or coach, one on one",
}
MEASURES = {
    Measure.LESSON_DAY: "lesson day",
    Measure.OTHER_DAY: "other day",
    Measure.SCHOOL_WEEK: "school week",
    Measure.HOLIDAY_WEEK: "holiday week",
    Measure.FOUR_WEEK_AVERAGE: "a week on average over four",
    Measure.DAYS_A_WEEK: "days a week",
    Measure.HOLIDAY_WEEKS_A_YEAR: "holiday weeks a year",
    Measure.HOLIDAY_WEEKS_IN_A_ROW: "holiday weeks in a row",
    Measure.BREAK: "minutes of break",
    Measure.DAILY_REST: "hours of rest between two days",
    Measure.WEEKLY_REST: "hours of rest within seven days",
}
COLUMNS = (Measure.LESSON_DAY, Measure.OTHER_DAY, Measure.SCHOOL_WEEK, Measure.HOLIDAY_WEEK)
ACTIVITIES = {Activity.COMMUNITY: "community placement", Activity.PLACEMENT: "any other placement or work"}
EDGES = """\
- Kinds that are no work (K-1, K-2, K-11) have no hours.
- At 12 and 13 only the school's word opens K-3 and K-6; the hours of 14 hold then.
- +L: lessons of that day or week count as work.
- A weekday that has education is a lesson day, also when no lesson is given, unless the school frees it
  (`school_frees_day`); with lessons it always is one. The national days of A-13 and the school's holidays
  have no education.
- A break is asked of a day with more than four and a half hours of work.
- Podium cannot see side jobs. For under 16 it always says that their hours count too.
"""
DAYS_OFF = """\
National days without education: 1 January, Easter Monday, King's Day (27 April, or 26 when that is a Sunday),
5 May, Ascension Day, Whit Monday, 25 and 26 December.
"""


def law_page() -> str:
    """The whole page."""
    sections = (
        ("Kinds by age", _rows_by_age((row for row in LAW if row.id.startswith("K-")), KINDS), ""),
        ("Hours", _hours_table(), EDGES),
        (
            "Hazards by age",
            _rows_by_age((row for row in LAW if row.id.startswith("Z-")), _hazards()),
            _served(),
        ),
        ("Agreements: what a placement shows before it starts", _agreements_table(), DAYS_OFF),
    )
    return OPENING + "".join(
        f"\n## {number}. {title}\n\n{''.join(table)}{chr(10) + after if after else ''}"
        for number, (title, table, after) in enumerate(sections, start=1)
    )


def _rows_by_age(rows: Iterable[LawRow], names: dict[str, str]) -> Iterator[str]:
    yield _line("id", "what", *AgeBand, "source", "sure", "holds")
    yield _line(*["--"] * (len(AgeBand) + 5))
    for row in rows:
        cells = (_cell(row, band) for band in AgeBand)
        yield _line(row.id, names[row.id], *cells, row.source, row.certainty, _holds(row))


def _cell(row: LawRow, band: AgeBand) -> str:
    exceptions = [
        f"{_word(cell)} at {age}" for age, cell in row.by_age.items() if str(age) in band.value.split("-")
    ]
    return ", ".join([_word(row.cells[band]), *exceptions])


def _word(cell: Cell) -> str:
    asked = [condition.value.replace("_", " ") for condition in cell.conditions]
    if cell.supervised:
        asked.insert(0, "supervised, else BLOCK")
    return f"{cell.verdict} ({'; '.join(asked)})" if asked else cell.verdict.value


def _hazards() -> dict[str, str]:
    named = {code: hazard.label.en.lower() for code, hazard in catalogue().hazards.items()}
    return {"Z-0": "any question about a hazard that was not answered"} | named


def _served() -> str:
    profiles = ", ".join(f"`{profile.value}`" for profile in sorted(ALCOHOL_PROFILES))
    return (
        f"- Z-12: under 16 SCHOOL_ACK instead of BLOCK for profiles {profiles} and a work-learn track.\n"
        "- Supervised: an expert adult, named in the offer, is there the whole time.\n"
        "- On a visit where youths only look, with school staff (K-2), an answered hazard is at most WARN;\n"
        "  on school ground (K-1) none is asked.\n"
    )


def _hours_table() -> Iterator[str]:
    yield _line(
        "id",
        "for",
        "ages",
        *(MEASURES[measure] for measure in COLUMNS),
        "between",
        "Sunday",
        "also",
        "source",
        "sure",
        "holds",
    )
    yield _line(*["--"] * 13)
    for row in HOURS:
        yield _line(
            row.id,
            " and ".join(ACTIVITIES[one] for one in Activity if one in row.activities),
            _ages(row),
            *(_limits(row, measure) for measure in COLUMNS),
            _window(row),
            _limits(row, Measure.SUNDAY),
            "; ".join(_also(row)),
            row.source,
            row.certainty,
            _holds(row),
        )


def _ages(row: HoursRow) -> str:
    lowest, highest = row.ages
    return f"{lowest}+" if highest is None else str(lowest) if lowest == highest else f"{lowest}-{highest}"


def _limits(row: HoursRow, measure: Measure) -> str:
    """The limits in falling severity; a limit of 0 is a word by itself."""
    lessons = " +L" if row.counts_lessons else ""
    return ", ".join(
        limit.verdict.value
        if limit.limit == 0
        else f"{limit.limit:g}{lessons}{'' if limit.verdict is Verdict.BLOCK else f' ({limit.verdict})'}"
        for limit in row.limits_on(measure)
    )


def _window(row: HoursRow) -> str:
    end = "24:00" if row.window.to is None else f"{row.window.to:%H:%M}"
    word = "" if row.window.verdict is Verdict.BLOCK else f" ({row.window.verdict})"
    return f"{row.window.start:%H:%M}-{end}{word}"


def _also(row: HoursRow) -> Iterator[str]:
    for measure, name in MEASURES.items():
        for limit in () if measure in COLUMNS else row.limits_on(measure):
            yield f"at {'least' if measure.is_least else 'most'} {limit.limit:g} {name}"


def _agreements_table() -> Iterator[str]:
    yield _line("id", "for", "asks", "when missing", "source", "sure", "holds")
    yield _line(*["--"] * 7)
    labels = {code: kind.label.en.lower() for code, kind in catalogue().kinds.items()}
    for row in AGREEMENTS:
        kinds = ", ".join(
            label for code, label in labels.items() if code in {kind.value for kind in row.kinds}
        )
        age = f"; under {row.under_age} on the first day" if row.under_age else ""
        asks = "; ".join(_asks(row, proof) for proof in row.proofs)
        yield _line(row.id, kinds + age, asks, row.verdict, row.source, row.certainty, _holds(row))


def _asks(row: AgreementRow, proof: Proof) -> str:
    if proof is Proof.SIGNATURES:
        adults = row.adult_parties if row.adult_parties not in ((), row.parties) else ()
        from_18 = f" (from 18: {_names(adults)})" if adults else ""
        return f"signed by {_names(row.parties)}{from_18}, on or before the first day"
    if proof is Proof.CLAUSES:
        return f"says: {_names(row.clauses)}"
    return {
        Proof.RECOGNITION: "the company is recognised for the qualification on the first day; unknown is no",
        Proof.LASTING: "recognition lasts to the last day and guidance holds; else a task for the school",
        Proof.GUARDIAN_LETTER: "guardians were told of work, dangers and measures on or before the first day",
        Proof.RISK_INVENTORY: "the host declares a risk inventory that covers youths, and names a supervisor",
        Proof.EDUCATION_DAYS: "no day without education: weekend, national day, day off of the school",
    }[proof]


def _names(codes: Iterable[str]) -> str:
    return ", ".join(code.replace("_", " ") for code in codes)


def _holds(row: LawRow | HoursRow | AgreementRow) -> str:
    first = "" if row.valid_from == date.min else f"from {row.valid_from}"
    last = "" if row.valid_until == date.max else f"until {row.valid_until}"
    return " ".join(part for part in (first, last) if part) or "always"


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    sys.stdout.write(law_page())
