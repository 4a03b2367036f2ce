"""The page docs/law.md is made from the rows of the law, and names every one of them."""

import runpy
from pathlib import Path

from matching import AGREEMENTS, HOURS, LAW, AgreementRow, HoursRow, LawRow

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "law.md").read_text("utf-8")


def test_the_page_of_the_law_is_up_to_date() -> None:
    made: str = runpy.run_path(str(DOCS / "make_law.py"))["law_page"]()

    assert made == PAGE, "run make docs"


def test_every_row_is_on_it_with_its_source() -> None:
    lines = PAGE.splitlines()
    rows: list[LawRow | HoursRow | AgreementRow] = [*LAW, *HOURS, *AGREEMENTS]

    for row in rows:
        (line,) = [line for line in lines if line.startswith(f"| {row.id} |")]
        assert row.source in line
        assert row.certainty in line
