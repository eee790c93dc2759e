"""What enters and leaves this door as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from amends.conversations import cleaning
from amends.conversations.model import Message
from amends.satisfaction.surveys.model import Answers, CsatReason, Dimension


def _whole_characters(value: Any) -> Any:
    """Drop halves of a character, which a text cut in the middle of an emoji holds."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return value


def _to_language(value: Any) -> Any:
    return value.strip().lower()[:2] if isinstance(value, str) else value


def _to_line(value: Any) -> Any:
    return cleaning.clean(value) if isinstance(value, str) else value


def _only_number(value: Any) -> Any:
    """Refuse what Python would count as a number too: `false` is no answer of 0."""
    if isinstance(value, bool | str):
        raise ValueError("send a whole number")
    return value


Text = Annotated[str, BeforeValidator(_whole_characters)]
Line = Annotated[str, BeforeValidator(_to_line)]
_LanguageTag = Annotated[str, Field(pattern=r"^\s*[A-Za-z]{2}")]
Language = Annotated[
    str,
    Field(pattern="^[a-z]{2}$"),
    BeforeValidator(_to_language, json_schema_input_type=_LanguageTag),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore")


class StartRequest(_Request):
    language: Language | None = None
    page: Annotated[Line, Field(max_length=2000)] | None = None
    identity: Annotated[Text, Field(description="JWT, HS256, signed by the site.")] | None = None


class PostRequest(_Request):
    """Typed text or a tapped choice."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": [one], "properties": {one: {"type": "string"}}}
                for one in ("text", "choice_id")
            ]
        }
    )

    client_message_id: Annotated[Line, Field(min_length=1, max_length=100)]
    text: Text | None = None
    choice_id: Annotated[Line, Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.text is None) == (self.choice_id is None):
            raise ValueError("send either text or choice_id")
        return self


_Number = BeforeValidator(_only_number)
Score5 = Annotated[int, Field(ge=1, le=5), _Number]
Score7 = Annotated[int, Field(ge=1, le=7), _Number]
Score0To10 = Annotated[int, Field(ge=0, le=10), _Number]


class SurveyRequest(_Request):
    """Answers of a customer, all at once or one after the other; each replaces an earlier one."""

    csat: Annotated[Score5 | None, Field(description="1 very dissatisfied, 5 very satisfied.")] = (
        None
    )
    reason: Annotated[CsatReason | None, Field(description="The main reason of the CSAT.")] = None
    comment: Annotated[Line, Field(max_length=2000)] = ""
    ces: Annotated[
        Score7 | None,
        Field(description="Agreement: the company made it easy. 7: strongly agree."),
    ] = None
    nps: Annotated[Score0To10 | None, Field(description="How likely to recommend.")] = None
    expectation: Annotated[
        Score5 | None,
        Field(description="1 much worse than expected, 5 much better."),
    ] = None
    servqual: Annotated[
        dict[Dimension, Score5],
        Field(description="By dimension: 1 much worse than expected, 5 much better."),
    ] = {}

    @model_validator(mode="after")
    def _some_answer(self) -> Self:
        if not self.answers.says_something:
            raise ValueError("send at least one of csat, ces, nps, expectation, servqual, comment")
        return self

    @property
    def answers(self) -> Answers:
        servqual = {one.value: score for one, score in self.servqual.items()}
        plain = {name: getattr(self, name) for name in type(self).model_fields}
        return Answers(**{**plain, "servqual": servqual})


class CallbackRequest(_Request):
    """What became of a remedy that the refund system took on."""

    remedy_id: Annotated[Line, Field(min_length=1, max_length=64)]
    status: Literal["settled", "failed"]
    reference: Annotated[Line, Field(max_length=128)] | None = None
    reason: Annotated[Line, Field(max_length=500)] | None = None


class CallbackAnswer(BaseModel):
    recorded: bool = Field(description="False when it stood in the books already.")


class HeardAnswer(BaseModel):
    heard: bool = Field(
        description="False when it was heard before, or is nothing that concerns a customer."
    )


class StartAnswer(BaseModel):
    conversation_id: str
    token: str


class ChoiceAnswer(BaseModel):
    id: str
    title: str


class MessageAnswer(BaseModel):
    seq: int
    role: Literal["customer", "bot", "staff", "system"]
    text: str
    at: str
    choices: list[ChoiceAnswer]
    card: dict[str, Any] | None
    in_reply_to: int | None
    client_message_id: str | None
    author: str | None


class AcceptedAnswer(BaseModel):
    seq: int


class RepliesAnswer(BaseModel):
    seq: int
    replies: list[MessageAnswer]


class PageAnswer(BaseModel):
    messages: list[MessageAnswer]
    mode: Literal["bot", "waiting", "staff", "closed"]
    last_seq: int


class MissingAnswer(BaseModel):
    check: str
    why: str


class ReadyAnswer(BaseModel):
    status: Literal["ready", "degraded", "not_ready"]
    checks: dict[str, bool]
    missing: list[MissingAnswer]


class ErrorBody(BaseModel):
    code: str
    message: str
    details: dict[str, Any]


class ErrorAnswer(BaseModel):
    error: ErrorBody


def to_json(message: Message) -> dict[str, Any]:
    """Return the message as customers see it: a choice's payload stays on the server."""
    return {
        "seq": message.seq,
        "role": message.role.value,
        "text": message.text,
        "at": to_utc_text(message.at),
        "choices": [{"id": choice.id, "title": choice.title} for choice in message.choices],
        "card": message.card,
        "in_reply_to": message.in_reply_to,
        "client_message_id": message.client_message_id,
        "author": message.author,
    }


def to_utc_text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
