"""Private details in free text are refused; dates, times, postcodes and amounts are not."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.free_text import (
    BANK_ACCOUNT,
    CITIZEN_NUMBER,
    EMAIL,
    LONGEST,
    PHONE,
    TOO_LONG,
    passes_eleven_test,
    private_details,
)
from service.core.i18n import speaking


def test_it_works() -> None:
    assert private_details("Ik wil later kapper worden.") is None
    assert private_details("Mail me op noor@example.nl") == EMAIL


@pytest.mark.parametrize(
    "text",
    [
        "noor@example.nl",
        "Noor.El-Amrani+stage@mail.example.com.",
        "noor @ example.nl",
        "noor (at) example.nl",
        "noor[at]example[dot]nl",
        "noor apenstaartje example punt nl",
        "noor\u200b@\u200bexample.nl",
    ],
)
def test_an_email_address_is_found(text: str) -> None:
    assert private_details(f"Vraag het aan {text} of kom langs") == EMAIL


@pytest.mark.parametrize(
    "text",
    [
        "06-12345678",
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "020-1234567",
        "020 123 45 67",
        "(020) 123 45 67",
        "0299/123456",
        "+31 6 12345678",
        "+31(0)6-12345678",
        "0031 20 123 4567",
        "+32 471 23 45 67",
        "0032471234567",
        "\uff10\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "app op 08-02-2027 naar 06 12 34 56 78",
    ],
)
def test_a_phone_number_is_found(text: str) -> None:
    assert private_details(f"Bel {text}, dan weet je meer") == PHONE


@pytest.mark.parametrize(
    "text",
    [
        "111222333",
        "123456782",
        "1234.56.782",
        "123 456 782",
        "12-34-56-782",
        "1 2 3 4 5 6 7 8 2",
        "bsn:123456782",
    ],
)
def test_a_citizen_number_is_found(text: str) -> None:
    assert private_details(f"Mijn nummer is {text}.") == CITIZEN_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "NL91ABNA0417164300",
        "nl91 abna 0417 1643 00",
        "NL91 ABNA 0417 1643 00 op naam van",
        "NL92ABNA0417164300",
        "BE68 5390 0754 7034",
        "DE89370400440532013000",
        "GB82 WEST 1234 5698 7654 32",
    ],
)
def test_a_bank_account_is_found(text: str) -> None:
    assert private_details(f"Stort op {text}") == BANK_ACCOUNT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Van 08-02-2027 12:00 tot 12-02-2027 16:30 uur",
        "09.00-12.30 13.00-16.00",
        "8.30 tot 16.00, pauze 12.00-12.30",
        "2027-02-08 en 2027-02-12",
        "Postcode 1068 AB, groep 3B, lokaal 0.14",
        "KvK 12345678",
        "Omzet 10.000.000 euro in 2026, 25.000 bezoekers",
        "Crebo 25655, 25656 en 25657",
        "123456789",
        "000000000",
        "Bel 112 als er brand is, of 0900-8844",
        "De weken 6, 7, 8, 9, 10, 11 en 12",
        "Je bent er @ 9 uur",
        "Kom naar het gebouw at the park",
        "3 x 25 kilo, 2 x 40 cm, 1,5 meter",
        "1 + 1 = 2",
        "Klas 1A 2B 3C 4D 5E 6F 7G 8H 9I",
    ],
)
def test_ordinary_text_passes(text: str) -> None:
    assert private_details(text) is None


def test_the_sentence_is_in_the_reader_s_language() -> None:
    found = private_details("06-12345678")
    with speaking("nl"):
        assert str(found) == "Dit lijkt op een telefoonnummer. Haal het weg. Het hoort niet in deze tekst."
    with speaking("en"):
        assert str(found).startswith("This looks like a phone number.")


@given(st.integers(min_value=1, max_value=99_999_999))
def test_of_ten_last_digits_at_most_one_passes(start: int) -> None:
    passing = [last for last in range(10) if passes_eleven_test(f"{start:08}{last}")]
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), f"{start:08}", strict=True))
    assert passing == ([] if total % 11 == 10 else [total % 11])


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    found = private_details(text)
    assert found is None or found in {EMAIL, PHONE, BANK_ACCOUNT, CITIZEN_NUMBER}


@settings(deadline=timedelta(seconds=5))
@given(st.text(alphabet=" (0123456789+-./@abNL", max_size=4000))
def test_hostile_text_is_read_quickly(text: str) -> None:
    """A pattern that goes back on its steps would take minutes."""
    private_details(text)


def test_what_no_field_keeps_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields measure only afterwards: megabytes would be searched first, for seconds."""
    assert private_details("a" * LONGEST) is None
    monkeypatch.delattr("service.core.free_text._plain")
    assert private_details("a" * (LONGEST + 1)) == TOO_LONG
