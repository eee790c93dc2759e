"""The desk says everything in every language it offers."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from amends.desk import shipped_words, words
from amends.desk.speech import LANGUAGES, LOCALE, speaking, spoken, tr, trn
from amends.handoff.thresholds import load_thresholds
from amends.storage.demo_shop import CUSTOMERS
from amends.wiring.settings import PROJECT_DIR
from scripts.desk_words import known, said

OTHERS = sorted(set(LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def texts(words: object) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (str(words or ""),)


def translated(language: str) -> dict[object, Message]:
    catalog = known(LOCALE / language / "desk.po")
    return {message.id: message for message in catalog if message.id}


@pytest.mark.parametrize("language", OTHERS)
class TestCatalogue:
    def test_given_all_that_is_said_then_it_is_translated_and_nothing_else(
        self, language: str
    ) -> None:
        wanted = {message.id for message in said() if message.id}
        found = translated(language)

        assert set(found) == wanted, "run scripts/desk_words.py"
        assert [m.id for m in found.values() if not all(texts(m.string))] == []

    def test_given_a_translation_then_it_fills_in_the_same_values(self, language: str) -> None:
        wrong = [
            message.id
            for message in translated(language).values()
            for text in texts(message.string)
            if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(texts(message.id)[-1]))
        ]

        assert wrong == []

    def test_given_the_file_then_it_is_one_that_translators_tools_read(self, language: str) -> None:
        with Path(LOCALE / language / "desk.po").open("rb") as file:
            assert len(read_po(file, locale=language, abort_invalid=True)) > 100


class TestSpeaking:
    def test_given_a_language_then_it_is_spoken_inside_alone(self) -> None:
        with speaking("zh"):
            assert (spoken(), tr("Claim")) == ("zh", "认领")
            assert trn("{count} reply", "{count} replies", 2) == "2 条常用回复"
        assert (spoken(), tr("Claim")) == ("en", "Claim")

    def test_given_a_language_nobody_knows_then_english(self) -> None:
        with speaking("xx"):
            assert tr("Due in {time}", time="7 min") == "Due in 7 min"


class TestShippedWords:
    def test_given_the_shipped_table_then_its_titles_are_translated_too(self) -> None:
        rows = load_thresholds(PROJECT_DIR / "policies" / "handoff.yml").rows

        assert {row.title for row in rows} == set(shipped_words.THRESHOLDS)

    def test_given_the_demo_shop_then_its_tiers_are_translated_too(self) -> None:
        tiers = {words.plain(customer.tier) for customer in CUSTOMERS}

        assert tiers <= set(shipped_words.TIERS)
