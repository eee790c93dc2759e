"""What Chatwoot sends: proven, and read for what a person did for the customer."""

import contextlib
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from amends.handoff.help_desk import Heard, PersonEnded, PersonWrote
from amends.wiring.chatwoot_events import LONGEST_NAME, check, read
from amends.wiring.standard_webhooks import SignatureRefused
from tests.support.chatwoot_server import FIXTURES, SECRET, Json, signed
from tests.support.shop import NOW

BODY = b'{"event": "message_created"}'


def fixture(name: str) -> Json:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def heard(name: str, **changes: object) -> Heard | None:
    return read(json.dumps(fixture(name) | changes).encode())


class TestRead:
    def test_given_a_persons_message_then_words_and_name_and_which_conversation(self) -> None:
        assert heard("message_created_outgoing") == PersonWrote(
            "c-1", "2041", "Mia", "I look into it at once."
        )

    def test_given_a_message_type_as_a_number_then_it_is_the_same(self) -> None:
        assert heard("message_created_outgoing", message_type=1) == heard(
            "message_created_outgoing"
        )

    def test_given_a_file_then_the_customer_gets_its_address(self) -> None:
        found = heard("message_created_file")

        assert isinstance(found, PersonWrote)
        assert found.text == "https://chatwoot.example.com/files/label.pdf"

    def test_given_a_file_with_words_then_the_words_come_first(self) -> None:
        found = heard("message_created_file", content="Your label:")

        assert isinstance(found, PersonWrote)
        assert found.text == "Your label:\nhttps://chatwoot.example.com/files/label.pdf"

    @pytest.mark.parametrize(
        "name",
        [
            "message_created_incoming",
            "message_created_private_note",
            "message_created_agent_bot",
            "message_created_automation",
            "message_created_template",
            "message_created_activity",
            "message_created_other_channel",
            "message_updated",
            "conversation_status_changed_open",
            "conversation_status_changed_snoozed",
            "conversation_created",
        ],
    )
    def test_given_anything_else_then_it_is_nobodys_word_to_the_customer(self, name: str) -> None:
        assert heard(name) is None

    def test_given_a_message_that_we_posted_ourselves_then_it_does_not_come_back(self) -> None:
        assert heard("message_created_outgoing", source_id="amends:c-1:4") is None

    def test_given_every_recorded_payload_then_each_is_read_or_left(self) -> None:
        names = sorted(path.stem for path in FIXTURES.glob("*.json"))

        read_ones = {name for name in names if heard(name) is not None}

        assert len(names) == 16
        assert read_ones == {
            "message_created_outgoing",
            "message_created_file",
            "conversation_status_changed_resolved",
            "conversation_status_changed_pending",
            "conversation_status_changed_unassigned",
        }

    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            ("resolved", PersonEnded("c-1", "Mia Berg", returns_to_bot=False)),
            ("pending", PersonEnded("c-1", "Mia Berg", returns_to_bot=True)),
            ("unassigned", PersonEnded("c-1", "", returns_to_bot=False)),
        ],
    )
    def test_given_a_status_then_who_ended_it_and_how(self, name: str, wanted: PersonEnded) -> None:
        assert heard(f"conversation_status_changed_{name}") == wanted

    def test_given_a_name_that_is_no_line_then_it_becomes_one(self) -> None:
        sender = fixture("message_created_outgoing")["sender"] | {"name": " Mia\n" + "x" * 500}

        found = heard("message_created_outgoing", sender=sender)

        assert isinstance(found, PersonWrote)
        assert "\n" not in found.name
        assert len(found.name) == LONGEST_NAME

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"no json",
            b"[]",
            b'"message_created"',
            b'{"event": 5}',
            b'{"event": "message_created"}',
            b'{"event": "message_created", "id": "x", "conversation": {}}',
            b'{"event": "conversation_status_changed", "status": {}}',
        ],
    )
    def test_given_what_chatwoot_never_sends_then_refused(self, body: bytes) -> None:
        with pytest.raises(ValidationError):
            read(body)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    )
    def test_given_any_json_then_read_or_refused_but_never_broken(self, value: object) -> None:
        with contextlib.suppress(ValidationError):
            assert read(json.dumps(value).encode()) is None


class TestCheck:
    def test_given_a_signature_of_now_then_it_passes(self) -> None:
        check(SECRET, signed(BODY, NOW.timestamp()), None, BODY, NOW)

    def test_given_the_secret_in_the_address_then_it_passes_without_a_signature(self) -> None:
        check(SECRET, {}, SECRET, BODY, NOW)

    @pytest.mark.parametrize(
        ("headers", "given", "body", "reason"),
        [
            ({}, None, BODY, "send the headers"),
            ({}, "wrong", BODY, "send the headers"),
            ({}, "", BODY, "send the headers"),
            ({}, SECRET + "x", BODY, "send the headers"),
            (signed(BODY, NOW.timestamp()), None, BODY + b" ", "does not fit"),
            (signed(BODY, NOW.timestamp(), "other"), None, BODY, "does not fit"),
            (signed(BODY, (NOW - timedelta(minutes=6)).timestamp()), None, BODY, "too far"),
            (signed(BODY, (NOW + timedelta(minutes=6)).timestamp()), None, BODY, "too far"),
            (signed(BODY, NOW.timestamp()) | {"x-chatwoot-timestamp": "now"}, None, BODY, "number"),
            (signed(BODY, NOW.timestamp()) | {"x-chatwoot-signature": "é"}, None, BODY, "fit"),
        ],
    )  # fmt: skip
    def test_given_no_proof_then_refused_and_why(
        self, headers: dict[str, str], given: str | None, body: bytes, reason: str
    ) -> None:
        with pytest.raises(SignatureRefused, match=reason):
            check(SECRET, headers, given, body, NOW)
