"""Chatwoot over its API: each thing is there once, whatever happens on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from amends.handoff.help_desk import Close, Forward, HandOver, Who
from amends.handoff.ports import ChatGone, HelpDeskUnavailable
from amends.wiring import chatwoot as adapter
from amends.wiring.settings import Settings, SettingsError, load_settings
from tests.support.chatwoot_server import (
    ACCOUNT,
    INBOX,
    TOKEN,
    Chatwoot,
    Down,
    Lost,
    Ok,
    chatwoot_server,
)
from tests.support.shop import Clock

GUEST = Who("amends:chat:c-1", "Guest AM-GQTAMN")
KNOWN = Who("amends:customer:cus-9", "Sam Collins", "sam@example.com")
HANDOVER = HandOver("h-1:1", "c-1", GUEST, "AM-GQTAMN", "Summary\nof it all")
WORDS = Forward("c-1:4", 4, "It is still not here.", from_customer=True)
ENDING = Close("h-1:1:end", "The customer needs nobody any more.")


@pytest.fixture
def chatwoot() -> Iterator[Chatwoot]:
    with chatwoot_server() as running:
        yield running


@pytest.fixture
def desk(chatwoot: Chatwoot) -> Iterator[adapter.Chatwoot]:
    opened = adapter.Chatwoot(chatwoot.url + "/", TOKEN, ACCOUNT, INBOX, Clock(), 2.0)
    yield opened
    opened.stop()


@pytest.fixture
def opened(desk: adapter.Chatwoot, chatwoot: Chatwoot) -> str:
    """A chat that was handed over."""
    return desk.hand_over(HANDOVER)


class TestHandOver:
    def test_given_a_guest_when_handed_over_then_contact_chat_and_note_are_there(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot
    ) -> None:
        external_id = desk.hand_over(HANDOVER)

        (contact,) = chatwoot.contacts.values()
        assert (contact["identifier"], contact["name"]) == (GUEST.identifier, GUEST.name)
        assert contact["email"] is None
        chat = chatwoot.chat
        assert str(chat["id"]) == external_id
        assert (chat["status"], chat["inbox_id"]) == ("open", INBOX)
        assert chat["source_id"] == "amends:c-1"
        assert chat["custom_attributes"] == {
            "amends_conversation_id": "c-1", "amends_case": "AM-GQTAMN",
        }  # fmt: skip
        assert chatwoot.said(private=True) == ["Summary\nof it all"]
        assert chatwoot.said() == []
        assert chatwoot.complaints == []

    def test_given_the_same_again_when_handed_over_then_nothing_is_there_twice(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot
    ) -> None:
        assert desk.hand_over(HANDOVER) == desk.hand_over(HANDOVER)

        assert len(chatwoot.contacts) == len(chatwoot.chats) == 1
        assert len(chatwoot.said(private=True)) == 1

    @pytest.mark.parametrize("calls", range(7))
    def test_given_an_answer_is_lost_anywhere_when_made_again_then_all_is_there_once(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, calls: int
    ) -> None:
        chatwoot.plan = [*[Ok()] * calls, Lost()]

        for _ in range(2):
            try:
                desk.hand_over(replace(HANDOVER, who=KNOWN))
            except HelpDeskUnavailable:
                continue

        assert len(chatwoot.contacts) == len(chatwoot.chats) == 1
        assert len(chatwoot.said(private=True)) == 1
        assert chatwoot.complaints == []

    def test_given_a_customer_whom_chatwoot_knows_by_email_when_handed_over_then_it_is_them(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot
    ) -> None:
        near = {"id": 1, "name": "Other", "email": "xsam@example.com", "identifier": None}
        same = {"id": 2, "name": "Sam", "email": "Sam@example.com", "identifier": "crm-4"}
        chatwoot.contacts = {1: near, 2: same}

        desk.hand_over(replace(HANDOVER, who=KNOWN))

        assert chatwoot.chat["contact_id"] == 2
        assert len(chatwoot.contacts) == 2

    def test_given_a_second_handoff_when_handed_over_then_the_same_chat_is_opened_again(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, opened: str
    ) -> None:
        desk.close(opened, ENDING, again=False)

        assert desk.hand_over(replace(HANDOVER, key="h-2:2", note="Again")) == opened

        assert chatwoot.chat["status"] == "open"
        assert chatwoot.said(private=True) == ["Summary\nof it all", ENDING.note, "Again"]

    def test_given_another_conversation_of_a_customer_when_handed_over_then_a_chat_of_its_own(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot
    ) -> None:
        first = desk.hand_over(replace(HANDOVER, who=KNOWN))
        second = desk.hand_over(
            replace(HANDOVER, who=KNOWN, conversation_id="c-2", key="h-2:1", case_number=None)
        )

        assert first != second
        assert len(chatwoot.contacts) == 1
        assert "amends_case" not in chatwoot.chats[int(second)]["custom_attributes"]


class TestForward:
    def test_given_the_customers_words_when_forwarded_then_they_come_in_as_theirs(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, opened: str
    ) -> None:
        desk.forward(opened, WORDS, again=False)

        message = chatwoot.messages[int(opened)][-1]
        assert (message["content"], message["message_type"]) == (WORDS.text, "incoming")
        assert (message["private"], message["source_id"]) == (False, "amends:c-1:4")

    def test_given_what_the_assistant_said_when_forwarded_then_it_is_a_note(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, opened: str
    ) -> None:
        desk.forward(opened, replace(WORDS, from_customer=False), again=False)

        assert chatwoot.said() == []
        assert chatwoot.said(private=True)[-1] == WORDS.text
        assert chatwoot.complaints == []

    def test_given_a_lost_answer_when_forwarded_again_then_it_is_there_once(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, opened: str
    ) -> None:
        chatwoot.plan = [Lost()]
        with pytest.raises(HelpDeskUnavailable):
            desk.forward(opened, WORDS, again=False)
        for number in range(45):  # people went on writing: it is pages away
            chatwoot.messages[int(opened)].append(
                {"id": 10_000 + number, "content": "note", "private": True, "source_id": None}
            )

        desk.forward(opened, WORDS, again=True)

        assert chatwoot.said() == [WORDS.text]

    def test_given_a_first_try_when_forwarded_then_nothing_is_looked_up(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, opened: str
    ) -> None:
        chatwoot.calls.clear()

        desk.forward(opened, WORDS, again=False)

        assert chatwoot.calls == [
            f"POST /api/v1/accounts/{ACCOUNT}/conversations/{opened}/messages"
        ]

    @pytest.mark.parametrize("again", [False, True])
    def test_given_a_chat_that_was_deleted_when_forwarded_then_it_is_gone(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, opened: str, again: bool
    ) -> None:
        chatwoot.chats.clear()

        with pytest.raises(ChatGone):
            desk.forward(opened, WORDS, again=again)


class TestClose:
    def test_given_a_chat_when_closed_then_a_note_says_why_and_it_is_resolved(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, opened: str
    ) -> None:
        desk.close(opened, ENDING, again=False)
        desk.close(opened, ENDING, again=True)

        assert chatwoot.chat["status"] == "resolved"
        assert chatwoot.said(private=True) == [HANDOVER.note, ENDING.note]

    def test_given_a_chat_that_was_deleted_when_closed_then_it_is_gone(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, opened: str
    ) -> None:
        chatwoot.chats.clear()

        with pytest.raises(ChatGone):
            desk.close(opened, ENDING, again=False)


class TestIsStaffed:
    @pytest.mark.parametrize(
        ("statuses", "staffed"),
        [([], False), (["offline", "busy"], False), (["offline", "online"], True)],
    )
    def test_given_people_when_looked_for_then_whether_one_is_online(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, statuses: list[str], staffed: bool
    ) -> None:
        chatwoot.agents = [{"id": n, "availability_status": s} for n, s in enumerate(statuses)]

        assert desk.is_staffed() is staffed


class TestFailures:
    @pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
    def test_given_later_when_told_then_to_be_told_again(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, status: int
    ) -> None:
        chatwoot.plan = [Down(status, (("Retry-After", "7"),))]

        with pytest.raises(HelpDeskUnavailable, match=f"status {status}") as failure:
            desk.is_staffed()

        assert failure.value.retry_after == timedelta(seconds=7)
        assert not failure.value.misconfigured

    @pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 422])
    def test_given_a_refusal_when_told_then_the_operator_hears_which_call(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot, status: int
    ) -> None:
        chatwoot.plan = [Down(status)]

        with pytest.raises(HelpDeskUnavailable, match=f"GET /agents: status {status}") as failure:
            desk.is_staffed()

        assert failure.value.misconfigured

    def test_given_no_json_when_answered_then_the_address_is_wrong(
        self, desk: adapter.Chatwoot, chatwoot: Chatwoot
    ) -> None:
        chatwoot.plan = [Down(200)]

        with pytest.raises(HelpDeskUnavailable, match="without JSON"):
            desk.is_staffed()

    def test_given_nobody_listens_when_told_then_to_be_told_again(self) -> None:
        nobody = adapter.Chatwoot("http://127.0.0.1:1", TOKEN, ACCOUNT, INBOX, Clock(), 1.0)

        with pytest.raises(HelpDeskUnavailable, match="no answer"):
            nobody.hand_over(HANDOVER)
        nobody.stop()

    def test_given_a_wrong_token_when_told_then_misconfigured(self, chatwoot: Chatwoot) -> None:
        stranger = adapter.Chatwoot(chatwoot.url, "wrong", ACCOUNT, INBOX, Clock(), 2.0)

        with pytest.raises(HelpDeskUnavailable, match="401") as failure:
            stranger.hand_over(HANDOVER)

        assert failure.value.misconfigured
        assert "wrong" not in str(failure.value)
        stranger.stop()


class TestSettings:
    WHOLE: ClassVar[dict[str, Any]] = {
        "chatwoot_url": "https://chatwoot.example.com",
        "chatwoot_token": TOKEN,
        "chatwoot_account_id": ACCOUNT,
        "chatwoot_inbox_id": INBOX,
        "chatwoot_webhook_secret": "made",
    }

    def test_given_no_address_then_there_is_no_help_desk(self) -> None:
        assert adapter.build_help_desk(Settings(_env_file=None), Clock()) is None

    def test_given_all_of_it_then_there_is_one(self) -> None:
        desk = adapter.build_help_desk(Settings(_env_file=None, **self.WHOLE), Clock())

        assert isinstance(desk, adapter.Chatwoot)
        desk.stop()

    @pytest.mark.parametrize("missing", list(WHOLE)[1:])
    def test_given_an_address_and_not_the_rest_then_the_missing_one_is_named(
        self, missing: str
    ) -> None:
        with pytest.raises(SettingsError) as refused:
            load_settings({}, **(self.WHOLE | {missing: 0 if missing.endswith("_id") else ""}))

        assert f"AMENDS_{missing.upper()}" in str(refused.value)
        assert "it must be set where AMENDS_CHATWOOT_URL is" in str(refused.value)
        assert TOKEN not in str(refused.value)

    def test_given_no_web_address_then_refused(self) -> None:
        with pytest.raises(SettingsError, match="must begin with https://"):
            load_settings({}, **(self.WHOLE | {"chatwoot_url": "chatwoot.example.com"}))
