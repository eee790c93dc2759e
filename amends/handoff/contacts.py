"""Another way than waiting in the chat: the customer leaves an e-mail address or a phone number."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from amends.cases import use_cases as cases
from amends.handoff.errors import UnknownHandoff
from amends.handoff.model import Channel, Contact, Handoff
from amends.handoff.ports import UnitOfWork

SHORTEST, LONGEST = 9, 15
"""Digits of a phone number with its prefix; the longest is that of ITU-T E.164."""

_NUMBER = re.compile(r"(?<![A-Za-z0-9_@.])(?:\+|00)?\(?\d[\d\s().\-/]{5,24}\d(?![A-Za-z0-9_@])")
_CALL = re.compile(
    r"\b(?:call|ring|phone|telephone|tel|mobile|cell|reach|whatsapp|my number)\b"
    r"|电话|手机|打给|回电|拨打|联系我",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(
    r"\b(?:order|booking|reference|ref|invoice|receipt|tracking|parcel|shipment|ticket|account|"
    r"card|iban|customer)\b\W*(?:\w+\W+){0,2}$"
    r"|(?:订单|单号|运单|快递|账号|卡号)\W*(?:号|号码)?(?:是|为)?\W*$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_CHINESE_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")


def read_contact(
    text: str,
    email: str | None = None,
    wished: Channel | None = None,
    besides: Collection[str] = (),
) -> Contact | None:
    """Return where a message says that its writer is reached; None when it does not.

    Args:
        text: the message.
        email: the e-mail address that the engine found in it.
        wished: how the customer asked to be answered, without having said where yet.
        besides: numbers that are known to be something else, such as orders.
    """
    phone = _phone(text, wished is Channel.PHONE, {_digits(number) for number in besides})
    if phone and (email is None or wished is Channel.PHONE):
        return Contact(Channel.PHONE, phone)
    return Contact(Channel.EMAIL, email) if email else None


def _phone(text: str, asked: bool, besides: set[str]) -> str | None:
    for match in _NUMBER.finditer(text):
        written, digits = match[0].strip(), _digits(match[0])
        if not SHORTEST <= len(digits) <= LONGEST or digits in besides:
            continue
        if _DATE.match(written) or _SOMETHING_ELSE.search(text[: match.start()]):
            continue
        looks = written[0] in "+0(" or _CHINESE_MOBILE.fullmatch(digits)
        if asked or looks or _CALL.search(text):
            return written
    return None


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written)


def note_contact(uow: UnitOfWork, conversation_id: str, contact: Contact, now: datetime) -> Contact:
    """Write down how the customer wants to be answered; place and promise stay as they are.

    Returns:
        What is known now: an address given before stays when only the wish is repeated.

    Raises:
        UnknownHandoff: nobody was asked for.
    """
    uow.conversations.lock(conversation_id)
    handoff = uow.handoffs.open_of(conversation_id)
    if handoff is None:
        raise UnknownHandoff(conversation_id)
    known = _joined(handoff, contact)
    if known == handoff.contact:
        return known
    uow.handoffs.save(replace(handoff, contact=known))
    case = cases.case_of(uow, handoff.case_id) if handoff.case_id else None
    if case is not None:
        data = {"channel": known.channel.value, "given": known.address is not None}
        cases.add_entry(uow, case, now, "customer", "contact", data)
    return known


def _joined(handoff: Handoff, contact: Contact) -> Contact:
    before = handoff.contact
    if before is not None and contact.address is None and before.channel is contact.channel:
        return before
    return contact
