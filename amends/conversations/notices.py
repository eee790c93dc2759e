"""What the system itself says to the customer: disclosure and honest words about failures."""

from amends.conversations.model import Draft, Role, Seq

_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "disclosure": (
            "Hello, I am the automated assistant of {company}, not a person. "
            "Tell me in your own words what went wrong. "
            "To speak with a person, write “a person, please” at any time."
        ),
        "introduction": (
            "I am an automated assistant, not a person. "
            "To speak with a person, write “a person, please” at any time."
        ),
        "outage": (
            "Your message is safe with us. I cannot answer right now; "
            "I will answer as soon as I can. You do not need to send it again."
        ),
        "person_asked": (
            "I still cannot answer, so I have asked a person to take over. "
            "Your messages are safe, and nothing has to be written again."
        ),
        "gave_up": (
            "I am sorry, I cannot answer this message. I have asked a person to read it. "
            "You can go on writing."
        ),
        "not_answerable": (
            "I am sorry, I cannot answer this message. Please say it in other words, "
            "or write “a person, please”."
        ),
    },
    "zh": {
        "disclosure": (
            "您好，我是{company}的自动助手，不是真人。请用您自己的话告诉我出了什么问题。"
            "如需人工服务，请随时输入“转人工”。"
        ),
        "introduction": "您好，我是自动助手，不是真人。如需人工服务，请随时输入“转人工”。",
        "outage": "您的消息已妥善保存。我现在无法回答，恢复后会尽快答复，您无需重新发送。",
        "person_asked": "我仍然无法回答，已请人工客服接手。您的消息都已保存，无需重新输入。",
        "gave_up": "很抱歉，我无法回答这条消息，已请人工客服查看。您可以继续留言。",
        "not_answerable": "很抱歉，我无法回答这条消息。请换一种说法，或输入“转人工”。",
    },
}


def disclosure(language: str, company: str) -> Draft:
    """Say that this is an automated assistant and how to reach a person (EU AI Act, art. 50)."""
    return _notice("disclosure", language, None, company=company)


def introduction(language: str, in_reply_to: Seq) -> Draft:
    """Say what `disclosure` said, to a customer who turned out to write another language."""
    return _notice("introduction", language, in_reply_to)


def outage(language: str, in_reply_to: Seq) -> Draft:
    return _notice("outage", language, in_reply_to)


def person_asked(language: str, in_reply_to: Seq) -> Draft:
    return _notice("person_asked", language, in_reply_to)


def gave_up(language: str, in_reply_to: Seq) -> Draft:
    return _notice("gave_up", language, in_reply_to)


def not_answerable(language: str, in_reply_to: Seq) -> Draft:
    return _notice("not_answerable", language, in_reply_to)


def _notice(key: str, language: str, in_reply_to: Seq | None, **values: str) -> Draft:
    texts = _TEXTS.get(language, _TEXTS["en"])
    return Draft(Role.SYSTEM, texts[key].format(**values), in_reply_to=in_reply_to)
