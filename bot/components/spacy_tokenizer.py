"""Tokenizer over spaCy's blank pipelines: splits "isn't", "£20" and emoji as a reader would."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.tokens import Doc

from bot.components.languages import document

_DOC = "spacy_doc"


class Word(Token):
    """A token that works its fingerprint out once.

    Rasa asks for the fingerprint of every token of every example after each component of the
    pipeline, to know what it may take from its cache: a fifth of all training time.
    """

    _known: str | None = None

    def set(self, prop: str, info: Any) -> None:
        """Set a property; the fingerprint is another one then."""
        self._known = None
        super().set(prop, info)

    def fingerprint(self) -> str:
        """Return a stable hash."""
        if self._known is None:
            self._known = super().fingerprint()
        return self._known


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyBlankTokenizer(Tokenizer):
    """Tokenizes each message in its own language and keeps spaCy's document for the others."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The keys Rasa's base class reads; intents are never split here."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed for this component."""
        return ["spacy"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the words of an attribute with their positions in the original text."""
        doc = document(message.get(attribute))
        tokens = [Word(token.text, token.idx) for token in doc if not token.is_space]
        return self._apply_token_pattern(tokens)

    def process(self, messages: list[Message]) -> list[Message]:
        """Tokenize incoming messages; the documents spare later components the same work."""
        for message in messages:
            message.set(_DOC, document(message.get(TEXT) or ""))
        return super().process(messages)


def doc_of(message: Message) -> Doc:
    """Return the message's spaCy document, made here if no tokenizer left one."""
    doc = message.get(_DOC)
    return doc if doc is not None else document(message.get(TEXT) or "")
