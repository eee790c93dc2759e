"""What a page tells at once: everything once, and nothing twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from amends.desk.alerts import AlertKind, Watch
from amends.desk.live import Board
from amends.handoff.model import HandoffState, Passing, StaffMember, StaffRole
from amends.handoff.queue import QueueItem
from tests.handoff.test_fit import ANA, item
from tests.support.shop import NOW

BEN = "s-ben"
EMPTY = Board(is_read=True)


def watch(unread: bool = False, me: StaffMember = ANA) -> Watch:
    opened = Watch(me, lambda _: unread)
    opened.look(EMPTY)
    return opened


def waits(*items: QueueItem) -> Board:
    return Board(waiting=items, is_read=True)


def has(staff_id: str, one: QueueItem, **changes: object) -> Board:
    taken = replace(
        one.handoff, state=HandoffState.CLAIMED, claimed_by=staff_id, claimed_at=NOW, **changes
    )  # type: ignore[arg-type]
    return Board(chats={staff_id: (replace(one, handoff=taken),)}, is_read=True)


def kinds(opened: Watch, board: Board) -> list[AlertKind]:
    return [alert.kind for alert in opened.look(board)]


class TestWatch:
    def test_given_what_stood_there_when_the_page_was_opened_then_it_is_no_news(self) -> None:
        opened = Watch(ANA, lambda _: True)

        assert opened.look(waits(item(), item("h2", priority=1))) == []

    def test_given_a_board_that_nobody_has_read_yet_then_it_is_not_compared_with(self) -> None:
        opened = Watch(ANA, lambda _: False)

        assert opened.look(Board()) == []
        assert opened.look(waits(item())) == []

    def test_given_a_new_chat_that_fits_then_told_once(self) -> None:
        opened = watch()

        assert kinds(opened, waits(item())) == [AlertKind.WAITING]
        assert kinds(opened, waits(replace(item(), minutes_waited=6))) == []

    def test_given_it_is_put_back_with_a_new_time_then_told_again(self) -> None:
        opened = watch()
        one = item()
        opened.look(waits(one))
        opened.look(has(BEN, one))
        again = replace(one.handoff, answer_due_at=NOW + timedelta(minutes=30))

        assert kinds(opened, waits(replace(one, handoff=again))) == [AlertKind.WAITING]

    def test_given_it_does_not_fit_then_only_danger_is_told(self) -> None:
        opened = watch()
        other = item(language="zh")
        danger = item("h2", language="zh", priority=1)

        assert kinds(opened, waits(other, danger)) == [AlertKind.CRITICAL]

    def test_given_who_answers_no_chats_then_waiting_ones_are_not_told(self) -> None:
        trainer = replace(ANA, role=StaffRole.TRAINER)

        assert kinds(watch(me=trainer), waits(item(priority=1))) == []

    @pytest.mark.parametrize("unread", [True, False])
    def test_given_the_customer_writes_then_told_unless_it_was_read(self, unread: bool) -> None:
        opened = watch(unread)
        talk = replace(item().conversation, last_customer_at=NOW)

        told = kinds(opened, has(ANA.id, replace(item(), conversation=talk)))

        assert told == [AlertKind.WROTE] * unread

    def test_given_passed_to_me_then_told_with_the_person_who_did(self) -> None:
        opened = watch()
        passing = Passing("Take it", NOW, NOW, to=ANA.id)

        assert kinds(opened, has(BEN, item(), passing=passing)) == [AlertKind.PASSED]

    @pytest.mark.parametrize(("left", "warned"), [(10, 0), (9, 1), (0, 1), (-1, 0)])
    def test_given_a_deadline_comes_near_then_warned_before_it_is_over(
        self, left: int, warned: int
    ) -> None:
        opened = watch()
        opened.look(waits(item(minutes_due=11)))

        told = kinds(opened, waits(item(minutes_due=left)))

        assert told == [AlertKind.DEADLINE] * warned

    def test_given_the_warning_was_given_then_not_each_minute_again(self) -> None:
        opened = watch()
        opened.look(waits(item(minutes_due=9)))

        assert kinds(opened, waits(item(minutes_due=8))) == []

    @pytest.mark.parametrize("was_passed", [True, False])
    def test_given_a_colleague_has_my_chat_now_then_told_once_how(self, was_passed: bool) -> None:
        opened = watch()
        passing = Passing("Take it", NOW, NOW, to=BEN) if was_passed else None
        opened.look(has(ANA.id, item(), passing=passing))
        gone = has(BEN, item())

        expected = AlertKind.PASSED_TAKEN if was_passed else AlertKind.TAKEN_OVER
        assert kinds(opened, gone) == [expected]
        assert kinds(opened, gone) == []

    def test_given_my_chat_went_back_to_the_queue_by_itself_then_told(self) -> None:
        opened = watch()
        opened.look(has(ANA.id, item()))
        back = replace(item().handoff, taken_from=ANA.id, taken_at=NOW)

        told = kinds(opened, waits(replace(item(), handoff=back)))

        assert AlertKind.PUT_BACK in told

    def test_given_i_put_it_back_myself_then_that_is_no_news(self) -> None:
        opened = watch()
        opened.look(has(ANA.id, item()))

        assert AlertKind.PUT_BACK not in kinds(opened, waits(item()))
