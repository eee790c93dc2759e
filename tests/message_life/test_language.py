"""The conversation goes on in the language the customer writes."""

import pytest

from amends.conversations import notices
from amends.conversations.decide import language_after
from amends.conversations.model import Draft, Role, Seq
from amends.values import LANGUAGES
from tests.message_life.engine import offer, understanding

CHINESE = "我的包裹还没有收到"
ENGLISH = "where is my parcel now?"


def reads(world, language: str) -> None:
    """Let the engine read every message as one in this language."""

    async def understand(text: str, conversation_id: str):
        return understanding(text, language=language)

    world.engine.understand = understand


def language_of(world, cid: str) -> str:
    with world.db.read() as uow:
        return uow.conversations.get(cid).language


class TestLanguageAfter:
    @pytest.mark.parametrize(
        ("spoken", "written", "text", "after"),
        [
            ("en", "zh", CHINESE, "zh"),
            ("en", "zh", "不", "zh"),
            ("zh", "en", ENGLISH, "en"),
            ("zh", "en", "I don't want that, thanks.", "en"),
            ("de", "zh", CHINESE, "zh"),
        ],
    )
    def test_given_another_language_when_written_then_the_conversation_follows(
        self, spoken, written, text, after
    ):
        assert language_after(spoken, written, text) == after

    @pytest.mark.parametrize(
        "text", ["10045", "#A-10045", "👍", "?!", "ok", "OK 10045", "Kindle Paper 11", "a@b.co"]
    )
    def test_given_chinese_when_numbers_emoji_or_names_come_then_it_stays(self, text):
        assert language_after("zh", "en", text) == "zh"

    @pytest.mark.parametrize("text", ["我的 iPhone 15 Pro Max 坏了", "order number 是 10045"])
    def test_given_chinese_when_mixed_with_latin_words_then_it_stays(self, text):
        assert language_after("zh", "en", text) == "zh"

    def test_given_a_language_nobody_speaks_here_when_written_then_nothing_changes(self):
        assert language_after("zh", "fr", "où est mon colis maintenant") == "zh"

    def test_given_no_letters_when_read_as_chinese_then_nothing_changes(self):
        assert language_after("en", "zh", "12345") == "en"

    def test_given_english_in_place_of_a_third_language_when_written_then_nothing_is_new(self):
        assert language_after("de", "en", ENGLISH) == "de"


class TestTurn:
    async def test_given_english_chat_when_chinese_comes_then_the_turn_itself_is_chinese(
        self, world
    ):
        reads(world, "zh")
        cid = world.start()
        world.post(cid, CHINESE)

        await world.drive(cid)

        assert language_of(world, cid) == "zh"
        assert [request.metadata["language"] for request in world.engine.requests] == ["zh"]

    async def test_given_the_switch_when_told_then_help_comes_before_who_answers(self, world):
        reads(world, "zh")
        help_first = Draft(Role.SYSTEM, "您的安全最重要。")
        world.desk.notices = lambda found: (help_first,)
        cid = world.start()
        world.post(cid, CHINESE)

        await world.drive(cid)

        introduction = notices.introduction("zh", Seq(2)).text
        assert world.said(cid)[1:3] == [help_first.text, introduction]

    async def test_given_a_switch_and_back_when_again_then_who_answers_is_told_once_each(
        self, world
    ):
        cid = world.start()
        for language, text in (
            ("en", ENGLISH), ("zh", CHINESE), ("en", ENGLISH), ("zh", CHINESE + "吗"),
        ):  # fmt: skip
            reads(world, language)
            world.post(cid, text)
            await world.drive(cid)

        told = [m.text for m in world.log(cid)[1:] if m.role is Role.SYSTEM]
        assert told == [notices.introduction("zh", Seq(1)).text]
        assert language_of(world, cid) == "zh"

    async def test_given_the_engine_fails_after_reading_when_driven_again_then_still_chinese(
        self, world
    ):
        reads(world, "zh")
        cid = world.start()
        world.post(cid, CHINESE)
        world.engine.refuses = lambda request: len(world.engine.requests) == 1

        await world.drive(cid)
        world.clock.forward(30)
        await world.drive(cid)

        assert [request.metadata["language"] for request in world.engine.requests] == ["zh"] * 2
        said = world.said(cid)
        assert notices.outage("zh", Seq(2)).text in said
        assert len(said) == len(set(said))

    async def test_given_a_tapped_choice_when_driven_then_its_title_changes_no_language(
        self, world
    ):
        cid = world.start()
        reads(world, "zh")
        world.engine.replies = lambda request: [offer("Yes, I would like that", text="请选择")]
        world.post(cid, CHINESE)
        await world.drive(cid)
        choice = next(m for m in world.log(cid) if m.choices).choices[0]
        reads(world, "en")

        world.post(cid, choice_id=choice.id)
        await world.drive(cid)

        assert language_of(world, cid) == "zh"


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_each_language_when_notices_are_told_then_each_has_its_own_words(language):
    made = [
        notices.disclosure(language, "Fernhill"),
        notices.introduction(language, Seq(1)),
        notices.outage(language, Seq(1)),
        notices.person_asked(language, Seq(1)),
        notices.gave_up(language, Seq(1)),
        notices.not_answerable(language, Seq(1)),
    ]

    assert set(notices._TEXTS[language]) == set(notices._TEXTS["en"])
    assert all(any("一" <= char <= "鿿" for char in one.text) == (language == "zh") for one in made)
