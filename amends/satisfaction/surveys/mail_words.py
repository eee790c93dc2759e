"""The mail that asks whether a problem is really solved, in the customer's language.

It says nothing of the complaint: a mailbox may be read by others.
"""

_MAILS = {
    "en": (
        "Is it solved? Your case {number}",
        "Hello,\n\n"
        "some days ago we closed your case {number}. Is the problem really solved?\n\n"
        "    {link}\n\n"
        "If it is not, tell us on that page: a colleague takes the case up again, and you see by "
        "when you hear from them. If it is, we would like to know how we did; it takes a "
        "minute.\n\n"
        "The link is yours alone and holds for {days} days. We do not send a reminder.\n\n"
        "{company}\n",
    ),
    "zh": (
        "您的问题解决了吗？工单 {number}",
        "您好：\n\n"
        "几天前，我们关闭了您的工单 {number}。问题真的解决了吗？\n\n"
        "    {link}\n\n"
        "如果还没有解决，请在页面上告诉我们：同事会重新处理，您也能看到最迟何时得到答复。"
        "如果已经解决，希望您用一分钟评价我们的服务。\n\n"
        "链接仅供您本人使用，{days} 天内有效。我们不会再发邮件提醒。\n\n"
        "{company}\n",
    ),
}


def check_in_mail(
    language: str, company: str, number: str, link: str, days: int
) -> tuple[str, str]:
    """Return subject and text."""
    values = {"company": company, "number": number, "link": link, "days": days}
    subject, body = _MAILS.get(language, _MAILS["en"])
    return subject.format(**values), body.format(**values)
