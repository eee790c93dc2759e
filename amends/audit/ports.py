"""What the audit log is asked for by other rooms."""

from typing import Protocol

from amends.audit.model import Entry, Head


class AuditLog(Protocol):
    def note(self, entry: Entry) -> None:
        """Write what no row of another table tells, at the commit."""
        ...

    def head(self) -> Head: ...
