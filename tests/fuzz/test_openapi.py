"""Both documents against what is answered: whatever they allow, and what they do not.

A longer run: `AMENDS_TEST_FUZZ_EXAMPLES=500 .venv/bin/python -m pytest tests/fuzz`.
"""

from typing import Any

import pytest
import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import Case, checks

from amends.conversations import cleaning
from amends.gateway.actions import create_actions_app
from amends.gateway.middleware import SAFE_HEADERS
from tests.fuzz.conftest import Door, document_of
from tests.support import chatwoot_server, payment_server
from tests.support.shop import NOW

NOT_TRIED = [
    # A stranger is told 404, not 401: not even that there is such a conversation. What a token
    # opens is tried in tests/authorisation.
    checks.ignored_auth,
]
WHEN_READY = (checks.not_a_server_error, checks.positive_data_acceptance)
ACCEPTED = {
    # A document cannot say that a text must hold something a reader sees.
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "409", "422"]},
}
OF_ONE = "conversation_id"
SIGNED = r"^/api/(payments|bridges)/"


class Signed(AuthBase):
    """Signs the very bytes that are sent, as refund system and help desk do."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body
        for system in (payment_server, chatwoot_server):
            request.headers.update(system.signed(raw, NOW.timestamp()))
        return request


def hold(case: Case, *besides: Any, **call: Any) -> None:
    """Send what was made up, and hold the answer against document and house rules."""
    answer = case.call(**call)
    lenient = [checks.negative_data_rejection] if _is_taken(case) else []
    case.validate_response(answer, excluded_checks=[*NOT_TRIED, *lenient, *besides])
    for name, value in SAFE_HEADERS.items():
        assert answer.headers.get(name.lower()) == [value], name
    assert len(answer.headers["x-request-id"]) == 1


def _is_taken(case: Case) -> bool:
    """Tell what is taken although the document does not say so.

    Lengths count after cleaning, so there may be more of what is dropped; and of a query's value
    that is sent several times the last one counts.
    """
    values = case.body.values() if isinstance(case.body, dict) else ()
    is_cleaned = any(isinstance(one, str) and cleaning.clean(one) != one for one in values)
    return is_cleaned or any(isinstance(one, list) for one in (case.query or {}).values())


@pytest.fixture
def for_strangers(door: Door) -> Any:
    return document_of(door.api, checks=ACCEPTED)


@pytest.fixture
def for_a_customer(door: Door) -> Any:
    started = door.start()
    return document_of(
        door.api,
        checks=ACCEPTED,
        parameters={"path.conversation_id": started.conversation.id},
        headers={"Authorization": f"Bearer {started.token}"},
    )


@pytest.fixture
def for_the_engine() -> Any:
    return document_of(create_actions_app("tests.fuzz.greeting"), checks=ACCEPTED)


strangers = schemathesis.pytest.from_fixture("for_strangers")
a_customer = schemathesis.pytest.from_fixture("for_a_customer").include(path_regex=OF_ONE)
signing_systems = strangers.include(path_regex=SIGNED)
the_engine = schemathesis.pytest.from_fixture("for_the_engine")


@strangers.parametrize()
def test_given_a_stranger_then_answered_as_documented(case: Case) -> None:
    # On a busy machine the gateway may truly not be ready, and documents that.
    hold(case, *(WHEN_READY if case.path == "/readyz" else ()))


@a_customer.parametrize()
def test_given_a_conversation_of_ones_own_then_answered_as_documented(case: Case) -> None:
    hold(case)


@signing_systems.parametrize()
def test_given_a_good_signature_then_answered_as_documented(case: Case) -> None:
    # A signature that is left out comes back here.
    hold(case, checks.missing_required_header, auth=Signed())


@the_engine.parametrize()
def test_given_the_actions_listener_then_answered_as_documented(case: Case) -> None:
    case.call_and_validate()
