"""Which refund and voucher system carries remedies out: the company's, or one that pretends."""

import hashlib

from amends.compensation.model import Instruction, Report, Step
from amends.compensation.ports import Payments
from amends.values import Clock
from amends.wiring.http_payments import HttpPayments
from amends.wiring.settings import Settings


def build_payments(settings: Settings, clock: Clock) -> Payments:
    if not settings.payments_url:
        return SimulatedPayments()
    secret = settings.payments_secret.get_secret_value()
    return HttpPayments(settings.payments_url, secret, settings.payments_timeout_seconds, clock)


class SimulatedPayments:
    """For the demo shop: carries each remedy out at once; the same always gets one reference."""

    def issue(self, instruction: Instruction) -> Report:
        remedy = instruction.remedy
        digest = hashlib.sha256(remedy.id.encode()).hexdigest()[:10].upper()
        return Report(Step.SETTLED, reference=remedy.code or f"SIM-{digest}")
