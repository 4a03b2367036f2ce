"""The law speaks while somebody types: per age, per rule, with its source."""

import sys
from datetime import time
from typing import Any

import pytest

from matching import LAW, AgeBand, Verdict
from service.core.i18n import speaking
from service.offers import wording
from service.offers.engine import check_law, hazard_codes, hours_of
from service.reference.catalogue import catalogue
from tests.conftest import Browser
from tests.world import World

NO_TO_ALL = dict.fromkeys(hazard_codes(), False)
TYPED: dict[str, Any] = {
    "kind": "orientation_placement",
    "title": "",
    "positions": "veel",
    "sectors": ["MOB", "TECH"],
    **{f"z_{number}": "no" for number in range(1, 18)},
}


def said(kind: str, hazards: dict[str, bool], **changes: Any) -> list[str]:
    with speaking("nl"):
        return [str(sentence) for sentence in wording.summary(check_law(kind, hazards, **changes))]


def test_it_works(client: Browser, world: World) -> None:
    client.acting_as(world.mechanic)

    answer = client.post("/offers/check", data=TYPED | {"z_2": "yes"}, headers={"accept-language": "nl"})

    assert answer.status_code == 200
    assert "Met deze taken mag niemand onder 18 komen." in answer.text
    assert "<html" not in answer.text
    answer = client.post(
        "/offers/check",
        data=TYPED | {"z_2": "yes", "supervised": "yes", "supervisor_name": "Kees"},
        headers={"accept-language": "nl"},
    )
    assert "Met deze taken mag niemand onder 16 komen." in answer.text


@pytest.mark.parametrize(
    ("kind", "hazards", "changes", "sentences"),
    [
        ("flash_visit", {}, {}, ["Iedereen vanaf 12 jaar mag komen."]),
        ("community_placement", {}, {}, ["Met deze taken mag niemand onder 13 komen."]),
        ("orientation_placement", {}, {}, ["Met deze taken mag niemand onder 14 komen."]),
        ("orientation_placement", {"Z-10": True}, {}, ["Met deze taken mag niemand onder 16 komen."]),
        ("orientation_placement", {"Z-5": True}, {}, ["Met deze taken mag niemand onder 18 komen."]),
        (
            "orientation_placement",
            {},
            {"observe_only": True},
            ["Iedereen vanaf 12 jaar mag komen.", "De school moet eerst ja zeggen voor: 12 jaar en 13 jaar."],
        ),
        (
            "work_learn_track",
            {"Z-5": True},
            {},
            ["Niemand mag komen bij dit soort aanbod met deze taken. Verander een van de twee."],
        ),
        (
            "work_learn_track",
            {},
            {},
            ["Met deze taken mag niemand onder 14 komen.", "Vanaf 18 jaar mag dit soort aanbod ook niet."],
        ),
    ],
)
def test_the_outcome_in_one_glance(
    kind: str, hazards: dict[str, bool], changes: dict[str, Any], sentences: list[str]
) -> None:
    assert said(kind, NO_TO_ALL | hazards, **changes) == sentences


def test_an_open_question_is_named() -> None:
    almost = {code: answer for code, answer in NO_TO_ALL.items() if code != "Z-3"}

    assert check_law("orientation_placement", almost).open_hazards == ("Z-3",)
    assert said("orientation_placement", almost) == [
        "Eén vraag over veiligheid staat nog open. Tot dan mag niemand onder 18 komen."
    ]
    assert said("orientation_placement", {})[0].startswith("17 vragen over veiligheid staan nog open.")


def test_what_waits_for_an_answer_is_not_called_forbidden() -> None:
    check = check_law("orientation_placement", {})

    waits = {age.band: age.waits for age in check.ages}
    assert waits == {"12": False, "13": False, "14-15": True, "16-17": True, "18+": False}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_rule_is_worded_at_every_age(language: str) -> None:
    """For each kind, each hazard by itself, each way of doing it: a sentence and a source."""
    rules = set()
    with speaking(language):
        for kind in catalogue().kinds:
            for hazard in [None, *hazard_codes()]:
                for supervised in (False, True):
                    for observe_only in (None, False, True):
                        hazards = NO_TO_ALL | ({hazard: True} if hazard else {})
                        check = check_law(kind, hazards, supervised=supervised, observe_only=observe_only)
                        assert wording.summary(check)
                        for age in check.ages:
                            for found, (sentences, source) in zip(
                                age.findings, wording.reasons(age), strict=True
                            ):
                                assert all(str(sentence).endswith(".") for sentence in sentences)
                                assert source
                                rules.add(found.rule)
    silent = {"K-1", "K-2", "K-10", "Z-0"}
    assert rules == {row.id for row in LAW} - silent


def test_hours_are_told_while_somebody_types(client: Browser, world: World) -> None:
    client.acting_as(world.mechanic)
    hours = {"starts_at": "08:00", "ends_at": "17:30", "hours_per_day": "8,5", "weekdays": ["6", "7"]}

    answer = client.post("/offers/check", data=TYPED | hours, headers={"accept-language": "nl"})

    assert "De uren passen niet bij: 14 en 15 jaar." in answer.text
    assert "Een dag van 8,5 uur is te lang op deze leeftijd: hoogstens 7." in answer.text
    assert "Op deze leeftijd niet op zondag. De andere dagen kan het wel." in answer.text
    assert "Op zondag alleen als iedereen het ermee eens is." in answer.text
    assert "Een dag van 8,5 uur is lang: 8 is beter." in answer.text
    assert "ministerie van Sociale Zaken en Werkgelegenheid" in answer.text


def test_half_typed_hours_leave_the_rest_of_the_answer(client: Browser, world: World) -> None:
    client.acting_as(world.mechanic)
    half = {"starts_at": "8", "hours_per_day": "acht", "weekdays": ["9"], "starts_on": "morgen"}

    answer = client.post("/offers/check", data=TYPED | half, headers={"accept-language": "nl"})

    assert "Met deze taken mag niemand onder 14 komen." in answer.text
    assert "De uren passen niet" not in answer.text


def test_hours_that_fit_are_not_mentioned() -> None:
    seven = hours_of(time(8, 30), time(16), 7.0, [1, 2, 3, 4, 5])

    assert said("orientation_placement", NO_TO_ALL, hours=seven) == [
        "Met deze taken mag niemand onder 14 komen."
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_word_on_hours_is_worded(language: str) -> None:
    spoken = set()
    for hours in (
        hours_of(time(5), time(23, 30), None, [7]),
        hours_of(None, None, 8.5, [6, 7]),
        hours_of(time(22), time(2), None, []),
    ):
        with speaking(language):
            for kind in ("orientation_placement", "community_placement", "bpv"):
                for age in check_law(kind, NO_TO_ALL, hours=hours).ages:
                    for found, (sentences, source) in zip(age.findings, wording.reasons(age), strict=True):
                        if found.rule.startswith("H-"):
                            assert all(str(sentence).endswith(".") for sentence in sentences)
                            assert source
                            spoken.add((found.facts["measure"], found.verdict.value))
    assert spoken == set(wording.HOURS_SENTENCES)


def test_rules_that_only_speak_of_a_youth_are_worded_too() -> None:
    """K-10 asks for the pathway of a student; the table has a sentence for every word of every rule."""
    for row in LAW:
        if not row.id.startswith("K-"):
            continue
        cells = [*row.cells.values(), *row.by_age.values()]
        for cell in cells:
            if cell.verdict is not Verdict.OK or cell.conditions:
                assert str(wording.rule_sentence(row.id, cell.verdict.value, {}))


def test_every_age_and_verdict_has_a_name() -> None:
    assert set(wording.AGES) == {band.value for band in AgeBand}
    assert set(wording.VERDICTS) == {verdict.value for verdict in Verdict}
    grouped = [code for _name, codes in wording.HAZARD_GROUPS for code in codes]
    assert sorted(grouped) == sorted(hazard_codes())
    assert set(wording.ICONS) == set(catalogue().kinds)


@pytest.mark.parametrize("typed", [{}, {"kind": "nonsense"}, {"kind": "bpv", "z_1": "perhaps"}])
def test_before_a_kind_is_chosen_it_says_so(client: Browser, world: World, typed: dict[str, str]) -> None:
    answer = client.acting_as(world.mechanic).post("/offers/check", data=typed)

    assert answer.status_code == 200
    assert "Choose a kind of offer first." in answer.text


def test_the_form_shows_the_same_without_javascript(client: Browser, world: World) -> None:
    client.acting_as(world.mechanic)

    answer = client.post("/offers/new", data=TYPED | {"z_2": "yes"})

    assert answer.status_code == 422
    assert "With these tasks nobody under 18 may come." in answer.text


def test_who_may_not(client: Browser, world: World) -> None:
    for actor in (world.noor_herself, world.teacher):
        assert client.acting_as(actor).post("/offers/check", data=TYPED).status_code == 403
    assert client.as_guest().post("/offers/check", data=TYPED).status_code == 403


def test_the_check_is_light(client: Browser, world: World) -> None:
    """Run by itself in a fresh process, so that other tests have loaded nothing."""
    import subprocess

    program = (
        "import sys; from service.offers.engine import check_law; check_law('bpv', {}); "
        "print(sorted({'numpy', 'scipy', 'sklearn', 'numba'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
