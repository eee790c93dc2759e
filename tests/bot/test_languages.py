"""Which language a message is in: by its script, and within one script by its small words."""

from __future__ import annotations

import pytest

from bot.components import languages, short_acts
from bot.components.languages import LATIN, Language, detect
from bot.components.short_acts import ShortActFinder, find_act

SPANISH_ACTS = {"thank": {"en": ["thanks"], "es": ["(gracias|muchas gracias)"]}}


@pytest.fixture
def spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    more = (*languages.LANGUAGES, Language("es", LATIN))
    monkeypatch.setattr(languages, "LANGUAGES", more)
    monkeypatch.setattr(
        short_acts, "short_act_finder", lambda language: ShortActFinder(SPANISH_ACTS, language)
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my parcel", "en"),
        ("我的包裹在哪里", "zh"),
        ("我的 iPhone 坏了", "zh"),
        ("10045", "en"),
        ("gracias", "en"),
    ],
)
def test_given_languages_of_different_scripts_then_the_script_tells(
    text: str, language: str
) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Dónde está mi pedido?", "es"),
        ("La lámpara llegó rota", "es"),
        ("MI PAQUETE NO HA LLEGADO", "es"),
        ("where is my parcel", "en"),
        ("The lamp came without its shade", "en"),
        ("我的包裹在哪里", "zh"),
        ("10045", "en"),
        ("Oslo lamp", "en"),
    ],
)
def test_given_two_languages_of_one_script_then_their_small_words_tell(
    spanish: None, text: str, language: str
) -> None:
    assert detect(text) == language


def test_given_a_few_words_of_a_script_then_each_of_its_languages_is_asked_for_the_act(
    spanish: None,
) -> None:
    assert find_act("gracias", []) == "thank"
    assert find_act("thanks", []) == "thank"
    assert find_act("谢谢", []) is None
