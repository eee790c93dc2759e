"""The assembled application."""

from pathlib import Path

import pytest

from amends.conversations.model import Mode
from amends.handoff.errors import HandoffError, HoursError, ThresholdsError
from amends.satisfaction.surveys.model import Answers
from amends.wiring import app as wiring
from amends.wiring.settings import Settings
from tests.support.shop import NOW, PROJECT, Shop, understanding


class TestBuild:
    def test_given_settings_when_built_then_policies_are_read_and_no_database_is_opened(
        self, tmp_path: Path
    ) -> None:
        built = wiring.build(Settings(project_dir=PROJECT, var_dir=tmp_path))

        assert built.policy.version_on(NOW.date())
        assert built.thresholds.row("self_harm")
        assert built.thresholds.hours.zone.key == "Europe/London"
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("file", "text", "refusal", "named"),
        [
            ("handoff.yml", "rows: []", ThresholdsError, "targets"),
            ("hours.yml", "time_zone: Europe/Londn", HoursError, "Europe/London"),
        ],
    )
    def test_given_a_broken_table_when_built_then_it_does_not_start(
        self, tmp_path: Path, file: str, text: str, refusal: type[HandoffError], named: str
    ) -> None:
        policies = tmp_path / "policies"
        policies.mkdir()
        for shipped in (PROJECT / "policies").glob("*.yml"):
            (policies / shipped.name).write_bytes(shipped.read_bytes())
        (policies / file).write_text(text, encoding="utf-8")

        with pytest.raises(refusal, match=named):
            wiring.build(Settings(project_dir=tmp_path, var_dir=tmp_path))

    def test_given_an_application_when_chosen_then_actions_of_this_process_use_it(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wiring, "_chosen", [])

        wiring.use_app(shop.app)

        assert wiring.get_app() is shop.app


class TestDoors:
    def test_given_the_engine_is_down_when_a_person_is_asked_then_the_wait_is_told(
        self, shop: Shop
    ) -> None:
        chat = shop.chat()

        with shop.write() as uow:
            (told,) = shop.app.ask_person(uow, chat.conversation, "engine_down", NOW)

        assert told.card == {"kind": "handoff", "position": 1, "expected_minutes": 30}
        assert chat.conversation.mode is Mode.WAITING

    def test_given_danger_when_checked_then_help_comes_first(self, shop: Shop) -> None:
        chat = shop.chat()
        seq = chat.says("It burns", flags=frozenset({"safety"}))
        found = understanding(flags=frozenset({"safety"}))

        with shop.write() as uow:
            help_first, queue = shop.app.check_handoff(uow, chat.conversation, seq, found, NOW)

        assert "112" in help_first.text
        assert queue.card is not None

    def test_given_a_rating_when_recorded_then_it_is_scored(self, shop: Shop) -> None:
        chat = shop.chat()

        with shop.write() as uow:
            shop.app.record_survey(uow, chat.id, Answers(csat=4), NOW)

        with shop.db.read() as uow:
            score = uow.scores.of_conversation(chat.id)
        assert score is not None
        assert score.satisfaction == 4
