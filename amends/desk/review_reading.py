"""What a page of the review queue reads: its list, what is open, what surrounds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from amends.desk.review_query import Asked
from amends.desk.review_views import Context
from amends.records.indexing import people_of
from amends.satisfaction.ports import UnitOfWork as DeskUnitOfWork
from amends.training.review import ports
from amends.training.review.model import Counts, Decision, Group, Item, Place, State

ROWS = 20
MEMBERS = 50
"""So many alike messages are shown and can be unticked; the others go with them."""

ANY = 10**18
AROUND = 5
"""So many messages before and after the one that is open."""


class UnitOfWork(DeskUnitOfWork, ports.UnitOfWork, Protocol):
    """One transaction in which the review queue can be reached, too."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, of open groups or of decisions, and where it goes on."""

    groups: Sequence[Group] = ()
    decisions: Sequence[tuple[Decision, Item | None]] = ()
    next: Place | None = None

    @property
    def ids(self) -> list[int]:
        return [one.id for one in self.groups] + [one.id for one, _ in self.decisions]


@dataclass(frozen=True, slots=True)
class Opened:
    """What is open on the page: a group or a decision, with its messages."""

    id: int
    members: Sequence[Item]
    size: int
    newest: int  # the message of the highest number: what comes later was not seen
    context: Context
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    listed: Listed
    opened: Opened | None
    counts: Counts
    decided: int
    last: Decision | None  # of the reader's own
    names: dict[str, str]  # of staff by id


def shown(uow: UnitOfWork, asked: Asked, reader_id: str) -> Shown:
    listed = _listed(uow, asked)
    at = asked.at if asked.at is not None else next(iter(listed.ids), None)
    opened = _opened(uow, asked.query.state, at)
    if opened is None and listed.ids:
        opened = _opened(uow, asked.query.state, listed.ids[0])
    return Shown(
        listed=listed,
        opened=opened,
        counts=uow.reviews.counts(),
        decided=uow.reviews.decided_count(),
        last=uow.reviews.last_decision(reader_id),
        names={one.id: one.name for one in uow.staff.all()},
    )


def next_in(listed: Listed, current: int) -> int | None:
    """Return which row comes after this one is decided on."""
    ids = listed.ids
    if current not in ids:
        return next(iter(ids), None)
    place = ids.index(current)
    rest = [*ids[place + 1 :], *reversed(ids[:place])]
    return next(iter(rest), None)


def context_of(uow: UnitOfWork, item: Item) -> Context:
    """Return a message with a few turns before and after it."""
    first = max(0, item.seq - AROUND - 1)
    said = uow.conversations.after(item.conversation_id, first, 2 * AROUND + 1)
    cases = list(uow.cases.of_conversation(item.conversation_id))
    return Context(
        item=item,
        said=said,
        understood=uow.understandings.get(item.conversation_id, item.seq),
        case_number=cases[-1].number if cases else "",
        names=_names(uow, item),
    )


def _names(uow: UnitOfWork, item: Item) -> tuple[str, ...]:
    """Return the names of the people whom a conversation is about, as orders know them."""
    conversation = uow.conversations.get(item.conversation_id)
    own = conversation.customer_id if conversation else None
    people = [one for case in uow.cases.of_conversation(item.conversation_id)
              for one in people_of(uow, case)]  # fmt: skip
    customer = uow.orders.customer(own) if own else None
    found = [*people, *([customer] if customer else [])]
    return tuple(dict.fromkeys(one.name for one in found if one.name))


def _listed(uow: UnitOfWork, asked: Asked) -> Listed:
    if asked.query.state is State.DECIDED:
        found = uow.reviews.decisions(asked.query, asked.after, ROWS + 1)
        last = found[ROWS - 1][0].id if len(found) > ROWS else None
        return Listed((), found[:ROWS], None if last is None else Place(0, last))
    groups = uow.reviews.groups(asked.query, asked.after, ROWS + 1)
    end = groups[ROWS - 1] if len(groups) > ROWS else None
    return Listed(groups[:ROWS], (), Place(end.rank, end.id) if end else None)


def _opened(uow: UnitOfWork, state: State, at: int | None) -> Opened | None:
    if at is None:
        return None
    if state is State.DECIDED:
        return _opened_decision(uow, at)
    group = uow.reviews.group(at)
    if group is None:
        return None
    newest = max(uow.reviews.open_ids(at, ANY), default=0)
    members = uow.reviews.members(at, limit=MEMBERS)
    return Opened(at, members, group.size, newest, context_of(uow, group.leader))


def _opened_decision(uow: UnitOfWork, decision_id: int) -> Opened | None:
    decision = uow.reviews.decision(decision_id)
    if decision is None:
        return None
    leader = uow.reviews.item(decision.leader_id)
    members = uow.reviews.decided_items(decision_id, MEMBERS)
    leader = leader or next(iter(members), None)
    if leader is None:
        return None
    return Opened(decision_id, members, decision.size, 0, context_of(uow, leader), decision)
