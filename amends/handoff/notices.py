"""What the customer is told when a person takes over; times come from the handoff's row."""

from typing import Any

from amends.conversations.model import Choice, Draft, Role, Seq
from amends.handoff.clock import Wait, contact_words, wait_words
from amends.handoff.first_help import Helpline
from amends.handoff.model import Channel
from amends.values import Json

_FIRST_HELP: dict[str, dict[str, str]] = {
    "en": {
        "self_harm": (
            "What you write worries me, and you matter more than any complaint. If you might act "
            "on it, please call your local emergency number now: 112 in Europe, 999 in the UK, "
            "911 in the US. Someone to talk to, day and night: 116 123 in the UK and Ireland, "
            "988 in the US, findahelpline.com elsewhere. I have asked a person to join this chat."
        ),
        "safety": (
            "Your safety comes first. If anyone is hurt or in danger, call your emergency number "
            "now (112, 999 in the UK, 911 in the US). Please stop using the product and keep it "
            "switched off and out of reach. I have asked a person to look at this at once."
        ),
    },
    "zh": {
        "self_harm": (
            "看到您写的这些，我很担心您。您本人比任何投诉都重要。如果您有伤害自己的念头，"
            "请立即拨打当地急救电话：中国大陆120，香港、澳门999，台湾119，欧洲112，美国911。"
            "如果想找人聊聊，中国大陆可拨打12356心理援助热线，"
            "其他地区可在 findahelpline.com 查找。我已请一位真人同事加入这个对话。"
        ),
        "safety": (
            "您的安全最重要。如果有人受伤或处于危险之中，请立即拨打急救电话"
            "（中国大陆急救120、报警110，欧洲112，美国911）。请停止使用该产品，关闭电源，"
            "并放在他人接触不到的地方。我已请一位同事马上来查看。"
        ),
    },
}

_FIRST_HELP_THERE: dict[str, dict[str, str]] = {
    "en": {
        "self_harm": (
            "What you write worries me, and you matter more than any complaint. If you might act "
            "on it, please call {emergency} now. To talk to someone{hours}: {line}, {number} "
            "(in other countries: findahelpline.com). I have asked a person to join this chat."
        ),
        "safety": (
            "Your safety comes first. If anyone is hurt or in danger, call {emergency} now. "
            "Please stop using the product and keep it switched off and out of reach. "
            "I have asked a person to look at this at once."
        ),
    },
    "zh": {
        "self_harm": (
            "看到您写的这些，我很担心您。您本人比任何投诉都重要。如果您有伤害自己的念头，"
            "请立即拨打{emergency}。如果想找人聊聊，可以{hours}拨打{line}：{number}"
            "（其他国家和地区可在 findahelpline.com 查找）。我已请一位真人同事加入这个对话。"
        ),
        "safety": (
            "您的安全最重要。如果有人受伤或处于危险之中，请立即拨打{emergency}。"
            "请停止使用该产品，关闭电源，并放在他人接触不到的地方。我已请一位同事马上来查看。"
        ),
    },
}
"""The same where the customer's country is known (policies/first_help.yml)."""

_DAY_AND_NIGHT = {"en": ", day and night", "zh": "随时"}
_JOINING = {
    "en": "I have asked a colleague to join this chat; they see all you wrote. {wait}",
    "zh": "我已请一位同事加入这个对话，您写的内容同事都能看到。{wait}",
}
_JOINED = {"en": "{name} has joined the chat.", "zh": "{name}已加入对话。"}
_RETURNED = {
    "en": "{name} has left the chat. I am the automated assistant again.",
    "zh": "{name}已离开对话，现在由我这个自动助手继续为您服务。",
}
_PASSED_TO = {
    "en": "{name} is passing this chat on to {other}, who has been told what it is about.",
    "zh": "{name}正在把对话转给{other}，并已说明情况。",
}
_PASSED_ON = {
    "en": "{name} is passing this chat on to a colleague who knows more about this.",
    "zh": "{name}正在把对话转给更了解这方面的同事。",
}
_STAYS = {
    "en": "{name} stays with you in this chat.",
    "zh": "{name}会继续在这个对话中为您服务。",
}
_TAKEN_OVER = {
    "en": "{name} takes over this chat from {other}.",
    "zh": "{name}已从{other}那里接手这个对话。",
}
_NOT_TAKEN = {
    "en": (
        "Nobody could take over from {name} so far. You are back in the queue at your old place, "
        "and a colleague takes over. {wait}"
    ),
    "zh": "到现在还没有同事从{name}那里接手。您已回到排队中原来的位置，会有其他同事接手。{wait}",
}
_REQUEUED = {
    "en": "{name} has put you back in the queue, and a colleague takes over. {wait}",
    "zh": "{name}已将您转回排队，会有其他同事接手。{wait}",
}
_GONE = {
    "en": (
        "{name} is no longer at the desk. You are back in the queue at your old place, "
        "and a colleague takes over. {wait}"
    ),
    "zh": "{name}已不在线。您已回到排队中原来的位置，会有其他同事接手。{wait}",
}
_SILENT = {
    "en": (
        "{name} has not answered you for too long, and we are sorry. You are back in the queue "
        "at your old place, and a colleague takes over. {wait}"
    ),
    "zh": ("{name}很久没有答复您，非常抱歉。您已回到排队中原来的位置，会有其他同事接手。{wait}"),
}
_LATE = {
    "en": "No colleague has been free for you yet. {wait}",
    "zh": "到现在还没有同事有空接手。{wait}",
}
_TOO_LATE = {
    "en": (
        "Nobody has answered you yet. That is far too long, and we are sorry. You keep your place "
        "in the queue, and nothing you wrote is lost. {contact}"
    ),
    "zh": (
        "到现在还没有人答复您，让您等得太久了，非常抱歉。您在排队中的位置会保留，"
        "您写的内容也不会丢失。{contact}"
    ),
}
CONTACT_TITLES: dict[Channel, dict[str, str]] = {
    Channel.EMAIL: {"en": "E-mail me", "zh": "发邮件给我"},
    Channel.PHONE: {"en": "Call me back", "zh": "给我回电"},
}
"""Titles of quick replies: the customer speaks."""

_RESOLVED = {
    "en": "{name} has closed case {number}.",
    "zh": "{name}已关闭工单{number}。",
}
_ENDED = {
    "en": "{name} has ended the chat.",
    "zh": "{name}已结束对话。",
}
_RATE = {
    "en": "{said} How did we do?",
    "zh": "{said}请问您对这次服务满意吗？",
}


def _text(table: dict[str, str], language: str, **values: object) -> str:
    return table.get(language, table["en"]).format(**values)


def first_help(kind: str, language: str, in_reply_to: Seq, there: Helpline | None = None) -> Draft:
    """Help that cannot wait, before anything else is said.

    Args:
        kind: self_harm or safety.
        language: of the conversation.
        in_reply_to: the message that needs it.
        there: whom to call in the customer's country; None when that is not known.
    """
    tables = _FIRST_HELP if there is None else _FIRST_HELP_THERE
    spoken = language if language in tables else "en"
    text = tables[spoken][kind]
    if there is not None:
        text = text.format(
            emergency=there.emergency[spoken],
            line=there.line[spoken],
            number=there.number,
            hours=_DAY_AND_NIGHT[spoken] if there.day_and_night else "",
        )
    return Draft(Role.SYSTEM, text, in_reply_to=in_reply_to)


def joining(wait: Wait, language: str, in_reply_to: Seq | None) -> Draft:
    text = _text(_JOINING, language, wait=wait_words(wait, language))
    return _waiting(text, wait, language, in_reply_to)


def late(wait: Wait, language: str) -> Draft:
    """Say that the promised time has passed, and which one holds now."""
    return _waiting(_text(_LATE, language, wait=wait_words(wait, language)), wait, language)


def too_late(wait: Wait, language: str) -> Draft:
    """Say that it has taken far too long; another time is not promised."""
    words = contact_words(wait.contact, language)
    return _waiting(_text(_TOO_LATE, language, contact=words), wait, language)


def taken_away(name: str, gone: bool, wait: Wait, language: str) -> Draft:
    """Say that the chat waits again, because its person is gone or does not answer."""
    place = wait_words(wait, language)
    text = _text(_GONE if gone else _SILENT, language, name=name, wait=place)
    return _waiting(text, wait, language)


def _waiting(text: str, wait: Wait, language: str, in_reply_to: Seq | None = None) -> Draft:
    return Draft(
        Role.SYSTEM,
        text,
        choices=contact_choices(wait, language),
        card=card_of(wait),
        in_reply_to=in_reply_to,
    )


def card_of(wait: Wait) -> dict[str, Any]:
    minutes = wait.minutes if wait.about is None else wait.about
    # Nobody can say how long an answer takes that is overdue.
    return {"kind": "handoff", "position": wait.position, "expected_minutes": minutes or None}


def contact_choices(wait: Wait, language: str) -> tuple[Choice, ...]:
    """Offer an answer by e-mail or phone to whoever has not told where they are reached."""
    if wait.reachable:
        return ()
    return tuple(
        Choice("", titles.get(language, titles["en"]), contact_payload(channel))
        for channel, titles in CONTACT_TITLES.items()
    )


def contact_payload(channel: Channel) -> str:
    return f'/ask_for_person{{"contact": "{channel.value}"}}'


def joined(name: str, language: str) -> Draft:
    return Draft(Role.SYSTEM, _text(_JOINED, language, name=name))


def returned(name: str, language: str) -> Draft:
    return Draft(Role.SYSTEM, _text(_RETURNED, language, name=name))


def passed_on(name: str, other: str | None, language: str) -> Draft:
    """Say who comes; no name when it is whoever is first of several."""
    table = _PASSED_TO if other else _PASSED_ON
    return Draft(Role.SYSTEM, _text(table, language, name=name, other=other))


def stays(name: str, language: str) -> Draft:
    return Draft(Role.SYSTEM, _text(_STAYS, language, name=name))


def taken_over(name: str, other: str, language: str) -> Draft:
    return Draft(Role.SYSTEM, _text(_TAKEN_OVER, language, name=name, other=other))


def not_taken(name: str, wait: Wait, language: str) -> Draft:
    """Say that the chat waits again, because nobody it was passed on to has taken it."""
    text = _text(_NOT_TAKEN, language, name=name, wait=wait_words(wait, language))
    return _waiting(text, wait, language)


def requeued(name: str, wait: Wait, language: str) -> Draft:
    place = wait_words(wait, language)
    return _waiting(_text(_REQUEUED, language, name=name, wait=place), wait, language)


def resolved(name: str, number: str | None, language: str, survey: Json | None = None) -> Draft:
    """Say that it is over; a chat without any case has no number to name.

    Args:
        name: of the person.
        number: of the case.
        language: of the chat.
        survey: the card with which the customer is asked to rate, if they are.
    """
    text = _text(_RESOLVED if number else _ENDED, language, name=name, number=number)
    if survey is not None:
        text = _text(_RATE, language, said=text)
    return Draft(Role.SYSTEM, text, card=survey)
