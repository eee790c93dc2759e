"""What customers hear from the jobs; amounts, codes and times come from ledger rows."""

from amends.compensation.issuing import Issued
from amends.conversations.model import Conversation, Draft, Role

_TEXTS = {
    "en": {
        "issued": "Done: {title}. It has gone out under reference {reference}.",
        "issued_private": (
            "Done: {title}. The details have gone to the e-mail address on the order."
        ),
        "refused": (
            "I am sorry: {title} could not be carried out. A colleague is looking into it at once."
        ),
        "reminder": (
            "I am still here. Your case {number} is kept, and you can go on whenever it suits you."
        ),
    }
}


def issued(result: Issued, conversation: Conversation) -> Draft:
    """Tell that a remedy was carried out; a voucher's code is shown to its owner alone."""
    texts = _TEXTS.get(conversation.language, _TEXTS["en"])
    title = result.remedy.title.get(conversation.language) or result.remedy.title["en"]
    if result.refused:
        return Draft(Role.SYSTEM, texts["refused"].format(title=title))
    verified = conversation.customer_id is not None
    words = texts["issued" if verified and result.reference else "issued_private"]
    return Draft(Role.SYSTEM, words.format(title=title, reference=result.reference))


def reminder(number: str, language: str) -> str:
    return _TEXTS.get(language, _TEXTS["en"])["reminder"].format(number=number)
