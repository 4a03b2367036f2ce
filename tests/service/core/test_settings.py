"""Settings: unsafe values do not start outside development, and say what to do instead."""

import pytest
from pydantic import ValidationError

from service.core.settings import DEVELOPMENT_SECRET, Environment, Settings

SAFE = {"base_url": "https://podium.example", "secret_key": "forty-random-characters-forty-characters"}


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the environment, with names that start with PODIUM_."""
    monkeypatch.setenv("PODIUM_BASE_URL", "https://podium.example:8443/")
    monkeypatch.setenv("PODIUM_SECRET_KEY", SAFE["secret_key"])
    monkeypatch.setenv("PODIUM_TRUSTED_HOSTS", '["www.podium.example"]')
    settings = Settings()
    assert settings.environment is Environment.PRODUCTION
    assert (settings.host, settings.has_https, settings.is_development) == ("podium.example", True, False)
    assert settings.trusted_hosts == ["www.podium.example"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"secret_key": DEVELOPMENT_SECRET}, "PODIUM_SECRET_KEY"),
        ({"secret_key": "too-short"}, "PODIUM_SECRET_KEY"),
        ({"secret_key": ""}, "PODIUM_SECRET_KEY"),
        ({"base_url": "http://podium.example"}, "https://"),
        ({"base_url": "podium.example"}, "PODIUM_BASE_URL"),
        ({"base_url": "javascript:alert(1)"}, "PODIUM_BASE_URL"),
        ({"base_url": "https://"}, "PODIUM_BASE_URL"),
        ({"mail_from": "Podium"}, "PODIUM_MAIL_FROM"),
        ({"mail_from": "Podium <podium@>"}, "PODIUM_MAIL_FROM"),
        ({"mail_from": "Podium <podium@podium.example"}, "PODIUM_MAIL_FROM"),
        ({"mail_from": "one@podium.example, two@podium.example"}, "PODIUM_MAIL_FROM"),
        ({"mail_from": "Podium <podium@podium.example>\nBcc: x@podium.example"}, "PODIUM_MAIL_FROM"),
        ({"bounce_address": "bounces"}, "PODIUM_BOUNCE_ADDRESS"),
        ({"bounce_address": "bounces@"}, "PODIUM_BOUNCE_ADDRESS"),
        ({"bounce_address": "Podium <bounces@podium.example>"}, "PODIUM_BOUNCE_ADDRESS"),
        ({"bounce_address": "<bounces@podium.example>"}, "PODIUM_BOUNCE_ADDRESS"),
        ({"bounce_address": "bounces@podium.example\nBcc: x@podium.example"}, "PODIUM_BOUNCE_ADDRESS"),
        ({"bounce_address": "bounces@podium.example\n"}, "PODIUM_BOUNCE_ADDRESS"),
    ],
)
def test_production_refuses_unsafe_values(changes: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings.model_validate(SAFE | changes)


def test_the_default_is_production_and_does_not_start() -> None:
    """Who forgets to say where it runs, does not run a demo on the internet."""
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize(
    ("mail_from", "sender"),
    [
        ("post@podium.example", ("", "post@podium.example")),
        (" Podium <post@podium.example> ", ("Podium", "post@podium.example")),
        ('"Stichting, On Stage" <post@podium.example>', ("Stichting, On Stage", "post@podium.example")),
        ("Zó: een podium, (West) <post@podium.example>", ("Zó: een podium, (West)", "post@podium.example")),
    ],
)
def test_the_sender_is_a_name_and_an_address(mail_from: str, sender: tuple[str, str]) -> None:
    settings = Settings.model_validate(SAFE | {"mail_from": mail_from})
    assert settings.sender == sender


@pytest.mark.parametrize("environment", [Environment.DEVELOPMENT, Environment.DEMO])
def test_development_starts_without_any(environment: Environment) -> None:
    settings = Settings(environment=environment)
    assert settings.is_development
    assert not settings.has_https


@pytest.mark.parametrize("changes", [{"environment": "nonsense"}, {"log_format": "xml"}, {"nonsense": "x"}])
def test_wrong_values_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(SAFE | changes)


def test_secrets_do_not_show() -> None:
    settings = Settings.model_validate(SAFE | {"smtp_url": "smtp://user:password@mail.example:587"})
    assert SAFE["secret_key"] not in repr(settings)
    assert "password" not in repr(settings)


def test_settings_do_not_change_while_running() -> None:
    settings = Settings.model_validate(SAFE)
    with pytest.raises(ValidationError):
        settings.base_url = "https://evil.example"  # type: ignore[misc]


@pytest.mark.parametrize("address", ["", "bounces@podium.example", "bounces@mail-1.podium.example"])
def test_an_address_for_reports_is_one_or_none(address: str) -> None:
    assert Settings.model_validate(SAFE | {"bounce_address": address}).bounce_address == address
