"""What customers hear from the jobs; amounts, codes and times come from ledger rows."""

from amends.compensation.issuing import Delayed, Recorded
from amends.compensation.model import Remedy
from amends.conversations.model import Conversation, Draft, Role

_TEXTS = {
    "en": {
        "issued": "Done: {title}. It has gone out under reference {reference}.",
        "issued_private": (
            "Done: {title}. The details have gone to the e-mail address on the order."
        ),
        "failed": (
            "I am sorry: {title} could not be carried out. I have asked a colleague to look into "
            "it; they will write to you here, and you need do nothing yourself."
        ),
        "delayed": (
            "{title}: this takes longer than it should. It is noted and is not lost; I have asked "
            "a colleague to look after it, and you need do nothing yourself."
        ),
        "reminder": (
            "I am still here. Your case {number} is kept, and you can go on whenever it suits you."
        ),
    },
    "zh": {
        "issued": "已办妥：{title}。参考编号：{reference}。",
        "issued_private": "已办妥：{title}。详情已发送到您下单时填写的邮箱。",
        "failed": (
            "非常抱歉，未能为您办妥：{title}。我已请同事查明原因，同事会在这里回复您，您无需做任何操作。"
        ),
        "delayed": (
            "{title}：办理时间比预期要长。这件事已记录在案，不会遗漏；我已请同事跟进，您无需做任何操作。"
        ),
        "reminder": "我还在这里。您的工单{number}一直保留着，方便的时候随时可以继续。",
    },
}


def carried_out(recorded: Recorded, conversation: Conversation) -> Draft:
    """Tell that a remedy was carried out, or could not be.

    A voucher's code, or the reference of anything else, is shown to its owner alone.
    """
    remedy = recorded.remedy
    if recorded.is_failed:
        return _about(remedy, "failed", conversation.language)
    shown = remedy.code or recorded.report.reference
    verified = conversation.customer_id is not None
    words = "issued" if verified and shown else "issued_private"
    return _about(remedy, words, conversation.language, reference=shown)


def delayed(found: Delayed, conversation: Conversation) -> Draft:
    """Tell that a remedy takes long, and who looks after it; promises no new time."""
    return _about(found.remedy, "delayed", conversation.language)


def _about(remedy: Remedy, words: str, language: str, **values: object) -> Draft:
    title = remedy.title.get(language) or remedy.title["en"]
    text = _TEXTS.get(language, _TEXTS["en"])[words].format(title=title, **values)
    return Draft(Role.SYSTEM, text)


def reminder(number: str, language: str) -> str:
    return _TEXTS.get(language, _TEXTS["en"])["reminder"].format(number=number)
