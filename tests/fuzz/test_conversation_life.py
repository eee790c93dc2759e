"""Whatever happens to a conversation, in whatever order: nothing is lost, doubled or contradicted.

A longer run: `AMENDS_TEST_FUZZ_EXAMPLES=1000 .venv/bin/python -m pytest tests/fuzz`.
"""

import shutil
import tempfile
from pathlib import Path

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from amends.conversations.model import Delivery, Message, Mode, Role
from amends.handoff import use_cases as handoff
from amends.handoff.model import StaffMember
from tests.fuzz.conftest import EXAMPLES, IS_USUAL_RUN
from tests.fuzz.one_conversation import OneConversation
from tests.support.shop import ANA, BEN

TEXTS = st.sampled_from(
    [
        "My vase came broken.",
        "Let me choose.",
        "I want a person.",
        "A person, please.",
        "That is all, bye.",
        "/restart",
        "?",
    ]
)
STEPS = 30


class ConversationLife(RuleBasedStateMachine):
    posted = Bundle("posted")  # client message ids

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(prefix="amends-life-"))
        self.chat = OneConversation(self._folder)
        self.seq_of: dict[str, int] = {}
        self.seen: list[tuple[int, Role, str]] = []
        self.usable: list[str] = []  # choices by id, in the order in which they were offered
        self.gone: list[str] = []
        self.silent_after: int | None = None  # the bot's last word before a person came
        self.with_staff: set[int] = set()  # seqs that a person has before them

    def teardown(self) -> None:
        try:
            self._ends_well()
        finally:
            self.chat.close()
            shutil.rmtree(self._folder)

    # What the customer does

    @rule(target=posted, text=TEXTS)
    def writes_on(self, text: str) -> str:
        return self._posts(text)

    @rule(target=posted, text=TEXTS)
    def posts(self, text: str) -> str:
        return self._posts(text)

    def _posts(self, text: str) -> str:
        client_id = f"c{len(self.seq_of)}"
        was, before = self.chat.mode, self.chat.log[-1].seq

        answer = self._post(client_id, text=text)

        assert answer.status_code == 202
        assert answer.json()["seq"] == before + 1
        self._count(client_id, answer.json()["seq"], was)
        return client_id

    @rule(client_id=posted, text=TEXTS)
    def posts_again(self, client_id: str, text: str) -> None:
        before = self._written()

        answer = self._post(client_id, text=text)  # which also lets what waits be tried again

        assert answer.json()["seq"] == self.seq_of[client_id]
        assert self._written() == before

    def _written(self) -> list[int]:
        return [one.seq for one in self.chat.log if one.role is Role.CUSTOMER]

    @precondition(lambda self: self.usable)
    @rule(target=posted, data=st.data())
    def takes_a_choice(self, data: st.DataObject) -> str:
        client_id, was = f"c{len(self.seq_of)}", self.chat.mode
        choice_id = data.draw(st.sampled_from(self.usable))

        answer = self._post(client_id, choice_id=choice_id)

        assert answer.status_code == 202
        self._count(client_id, answer.json()["seq"], was)
        return client_id

    @precondition(lambda self: self.gone)
    @rule(data=st.data())
    def takes_a_choice_too_late(self, data: st.DataObject) -> None:
        choice_id = data.draw(st.sampled_from(self.gone))
        self._refused(self._post("too-late", choice_id=choice_id), "choice_expired")

    @precondition(lambda self: self.usable or self.gone)
    @rule(data=st.data())
    def takes_a_choice_of_another_chat(self, data: st.DataObject) -> None:
        choice_id = data.draw(st.sampled_from(self.usable + self.gone))
        other = self.chat.another
        body = {"client_message_id": "foreign", "choice_id": choice_id}
        answer = self.chat.ask("POST", "messages", to=other, by=other, json=body)
        self._refused(answer, "choice_expired")

    @precondition(lambda self: len(self.seq_of) > 1)
    @rule()
    def opens_anothers_chat(self) -> None:
        mine, other = self.chat.mine, self.chat.another
        for to, by in ((mine, other), (other, mine)):
            assert self.chat.ask("GET", "messages", to=to, by=by).status_code == 404
            body = {"client_message_id": "foreign", "text": "hello"}
            assert self.chat.ask("POST", "messages", to=to, by=by, json=body).status_code == 404
            rating = self.chat.ask("POST", "survey", to=to, by=by, json={"csat": 1})
            assert rating.status_code == 404

    @rule(csat=st.integers(1, 5))
    def rates(self, csat: int) -> None:
        assert self.chat.ask("POST", "survey", json={"csat": csat}).status_code == 201

    @rule(share=st.floats(0, 1))
    def comes_back(self, share: float) -> None:
        """After having seen a part; by reading and by the stream."""
        log = self.chat.log
        after = int(share * len(log))
        left = [(one.seq, one.text) for one in log if one.seq > after]

        page = self.chat.ask("GET", f"messages?after={after}").json()
        *events, (last, mode) = self.chat.stream(after)

        assert [(one["seq"], one["text"]) for one in page["messages"]] == left
        assert [(name, one["seq"], one["text"]) for name, one in events] == [
            ("message", seq, text) for seq, text in left
        ]
        assert (last, mode) == ("mode", {"mode": page["mode"]})

    # What becomes of the engine

    @rule(how=st.sampled_from(["well", "well", "dead", "slow", "mistaken"]))
    def engine_is(self, how: str) -> None:
        engine = self.chat.engine
        engine.up = how != "dead"
        engine.refuses = lambda _: how == "mistaken"
        if how == "slow":
            engine.gate.clear()
        elif how == "well":
            self.chat.let_go()

    @rule(seconds=st.sampled_from([1, 5, 20, 90]))
    def time_passes(self, seconds: int) -> None:
        self.chat.pass_time(seconds)

    # What staff do

    @precondition(lambda self: self.chat.is_waiting())
    @rule(staff=st.sampled_from([ANA, BEN]))
    def staff_claim(self, staff: StaffMember) -> None:
        self.chat.claim(staff)
        self.silent_after = self.chat.log[-1].seq

    @precondition(lambda self: self.chat.has(ANA))
    @rule()
    def staff_answer(self) -> None:
        with self.chat.shop.write() as uow:
            handoff.answer(uow, self._handoff, ANA, "I look into it.", self.chat.clock())

    @precondition(lambda self: self.chat.has(ANA))
    @rule()
    def staff_let_it_wait_again(self) -> None:
        with self.chat.shop.write() as uow:
            now, table = self.chat.clock(), self.chat.shop.thresholds
            handoff.requeue(uow, self._handoff, ANA, table, now)
        self.silent_after = None

    @precondition(lambda self: self.chat.has(ANA))
    @rule()
    def staff_return_it_to_the_bot(self) -> None:
        with self.chat.shop.write() as uow:
            handoff.return_to_bot(uow, self._handoff, ANA, self.chat.clock())
        self.silent_after = None
        self._visit_ends()

    @precondition(lambda self: self.chat.has(ANA))
    @rule()
    def staff_resolve(self) -> None:
        with self.chat.shop.write() as uow:
            handoff.resolve(uow, self._handoff, ANA, "settled", self.chat.clock())

    # What holds whenever nothing moves

    @invariant()
    def the_log_only_grows(self) -> None:
        log = self.chat.log
        assert [one.seq for one in log] == list(range(1, len(log) + 1))
        now = [(one.seq, one.role, one.text) for one in log]
        assert now[: len(self.seen)] == self.seen
        self._notice_choices(log[len(self.seen) :])
        self.seen = now

    @invariant()
    def each_message_is_there_once(self) -> None:
        found = [(m.client_message_id, m.seq) for m in self.chat.log if m.role is Role.CUSTOMER]
        assert found == list(self.seq_of.items())

    @invariant()
    def each_message_is_answered_once_or_waits_or_is_with_a_person(self) -> None:
        log = self.chat.log
        for message in log:
            if message.role is Role.CUSTOMER:
                self._check_answers(message, [m for m in log if m.in_reply_to == message.seq])
        processed = self.chat.engine.processed
        assert len(processed) == len(set(processed))

    @invariant()
    def answers_keep_the_order(self) -> None:
        answers = [m.in_reply_to for m in self.chat.log if m.role is Role.BOT and m.in_reply_to]
        assert answers == sorted(answers)

    @invariant()
    def the_bot_is_silent_where_a_person_is(self) -> None:
        if self.silent_after is not None:
            later = [one.role for one in self.chat.log if one.seq > self.silent_after]
            assert Role.BOT not in later
        if self.chat.mode is Mode.STAFF:
            assert self.silent_after is not None
            assert self.chat.pending == []

    def _check_answers(self, message: Message, replies: list[Message]) -> None:
        said = [one.text for one in replies if one.role is Role.BOT]
        if message.delivery is Delivery.ANSWERED:
            answers = self.chat.engine.answered.get(f"{self.chat.id}:{message.seq}", [])
            assert replies
            assert said in ([one.text for one in answers], [])
        else:
            assert said == []
        if message.delivery is Delivery.TO_STAFF and message.seq not in self.with_staff:
            assert self.silent_after is not None, "handed to staff, but nobody has the chat"
            self.with_staff.add(message.seq)

    # Helpers

    @property
    def _handoff(self) -> str:
        found = self.chat.handoff
        assert found is not None
        return found.id

    def _post(self, client_id: str, **body: str) -> httpx.Response:
        return self.chat.ask("POST", "messages", json={"client_message_id": client_id, **body})

    def _count(self, client_id: str, seq: int, was: Mode) -> None:
        self.seq_of[client_id] = seq
        if was is Mode.CLOSED:
            self.silent_after = None
            self._visit_ends()
        tapped = self.chat.log[seq - 1].payload is not None
        if tapped:
            self._visit_ends()

    def _visit_ends(self) -> None:
        self.gone += self.usable
        self.usable = []

    def _notice_choices(self, news: list[Message]) -> None:
        for message in news:
            if message.choices:
                self._visit_ends()
                self.usable = [one.id for one in message.choices]
        if self.chat.mode is Mode.CLOSED:
            self._visit_ends()

    @staticmethod
    def _refused(answer: httpx.Response, code: str) -> None:
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == code

    def _ends_well(self) -> None:
        """With an engine that is well and some time, nothing is left waiting."""
        self.chat.engine.up = True
        self.chat.engine.refuses = lambda _: False
        self.chat.let_go()
        for _ in range(20):
            if not self.chat.pending:
                break
            self.chat.pass_time(20)
        assert self.chat.pending == []
        self.each_message_is_answered_once_or_waits_or_is_with_a_person()


TestConversationLife = ConversationLife.TestCase
TestConversationLife.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    derandomize=IS_USUAL_RUN,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
