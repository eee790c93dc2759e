"""What happened in a case, from the rows of all rooms, in order."""

from dataclasses import replace
from datetime import timedelta

from amends.cases.model import CaseEntry, PromiseState
from amends.cases.promising import MOVED_ENTRY
from amends.records.timeline import SOURCES, Kind, timeline
from tests.records.steps import record, settled
from tests.support.shop import ANA, NOW, Shop


def test_given_a_settled_case_then_every_kind_of_thing_stands_in_order(shop: Shop) -> None:
    items = timeline(record(shop, settled(shop).case))

    assert [item.at for item in items] == sorted(item.at for item in items)
    assert {item.kind for item in items} == set(Kind)
    told = [(item.kind.value, item.event) for item in items if item.kind is not Kind.MESSAGE]
    in_order = [
        ("case", "complained"),
        ("decision", "decided"),
        ("offer", "offered"),
        ("remedy", "accepted"),
        ("handoff", "requested"),
        ("handoff", "claimed"),
        ("note", "note"),
        ("case", "field_changed"),
        ("rating", "survey"),
    ]
    places = [told.index(one) for one in in_order]
    assert places == sorted(places)


def test_given_rows_that_say_more_then_their_entries_are_not_told_twice(shop: Shop) -> None:
    items = timeline(record(shop, settled(shop).case))

    entries = {item.event for item in items if item.kind is Kind.CASE}
    assert not entries & {"decided", "offered", "promised", "staff_note", "granted"}


def test_given_who_did_what_then_staff_are_named_by_id_and_messages_by_author(shop: Shop) -> None:
    items = timeline(record(shop, settled(shop).case))

    assert {item.actor for item in items if item.kind is Kind.NOTE} == {ANA.id}
    changed = next(item for item in items if item.event == "field_changed")
    assert changed.actor == ANA.id
    assert changed.data == {"field": "root_cause", "before": None, "after": "carrier_delay"}
    said = next(item for item in items if item.event == "staff")
    assert (said.actor, said.data["author"]) == ("staff", ANA.name)


def test_given_a_promise_that_was_kept_then_making_and_keeping_are_two_items(shop: Shop) -> None:
    found = record(shop, settled(shop).case)
    kept = replace(found.promises[0], state=PromiseState.KEPT, ended_at=NOW + timedelta(hours=1))
    items = timeline(replace(found, promises=(kept,)))

    events = [(item.event, item.at) for item in items if item.kind is Kind.PROMISE]
    assert events == [("promised", kept.made_at), ("promise_kept", kept.ended_at)]


def test_given_a_new_date_then_it_is_one_item_among_the_promises_with_its_reason(
    shop: Shop,
) -> None:
    found = record(shop, settled(shop).case)
    made = replace(found.promises[0], id="p2", replaces=found.promises[0].id)
    why = {"reason": "The carrier lost it"}
    entry = CaseEntry(found.case.id, NOW, ANA.id, MOVED_ENTRY, why)

    items = timeline(replace(found, promises=(made,), entries=(entry,)))

    (item,) = [one for one in items if one.kind is Kind.PROMISE]
    assert (item.event, item.actor, item.data) == (MOVED_ENTRY, ANA.id, why)


def test_given_an_entry_of_a_kind_nobody_knows_yet_then_it_is_told_all_the_same(shop: Shop) -> None:
    found = record(shop, settled(shop).case)
    entry = CaseEntry(found.case.id, NOW, "system", "something_new", {"why": "because"})

    items = timeline(replace(found, entries=(entry,)))

    assert [item.event for item in items if item.kind is Kind.CASE] == ["something_new"]


def test_given_one_moment_for_all_then_causes_come_before_what_follows(shop: Shop) -> None:
    found = record(shop, settled(shop).case)
    moment = {"at": NOW}
    frozen = replace(
        found,
        messages=tuple(replace(one, **moment) for one in found.messages),
        entries=tuple(replace(one, **moment) for one in found.entries),
        decisions=tuple(replace(one, **moment) for one in found.decisions),
        notes=(),
        handoffs=(),
        promises=(),
        steps=(),
        survey=None,
        score=None,
        offers=tuple(replace(one, made_at=NOW) for one in found.offers),
    )

    kinds = [item.kind for item in timeline(frozen)]

    order = [Kind.MESSAGE, Kind.CASE, Kind.DECISION, Kind.OFFER]
    assert kinds == sorted(kinds, key=order.index)
    assert len(kinds) == sum(len(list(source(frozen))) for source in SOURCES)
