"""Who may see a case on the customer's status page, and how they are let in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from amends.cases.access import (
    CODE_LASTS,
    MOST_PER_CASE,
    PER_CASE_WITHIN,
    AccessRequest,
    code_of,
    hash_code,
    opens,
)
from amends.cases.mail import Mail
from amends.cases.model import Case
from amends.handoff.model import Channel
from amends.records.access_words import code_mail
from amends.records.indexing import people_of
from amends.satisfaction.ports import UnitOfWork
from amends.values import new_id


def ask(uow: UnitOfWork, number: str, email: str, language: str, now: datetime) -> AccessRequest:
    """Write a request down. Nothing is looked up: every request costs and tells the same."""
    request = AccessRequest(new_id(), number, email, language, now)
    uow.access_requests.add(request)
    return request


def answer(uow: UnitOfWork, request_id: str, secret: str, company: str, now: datetime) -> bool:
    """Make a code for a request and leave the mail with it, if number and address are a pair.

    Returns:
        Whether a code was made. It is not when the pair is wrong, when the request came too late,
        or when too many codes were made for this case lately.
    """
    request = uow.access_requests.lock(request_id)
    if request is None or request.handled_at is not None:
        return False
    case = uow.cases.by_number(request.number)
    may = (
        case is not None
        and now < request.expires_at
        and request.email.casefold() in set(_addresses(uow, case))
        and uow.access_requests.sent_for_case(case.id, now - PER_CASE_WITHIN) < MOST_PER_CASE
    )
    if case is None or not may:
        uow.access_requests.save(replace(request, handled_at=now))
        return False
    code = code_of(secret, request.id)
    hashed = hash_code(secret, request.id, code)
    uow.access_requests.save(replace(request, handled_at=now, case_id=case.id, code_hash=hashed))
    subject, body = code_mail(request.language, company, case.number, code, CODE_LASTS)
    mail = Mail(new_id(), request.email, subject, body, now, request.expires_at)
    uow.mails.add(mail)
    return True


def enter(uow: UnitOfWork, request_id: str, code: str, secret: str, now: datetime) -> str | None:
    """Use a code once; returns the case's number, or None: wrong, used, too late, too often."""
    request = uow.access_requests.lock(request_id)
    if request is None:
        return None
    if not opens(request, hash_code(secret, request.id, code), now):
        uow.access_requests.save(replace(request, tries=request.tries + 1))
        return None
    uow.access_requests.save(replace(request, used_at=now))
    case = uow.cases.get(request.case_id or "")
    return case.number if case else None


def _addresses(uow: UnitOfWork, case: Case) -> Iterator[str]:
    """Yield the addresses at which the customer of a case is known."""
    for person in people_of(uow, case):
        yield person.email.casefold()
    for handoff in uow.handoffs.of_conversation(case.conversation_id):
        contact = handoff.contact
        if contact and contact.channel is Channel.EMAIL and contact.address:
            yield contact.address.casefold()
