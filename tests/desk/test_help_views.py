"""What is said of suggested steps, requests and canned replies; without a browser."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from amends.desk import entry_words, help_views, help_words, words
from amends.desk.help_actions import Replies
from amends.handoff import errors
from amends.handoff.approval_model import ApprovalState, Stale
from amends.handoff.canned import Placeholder, Values
from amends.handoff.load_canned import load_canned
from amends.handoff.model import Channel, StaffMember, StaffRole
from amends.handoff.next_steps import NextStep, StepKind
from tests.handoff.next_step_samples import NOW, REQUEST, grant, option

ANA = StaffMember("s-ana", "ana", "Ana", StaffRole.AGENT)
SAM = StaffMember("s-sam", "sam", "Sam", StaffRole.SUPERVISOR)
NAMES = {"s-ana": "Ana", "s-sam": "Sam"}
SHIPPED = load_canned(datetime(2026, 3, 4, tzinfo=UTC))


class TestSteps:
    @pytest.mark.parametrize("kind", StepKind)
    def test_given_any_step_then_it_is_worded_and_its_reply_is_shipped(
        self, kind: StepKind
    ) -> None:
        facts = NextStep(
            kind, due_at=NOW, option=option(), address="somewhere", channel=Channel.EMAIL
        )

        shown = help_views.step(facts, NOW, may_act=True)

        assert shown.title
        assert shown.why
        assert "{" not in shown.title + shown.why
        reply = help_words.REPLIES.get(kind)
        assert reply is None or reply in {one.id for one in SHIPPED}

    def test_given_remedies_then_each_has_its_line_with_its_amount(self) -> None:
        facts = NextStep(StepKind.GRANT, option=option(grant("refund", 590), grant()))

        shown = help_views.step(facts, NOW, may_act=True)

        assert shown.lines == ("Refund £5.90", "Voucher £5.00")
        assert shown.why == "It is within your authority."
        assert (shown.act, shown.value) == ("grant", facts.option.key if facts.option else "")

    def test_given_somebody_elses_chat_then_no_button(self) -> None:
        shown = help_views.step(NextStep(StepKind.ANSWER, due_at=NOW), NOW, may_act=False)

        assert not shown.button


class TestRequests:
    def test_given_it_waits_then_others_decide_and_whoever_asked_takes_it_back(self) -> None:
        for_asker = help_views.request(REQUEST, NAMES, ANA)
        for_boss = help_views.request(REQUEST, NAMES, SAM)
        for_asking_boss = help_views.request(replace(REQUEST, asked_by=SAM.id), NAMES, SAM)

        assert (for_asker.may_decide, for_asker.may_withdraw) == (False, True)
        assert (for_boss.may_decide, for_boss.may_withdraw) == (True, False)
        assert (for_asking_boss.may_decide, for_asking_boss.may_withdraw) == (False, True)

    @pytest.mark.parametrize("why", Stale)
    def test_given_stale_then_the_reason_is_told(self, why: Stale) -> None:
        ended = replace(
            REQUEST,
            state=ApprovalState.STALE,
            decided_by=SAM.id,
            decided_at=NOW,
            reason=why.value,
        )

        assert help_views.request(ended, NAMES, ANA).reason == help_words.STALE[why]
        assert help_words.STALE[why] in help_views.told(ended, NAMES)

    def test_given_taken_back_then_nobody_is_told(self) -> None:
        ended = replace(REQUEST, state=ApprovalState.WITHDRAWN, decided_by=ANA.id, decided_at=NOW)

        assert help_views.told(ended, NAMES) == ""

    @pytest.mark.parametrize(
        "kind",
        ["approval_asked", "approval_granted", "approval_refused", "approval_stale",
         "approval_withdrawn"],
    )  # fmt: skip
    def test_given_an_entry_of_the_timeline_then_it_is_worded(self, kind: str) -> None:
        data = {"clauses": ["late-voucher"], "asked_by": "s-ana", "note": "Gift", "reason": "No"}

        said = entry_words.entry(kind, data, NAMES)

        assert "late-voucher" in said
        assert "approval" not in said or kind == "approval_asked"


class TestRefusals:
    @pytest.mark.parametrize(
        "error",
        [
            errors.UnknownRequest("a1"),
            errors.NoOpenCase("h1"),
            errors.NothingToAsk("AM-1"),
            errors.AskedAlready("AM-1"),
            errors.NoReason(),
            errors.OwnRequest("a1"),
            errors.AlreadyDecided("a1", "approved", "s-sam"),
            errors.UnknownReply("r1"),
            errors.WordingIncomplete("en"),
            errors.WordingIncomplete("zh", 80),
            errors.ShortcutUnusable("x"),
            errors.ShortcutTaken("sorry"),
            errors.UnknownPlaceholder("amount", ["item"]),
            errors.ReplyChanged("r1"),
            errors.GapsLeft(["{item}"]),
        ],
    )
    def test_given_any_refusal_then_one_clear_sentence(
        self, error: errors.CannedError | errors.RequestError
    ) -> None:
        said = help_words.refusal(error)

        assert said[0] in "{" or said[0].isupper()
        assert said.endswith(".")

    def test_given_somebody_was_faster_then_named(self) -> None:
        error = errors.AlreadyDecided("a1", "approved", "s-sam")

        assert "Sam was faster" in help_words.refusal(error, "Sam")


class TestReplies:
    KNOWN = Replies(
        SHIPPED, Values({Placeholder.CASE_NUMBER: "AM-1"}), language="zh", category="damaged_item"
    )

    def test_given_chinese_chat_then_texts_are_chinese_and_gaps_are_marked(self) -> None:
        first = help_views.replies(self.KNOWN, "")[0]

        assert first.id == "apology-damaged"
        assert (first.code, first.language) == ("zh", "")
        assert "<mark>{item}</mark>" in first.sample

    def test_given_text_in_another_language_alone_then_said_so(self) -> None:
        wording = replace(SHIPPED[0].wording, texts={"en": "<b>Hello</b>"}, titles={"en": "Hi"})
        known = replace(self.KNOWN, replies=(replace(SHIPPED[0], wording=wording),))

        (shown,) = help_views.replies(known, "")

        assert shown.language == words.LANGUAGES["en"]
        assert shown.sample == "&lt;b&gt;Hello&lt;/b&gt;"
