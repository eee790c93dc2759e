"""Refusals of this room.

ConversationError
├── UnknownConversation   no conversation of this id, or the token does not open it
├── TextTooLong           the text is over the limit
├── EmptyMessage          nothing is left of the text after cleaning
└── ChoiceExpired         the choice is unknown, used, or of an older message
"""


class ConversationError(Exception):
    """Base of what the conversations room refuses."""


class UnknownConversation(ConversationError):
    def __init__(self, conversation_id: str) -> None:
        super().__init__("This conversation does not exist or the token does not open it.")
        self.conversation_id = conversation_id


class TextTooLong(ConversationError):
    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The message has {length} characters; at most {limit} are accepted. "
            "Please shorten it or send it in parts."
        )
        self.length, self.limit = length, limit


class EmptyMessage(ConversationError):
    def __init__(self) -> None:
        super().__init__("The message is empty. Please write what happened.")


class ChoiceExpired(ConversationError):
    def __init__(self, choice_id: str) -> None:
        super().__init__("This choice can no longer be used. Please answer in your own words.")
        self.choice_id = choice_id
