"""Stands in for a company's refund and voucher system, for the demo shop and for tests."""

import hashlib

from amends.compensation.model import Remedy


class SimulatedPayments:
    """Carries every remedy out at once; the same remedy always gets the same reference."""

    def issue(self, remedy: Remedy) -> str:
        if remedy.code is not None:
            return remedy.code
        digest = hashlib.sha256(remedy.id.encode()).hexdigest()[:10].upper()
        return f"SIM-{digest}"
