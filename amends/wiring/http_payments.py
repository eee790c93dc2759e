"""The company's refund and voucher system over HTTP.

One signed POST per remedy, under the remedy's id as idempotency key; asked again, it is the same
request to the byte, but for time and signature. `docs/how-to/connect-your-refund-system.md` is the
contract.
"""

import json
import time
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from amends.compensation.model import Instruction, Report, Step
from amends.compensation.ports import PaymentRefused, PaymentsUnavailable
from amends.values import Clock, Json
from amends.wiring import standard_webhooks
from amends.wiring.retry_after import retry_after

MOST_ANSWER_BYTES = 65_536
LONGEST_REFERENCE, LONGEST_REASON = 128, 500

_REFUSED = frozenset({HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    status: Literal["settled", "pending", "refused"] | None = None
    reference: str | None = None
    reason: str | None = None


class HttpPayments:
    """Implements the Payments port of the compensation room."""

    def __init__(self, url: str, secret: str, timeout_seconds: float, clock: Clock) -> None:
        self._url, self._secret, self._clock = url, secret, clock
        self._seconds = timeout_seconds
        # trust_env=False: a proxy of the environment must never see who is paid what.
        self._client = httpx.Client(timeout=timeout_seconds, trust_env=False)

    def issue(self, instruction: Instruction) -> Report:
        """Have a remedy carried out.

        Raises:
            PaymentRefused: the system refused for good.
            PaymentsUnavailable: no answer, none that can be read, or "later".
        """
        try:
            status, headers, content = self._post(instruction.remedy.id, body_of(instruction))
        except httpx.HTTPError as error:
            raise PaymentsUnavailable(f"no answer: {type(error).__name__}") from error
        except httpx.InvalidURL as error:
            raise PaymentsUnavailable(f"no address: {error}", misconfigured=True) from error
        return _read(status, headers, content, self._clock())

    def close(self) -> None:
        self._client.close()

    def _post(self, remedy_id: str, body: bytes) -> tuple[int, httpx.Headers, bytes]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Idempotency-Key": remedy_id,
            **standard_webhooks.sign(self._secret, remedy_id, self._clock(), body),
        }
        give_up = time.monotonic() + self._seconds
        content = bytearray()
        with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
            for part in answer.iter_bytes():
                content += part
                # httpx limits each wait, not their sum: a trickle of bytes would last for ever.
                if len(content) > MOST_ANSWER_BYTES or time.monotonic() > give_up:
                    raise PaymentsUnavailable("the answer is too long, or too slow")
            return answer.status_code, answer.headers, bytes(content)


def body_of(instruction: Instruction) -> bytes:
    """Return the request's body: always the same for a remedy, whatever happens to its case."""
    remedy, amount = instruction.remedy, instruction.remedy.amount
    values: Json = {
        "remedy_id": remedy.id,
        "kind": remedy.kind,
        "part": remedy.part,
        "amount_minor": amount.amount_minor if amount else None,
        "currency": amount.currency if amount else None,
        "order_number": remedy.order_number,
        "case_number": instruction.case_number,
        "customer_id": remedy.customer_id,
        "voucher_code": remedy.code,
    }
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()


def _read(status: int, headers: Mapping[str, str], content: bytes, now: datetime) -> Report:
    answer = _answer(content)
    if status in _REFUSED or (_is_success(status) and answer.status == "refused"):
        raise PaymentRefused(line(answer.reason, LONGEST_REASON) or f"status {status}")
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise PaymentsUnavailable(f"status {status}", retry_after(headers, now))
    if not _is_success(status):
        raise PaymentsUnavailable(
            f"AMENDS_PAYMENTS_URL answers with status {status}: check address and secret",
            misconfigured=True,
        )
    if answer.status is None:
        raise PaymentsUnavailable(
            f"status {status} without a body like "
            '{"status": "settled" or "pending", "reference": "..."}',
            misconfigured=True,
        )
    step = Step.SETTLED if answer.status == "settled" else Step.ISSUED
    return Report(step, reference=line(answer.reference, LONGEST_REFERENCE))


def _is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _answer(content: bytes) -> _Answer:
    """Return what can be read of an answer; one that says nothing known has no status."""
    try:
        return _Answer.model_validate_json(content)
    except ValidationError:
        return _Answer()


def line(text: str | None, longest: int) -> str | None:
    """Return a system's words as one line that fits the books; None for none."""
    return " ".join((text or "").split())[:longest] or None
