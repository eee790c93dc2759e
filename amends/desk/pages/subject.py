"""What the pages of one subject read and change with: staff, canned replies, webhooks."""

from zoneinfo import ZoneInfo

from amends.conversations.transactions import Transactions
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App


class Subject[U: UnitOfWork]:
    """Each change is one transaction and one log line; times are shown in the company's zone."""

    def __init__(self, app: App, transactions: Transactions[U]) -> None:
        self._app = app
        self._transactions = transactions

    @property
    def zone(self) -> ZoneInfo:
        return self._app.thresholds.hours.zone
