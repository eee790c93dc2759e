"""The tokenizer's words, and the fingerprint by which Rasa knows what its cache holds."""

from __future__ import annotations

from rasa.nlu.tokenizers.tokenizer import Token

from bot.components.spacy_tokenizer import Word


def test_a_word_has_the_fingerprint_that_rasa_would_give_it() -> None:
    word, token = Word("parcel", 3), Token("parcel", 3)

    assert word.fingerprint() == token.fingerprint()
    assert word.fingerprint() == token.fingerprint()


def test_a_word_that_changes_has_another_fingerprint() -> None:
    word, token = Word("parcel", 3), Token("parcel", 3)
    before = word.fingerprint()

    for one in (word, token):
        one.set("pos", "NOUN")

    assert word.fingerprint() == token.fingerprint() != before
