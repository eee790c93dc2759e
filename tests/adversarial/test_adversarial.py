"""Whatever a customer says, however often, in whatever order: nothing is promised without a row.

Every dialogue is played on a real system, as often as AMENDS_TEST_ADVERSARIAL_RUNS says, each time
on a system started anew; `python -m tests.adversarial --runs 8` is the whole proof.
"""

import json
import os

import pytest

from tests.adversarial.suite import Pass, all_dialogues, differences, run_passes, summary

RUNS = int(os.environ.get("AMENDS_TEST_ADVERSARIAL_RUNS", "1"))

pytestmark = pytest.mark.timeout(300 * RUNS)


@pytest.fixture(scope="module")
def passes(tmp_path_factory: pytest.TempPathFactory) -> list[Pass]:
    folder = tmp_path_factory.mktemp("adversarial")
    found = list(run_passes(folder, all_dialogues(), RUNS))
    (folder / "adversarial.json").write_text(json.dumps(summary(found), indent=2))
    return found


class TestPromises:
    def test_given_every_dialogue_then_nothing_is_promised_without_a_row(
        self, passes: list[Pass], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with capsys.disabled():
            print(f"\nadversarial: {json.dumps(summary(passes))}")  # noqa: T201

        assert [(name, str(b)) for one in passes for name, b in one.breaches] == []

    def test_given_all_dialogues_then_every_answer_of_the_policy_is_among_them(
        self, passes: list[Pass]
    ) -> None:
        found = summary(passes[:1])

        assert found["offers"] > 100
        assert found["remedies_accepted"] > 50
        assert found["refusals"] > 5
        assert found["handoffs"] > 20

    def test_given_the_days_budget_then_no_dialogue_was_cut_short_by_another(
        self, passes: list[Pass]
    ) -> None:
        hits = {
            hit["cap"]
            for one in passes
            for conversation in one.conversations
            for decision in conversation.books.decisions
            for hit in decision.decision["caps"]
        }

        assert "per_day" not in hits

    @pytest.mark.skipif(RUNS < 2, reason="AMENDS_TEST_ADVERSARIAL_RUNS asks for one pass alone")
    def test_given_another_pass_then_every_dialogue_comes_out_the_same(
        self, passes: list[Pass]
    ) -> None:
        assert differences(passes) == {}
