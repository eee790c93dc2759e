"""The mail that brings a code, in the customer's language.

The subject holds no code: it is kept after the mail was sent, what the mail said is not.
"""

from datetime import timedelta

_MAILS = {
    "en": (
        "Your code for case {number}",
        "Hello,\n\n"
        "here is the code with which you can see how your case {number} stands:\n\n"
        "    {code}\n\n"
        "It can be used once, within {minutes} minutes. We never ask for it on the phone or in "
        "the chat.\n\n"
        "If you did not ask for a code, you need not do anything: nobody sees your case "
        "without it.\n\n"
        "{company}\n",
    ),
    "zh": (
        "工单 {number} 的验证码",
        "您好：\n\n"
        "您可以用下面的验证码查看工单 {number} 的处理情况：\n\n"
        "    {code}\n\n"
        "验证码只能使用一次，{minutes} 分钟内有效。我们不会通过电话或聊天向您索要验证码。\n\n"
        "如果您没有申请验证码，无需理会本邮件：没有验证码，任何人都看不到您的工单。\n\n"
        "{company}\n",
    ),
}


def code_mail(
    language: str, company: str, number: str, code: str, lasts: timedelta
) -> tuple[str, str]:
    """Return subject and text."""
    minutes = lasts // timedelta(minutes=1)
    values = {"company": company, "number": number, "code": code, "minutes": minutes}
    subject, body = _MAILS.get(language, _MAILS["en"])
    return subject.format(**values), body.format(**values)
