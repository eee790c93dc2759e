"""Streams the log, some hundred conversations at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from amends.handoff.model import StaffMember
from amends.handoff.ports import Staff
from amends.records.log.build import logged
from amends.records.log.gathered import Gathered
from amends.records.log.masking import LogMask
from amends.records.log.ports import Log, Place, Wanted
from amends.records.log.to_row import row_of
from amends.values import Json


class Books(Protocol):
    """What is read of the books."""

    @property
    def log(self) -> Log: ...
    @property
    def staff(self) -> Staff: ...


View = Callable[[], AbstractContextManager[Books]]
"""Opens one consistent view of the books."""


def conversations(view: View, wanted: Wanted) -> Iterator[Gathered]:
    """Yield what is known of each conversation, in order of beginning and id.

    Each batch is a view of its own: nothing is held open for long, and what begins meanwhile is
    read too unless `wanted` ends before it.
    """
    after: Place | None = None
    while True:
        with view() as books:
            page = books.log.page(wanted, after)
            found = books.log.gather(page.ids)
        yield from found
        if page.last is None:
            return
        after = page.last


def rows(view: View, wanted: Wanted, key: bytes | None) -> Iterator[Json]:
    """Yield the row of each conversation.

    Args:
        view: opens the books.
        wanted: which conversations.
        key: with which ids become pseudonyms; None: everything stays as it is, personal data too.
    """
    members = _members(view)
    staff = {one.name: one.id for one in members}
    mask = None if key is None else LogMask(key, members)
    for one in conversations(view, wanted):
        record = logged(one, staff, personal=mask is None)
        yield row_of(record, mask.of(one) if mask else {})


def _members(view: View) -> tuple[StaffMember, ...]:
    with view() as books:
        return tuple(books.staff.all())
