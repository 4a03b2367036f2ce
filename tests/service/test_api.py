"""The API against its own description: no request breaks it, and every answer is as described."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from service.app import create_app
from service.core.actor import GUEST
from service.core.settings import Environment, Settings
from tests.conftest import Browser
from tests.service.bodies import BODIES, filled
from tests.service.conftest import Undone
from tests.world import World

FEWEST_OPERATIONS = 50
EXAMPLES = 12
ROLES = ("admin", "coordinator", "teacher", "mentor", "baker", "noor_herself", "guest")
Case = schemathesis.Case[Any]


def _operations(description: dict[str, Any]) -> Iterator[Any]:
    for found in schemathesis.openapi.from_dict(description).get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CHECKS_OF_UNCHANGED = [*CHECKS, negative_data_rejection]
DESCRIPTION = create_app(
    Settings(environment=Environment.DEVELOPMENT, database_url="sqlite:///never-opened.db")
).openapi()
# The tests act as somebody without signing in: a token that is missing is no mistake here.
del DESCRIPTION["security"]
OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation for operation in _operations(DESCRIPTION)
}


def test_the_description_names_everything() -> None:
    assert len(OPERATIONS) >= FEWEST_OPERATIONS
    assert all(path.partition(" ")[2].startswith("/api/v1/") for path in OPERATIONS)


@dataclass
class Asked:
    """A request as described or wrong on purpose, by anybody; perhaps made to be about something."""

    case: Case
    role: str
    is_changed: bool


@st.composite
def requests(draw: Any, name: str, things: dict[str, str]) -> Asked:
    operation = OPERATIONS[name]
    mode = draw(st.sampled_from((GenerationMode.POSITIVE, GenerationMode.NEGATIVE)))
    asked = Asked(draw(operation.as_strategy(generation_mode=mode)), draw(st.sampled_from(ROLES)), False)
    if draw(st.booleans()):
        _be_about_what_is_there(asked, things)
    if name in BODIES and draw(st.booleans()):
        _be_almost_right(asked, filled(BODIES[name], things), draw)
    return asked


def _be_about_what_is_there(asked: Asked, things: dict[str, str]) -> None:
    """Identifiers nobody has would only ever show what is not found."""
    for name in asked.case.path_parameters or {}:
        asked.case.path_parameters[name] = things[name]
        asked.is_changed = True


def _be_almost_right(asked: Asked, right: dict[str, Any], draw: Any) -> None:
    """A body that would do, with some of its fields as made up."""
    made_up = asked.case.body if isinstance(asked.case.body, dict) else {}
    names = draw(st.sets(st.sampled_from(sorted(made_up)), max_size=2)) if made_up else set()
    asked.case.body = right | {name: made_up[name] for name in names}
    asked.is_changed = True


def _body_of(case: Case) -> dict[str, Any]:
    """JSON; or what is none, under that name."""
    if case.body is NOT_SET:
        return {}
    if isinstance(case.body, bytes):
        return {"content": case.body, "headers": {"content-type": "application/json"}}
    return {"json": case.body}


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_breaks_it(
    name: str, client: Browser, world: World, things: dict[str, str], undone: Undone
) -> None:
    @hypothesis_settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(asked=requests(name, things))
    def ask(asked: Asked) -> None:
        case = asked.case
        client.acting_as(GUEST if asked.role == "guest" else world.everybody[asked.role])
        with undone():
            answer = client.request(case.method, case.formatted_path, params=case.query, **_body_of(case))
        # What is wrong on purpose must be refused too, not bent until it fits.
        case.validate_response(answer, checks=CHECKS if asked.is_changed else CHECKS_OF_UNCHANGED)

    ask()
