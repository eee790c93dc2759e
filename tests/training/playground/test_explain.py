"""One message explained: how it was read, what it led to, and what was written."""

from pathlib import Path

import pytest

from amends.cases.model import CaseEntry, CaseId, CaseStatus, NextStep, Promise, PromiseState
from amends.compensation.model import Step, StepTaken
from amends.conversations.model import Role
from amends.handoff.assess import assess, signal_of
from amends.handoff.thresholds import load_thresholds
from amends.training.playground.explain import explain
from amends.training.playground.model import EngineTold, Explained, FlagWords, RasaStep, Seen
from tests.training.playground.samples import (
    NOW,
    case,
    decision,
    handoff,
    message,
    seen,
    understood,
)

THRESHOLDS = load_thresholds(Path(__file__).parents[3] / "policies/handoff.yml")
NOTHING_TOLD = EngineTold()
GREETING = message(1, "I am the assistant.", Role.BOT)
SAID = message(2, "My lamp has not come. I will see you in court.")
ANSWER = message(3, "I am sorry.", Role.BOT)
BEFORE = seen(GREETING)
TITLES = {"late-refund": "A late order is refunded"}


def explained(
    after: Seen, before: Seen | None = BEFORE, told: EngineTold = NOTHING_TOLD
) -> Explained:
    found = explain(before, after, told, THRESHOLDS, TITLES)
    assert found is not None
    return found


class TestReading:
    def test_given_a_reading_then_ranking_entities_and_mood_are_told(self) -> None:
        ranking = [
            {"name": "question", "confidence": 0.05},
            {"name": "report_not_received", "confidence": 0.91},
            *({"name": f"other_{n}", "confidence": 0.001} for n in range(9)),
        ]
        entities = [
            {"entity": "order_number", "value": "10045"},
            {"entity": "amount", "value": {"amount_minor": 2000, "currency": "GBP"}},
        ]
        parse = {"intent_ranking": ranking, "entities": entities}
        read = explained(seen(GREETING, SAID, understood={2: understood(parse=parse)})).read

        assert read is not None
        assert read.ranking[:2] == (("report_not_received", 0.91), ("question", 0.05))
        assert len(read.ranking) == 5
        assert read.entities == (("order_number", "10045"), ("amount", "2000 GBP"))
        assert (read.sentiment, read.category) == (-0.6, "not_received")

    def test_given_flags_then_each_has_its_words_and_a_learned_one_has_none(self) -> None:
        told = EngineTold(
            flag_words=(
                FlagWords("legal", "see you in court", "high"),
                FlagWords("legal", "see you in court", "high"),
                FlagWords("media", "the press", "medium"),
            )
        )
        found = understood(flags=frozenset({"legal", "vulnerable_customer"}))
        read = explained(seen(GREETING, SAID, understood={2: found}), told=told).read

        assert read is not None
        assert read.flags == (("legal", ("see you in court",)), ("vulnerable_customer", ()))

    def test_given_a_tapped_choice_then_nothing_was_read(self) -> None:
        tapped = message(2, "Yes, please", payload="/agree")

        found = explained(seen(GREETING, tapped))

        assert (found.read, found.tapped) == (None, "/agree")

    def test_given_no_new_message_then_there_is_nothing_to_explain(self) -> None:
        for after in (BEFORE, seen(GREETING, message(2, "Still there?", Role.BOT))):
            assert explain(BEFORE, after, NOTHING_TOLD, THRESHOLDS, {}) is None

    def test_given_several_turns_then_only_the_latest_message_is_explained(self) -> None:
        earlier = seen(GREETING, SAID, ANSWER)
        after = seen(GREETING, SAID, ANSWER, message(4, "Hello?"), message(5, "Yes?", Role.BOT))

        found = explained(after, before=earlier)

        assert (found.seq, found.text) == (4, "Hello?")
        assert [one.text for one in found.replies] == ["Yes?"]


class TestJudging:
    def test_given_a_row_fired_then_it_is_told_with_what_it_asks_for(self) -> None:
        found = understood(flags=frozenset({"legal"}))
        row = next(one for one in THRESHOLDS.rows if "legal" in (one.when.flags or ()))
        after = seen(
            GREETING,
            SAID,
            understood={2: found},
            assessment=assess([signal_of(found)]),
            handoffs=(handoff(row.id),),
        )

        told = explained(after)

        assert [one.id for one in told.fired] == [row.id]
        assert told.fired[0].row == row
        assert ("flags", ", ".join(row.when.flags or ())) in told.fired[0].conditions
        assert told.assessment is not None
        assert told.assessment.flags == {"legal"}

    def test_given_a_reason_from_before_then_only_the_new_one_fired_now(self) -> None:
        before = seen(GREETING, handoffs=(handoff("customer_asked"),))
        after = seen(GREETING, SAID, handoffs=(handoff("customer_asked", "policy_person"),))

        told = explained(after, before=before)

        assert [(one.id, one.row) for one in told.fired] == [("policy_person", None)]
        assert told.fired[0].conditions == ()
        assert told.earlier_reasons == ("customer_asked",)


class TestDeciding:
    def test_given_a_decision_then_its_facts_and_titles_are_told(self) -> None:
        before = seen(GREETING, decisions=(decision(1),))
        after = seen(GREETING, SAID, decisions=(decision(1), decision(2)))

        (found,) = explained(after, before=before).decided

        assert found.record.id == "d-2"
        assert found.clauses == (("late-refund", "A late order is refunded"),)
        assert found.facts == (
            ("days_late", "6"),
            ("lost", "no"),
            ("tier", "unknown"),
            ("tags", "a, b"),
        )
        assert found.decision.remedies[0].kind == "refund"


class TestWriting:
    def test_given_a_case_was_opened_then_it_is_written_with_its_timeline(self) -> None:
        entry = CaseEntry(CaseId("k-1"), NOW, "customer", "complained", {})
        written = explained(seen(GREETING, SAID, cases=(case(),), entries=(entry,))).written

        assert [one.number for one in written.opened] == ["AM-AAAAAA"]
        assert written.entries == (entry,)
        assert written.changed == ()
        assert not written.is_nothing

    def test_given_a_case_changed_then_each_field_has_before_and_after(self) -> None:
        entry = CaseEntry(CaseId("k-1"), NOW, "customer", "complained", {})
        before = seen(GREETING, cases=(case(),), entries=(entry,))
        later = case(
            status=CaseStatus.OFFERED,
            order_number="10045",
            flags=frozenset({"legal", "fraud"}),
            next_step=NextStep.CUSTOMER_DECIDES,
        )
        after = seen(GREETING, SAID, cases=(later,), entries=(entry, entry))

        written = explained(after, before=before).written

        assert written.opened == ()
        assert written.entries == (entry,)
        assert set(written.changed) == {
            ("status", "open", "offered"),
            ("order_number", "", "10045"),
            ("flags", "", "fraud, legal"),
            ("next_step", "customer_answers", "customer_decides"),
        }

    def test_given_promises_and_steps_then_only_what_is_new_or_changed_is_written(self) -> None:
        old = Promise("p-1", CaseId("k-1"), "refund", NOW, NOW, "bot")
        kept = Promise("p-1", CaseId("k-1"), "refund", NOW, NOW, "bot", PromiseState.KEPT)
        offered = StepTaken("r-1", Step.OFFERED, NOW, "bot")
        accepted = StepTaken("r-1", Step.ACCEPTED, NOW, "customer")
        before = seen(GREETING, promises=(old,), steps=(offered,))
        after = seen(GREETING, SAID, promises=(kept,), steps=(offered, accepted))

        written = explained(after, before=before).written

        assert written.promises == (kept,)
        assert written.steps == (accepted,)

    def test_given_nothing_happened_then_nothing_is_written(self) -> None:
        assert explained(seen(GREETING, SAID)).written.is_nothing

    @pytest.mark.parametrize("before", [None, BEFORE])
    def test_given_what_rasa_did_then_it_is_passed_on(self, before: Seen | None) -> None:
        told = EngineTold(steps=(RasaStep("action", "action_offer", "RulePolicy", 1.0),))

        assert explained(seen(GREETING, SAID), before=before, told=told).told == told
