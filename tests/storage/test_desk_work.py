"""Canned replies and requests on both databases, also when several people are quick."""

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from amends.cases.model import Category
from amends.compensation import grants
from amends.compensation.clauses import Part, Recovery, Role
from amends.compensation.decision import RemedyGrant
from amends.compensation.load import load_policy
from amends.compensation.policy import Policy
from amends.handoff import approvals, canned_editing
from amends.handoff import use_cases as handoffs
from amends.handoff.approval_model import Approval, ApprovalState
from amends.handoff.canned import CannedReply, Wording
from amends.handoff.errors import AlreadyDecided, ReplyChanged
from amends.handoff.load_canned import load_canned
from amends.handoff.model import StaffMember, StaffRole
from amends.storage import Conflict, Database, demo
from amends.values import Money
from tests.compensation.test_grants import PROJECT
from tests.desk.seeding import Chat, add_chat
from tests.handoff.approval_steps import MONEY, with_authority
from tests.storage.samples import HOUR, NOW, given, handoff, staff
from tests.storage.threads import at_once
from tests.support.shop import _thresholds as thresholds

SORRY = Wording(
    {"en": "Sorry", "zh": "抱歉"}, {"en": "I am sorry.", "zh": "很抱歉。"}, "sorry",
    Category.DAMAGED_ITEM,
)  # fmt: skip
REPLY = CannedReply("r1", SORRY, 1, NOW)
SAM = StaffMember("s-sam", "sam", "Sam", StaffRole.SUPERVISOR)
LUZ = StaffMember("s-luz", "luz", "Luz", StaffRole.MANAGER)
ANA = staff()

VOUCHER = RemedyGrant(
    kind="voucher",
    recovery=Recovery.COMPENSATORY,
    part=Part.GOODWILL,
    amount=Money(500, "GBP"),
    clauses=("late-voucher",),
    title={"en": "Voucher", "zh": "代金券"},
    due_days=2,
)


def request(request_id: str = "a1", **changes: object) -> Approval:
    plain = Approval(request_id, "h1", "k1", "key-1", (VOUCHER,), ANA.id, NOW, "A present")
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def people(db: Database) -> None:
    given(db, case_ids=("k1",))
    with db.write() as uow:
        for member in (ANA, SAM, LUZ):
            uow.staff.add(member, "no password opens this")
        uow.handoffs.add(handoff())
        uow.commit()


def stored(db: Database, request_id: str = "a1") -> Approval | None:
    with db.read() as uow:
        return uow.approvals.get(request_id)


class TestCannedReplies:
    def test_given_stored_reply_then_read_as_it_was(self, db: Database) -> None:
        with db.write() as uow:
            assert uow.canned.add(REPLY)
            uow.commit()

        with db.read() as uow:
            assert uow.canned.get("r1") == REPLY
            assert list(uow.canned.all()) == [REPLY]
            assert uow.canned.id_of_shortcut("sorry") == "r1"

    @pytest.mark.parametrize("taken", [{"id": "r1"}, {"id": "r2"}])
    def test_given_id_or_shortcut_taken_then_nothing_is_added(
        self, db: Database, taken: dict[str, str]
    ) -> None:
        with db.write() as uow:
            uow.canned.add(REPLY)
            assert not uow.canned.add(replace(REPLY, **taken))
            uow.commit()

        with db.read() as uow:
            assert len(uow.canned.all()) == 1

    def test_given_old_version_when_saved_then_refused(self, db: Database) -> None:
        newer = replace(REPLY, version=2, wording=replace(SORRY, active=False))
        with db.write() as uow:
            uow.canned.add(REPLY)
            assert uow.canned.save(newer)
            assert not uow.canned.save(newer)
            uow.commit()

        with db.read() as uow:
            assert uow.canned.get("r1") == newer

    def test_given_many_editors_at_once_then_one_wins_and_the_others_are_told(
        self, db: Database, people: None
    ) -> None:
        with db.write() as uow:
            uow.canned.add(REPLY)
            uow.commit()

        def edit(number: int) -> bool:
            try:
                with db.write() as uow:
                    wording = replace(SORRY, texts={"en": f"Sorry {number}"}, titles={"en": "S"})
                    canned_editing.change(uow, "r1", wording, 1, SAM, NOW)
                    uow.commit()
            except ReplyChanged:
                return False
            return True

        assert at_once(edit).count(True) == 1

    def test_given_many_first_starts_at_once_then_loaded_once(self, db: Database) -> None:
        shipped = load_canned(NOW)

        def begin(_: int) -> None:
            with db.write() as uow:
                canned_editing.begin_with(uow, shipped)
                uow.commit()

        at_once(begin)

        with db.read() as uow:
            assert len(uow.canned.all()) == len(shipped)


class TestApprovals:
    def test_given_stored_request_then_read_as_it_was(self, db: Database, people: None) -> None:
        with db.write() as uow:
            assert uow.approvals.add(request())
            uow.commit()

        assert stored(db) == request()
        with db.read() as uow:
            assert list(uow.approvals.pending()) == [request()]
            assert list(uow.approvals.of_case("k1")) == [request()]

    def test_given_decided_then_it_waits_no_more_and_is_not_decided_again(
        self, db: Database, people: None
    ) -> None:
        refused = request(
            state=ApprovalState.REFUSED, decided_by=SAM.id, decided_at=NOW + HOUR, reason="No"
        )
        with db.write() as uow:
            uow.approvals.add(request())
            assert uow.approvals.decide(refused)
            assert not uow.approvals.decide(refused)
            uow.commit()

        assert stored(db) == refused
        with db.read() as uow:
            assert not uow.approvals.pending()
            assert list(uow.approvals.decided_since(NOW + HOUR)) == [refused]
            assert not uow.approvals.decided_since(NOW + 2 * HOUR)

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": ApprovalState.REFUSED},
            {"state": ApprovalState.REFUSED, "decided_by": SAM.id, "decided_at": NOW},
            {"state": ApprovalState.APPROVED, "decided_by": SAM.id, "decided_at": NOW},
            {"state": ApprovalState.REFUSED, "decided_by": ANA.id, "decided_at": NOW,
             "reason": "My own"},
            {"state": ApprovalState.WITHDRAWN, "decided_by": SAM.id, "decided_at": NOW},
        ],
    )  # fmt: skip
    def test_given_half_a_decision_or_ones_own_then_the_database_refuses(
        self, db: Database, people: None, changes: dict[str, object]
    ) -> None:
        with db.write() as uow:
            uow.approvals.add(request())
            with pytest.raises(Conflict):
                uow.approvals.decide(request(**changes))

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approvals SET note = 'something else'",
            "UPDATE approvals SET remedies = '[]'",
            "UPDATE approvals SET state = 'pending', decided_by = NULL, decided_at = NULL, "
            "reason = NULL WHERE id = 'a2'",
            "UPDATE approvals SET reason = 'other words' WHERE id = 'a2'",
        ],
    )
    def test_given_request_when_rewritten_then_the_database_refuses(
        self, db: Database, url: str, people: None, statement: str
    ) -> None:
        ended = {"state": ApprovalState.REFUSED, "decided_by": SAM.id, "decided_at": NOW}
        with db.write() as uow:
            uow.approvals.add(request())
            uow.approvals.add(request("a2", option_key="key-2", reason="No", **ended))
            uow.commit()
        engine = create_engine(url)

        with engine.connect() as connection, pytest.raises(DBAPIError, match="is append-only"):
            connection.execute(text(statement))

        engine.dispose()


@pytest.fixture
def policy() -> Policy:
    found = load_policy(PROJECT / "policies/retail.yml")
    agent = replace(found.versions[0].authority[Role.AGENT], may_not_grant=MONEY)
    return with_authority(found, Role.AGENT, agent)


@pytest.fixture
def shop(db: Database, url: str) -> Database:
    demo.fill(url, NOW)
    with db.write() as uow:
        for member in (ANA, SAM, LUZ):
            uow.staff.add(member, "no password opens this")
        uow.commit()
    return db


def asked(db: Database, policy: Policy) -> tuple[Chat, Approval]:
    says = [("Order 10034 was due last week and nothing has come", -0.4)]
    chat = add_chat(db, policy, thresholds(), says=says, now=NOW)
    with db.write() as uow:
        handoffs.claim(uow, chat.handoff_id, ANA, NOW)
        found = grants.preview(uow, policy, chat.case_id, Role.AGENT, NOW)
        made = approvals.ask(
            uow, policy, chat.handoff_id, found.beyond[0].key, "A present", ANA, Role.AGENT, NOW
        )
        uow.commit()
    return chat, made


class TestExactlyOnce:
    def test_given_many_supervisors_at_once_then_granted_once_and_the_others_are_told(
        self, shop: Database, policy: Policy
    ) -> None:
        chat, made = asked(shop, policy)

        def approve(number: int) -> str:
            member = (SAM, LUZ)[number % 2]
            try:
                with shop.write() as uow:
                    approvals.approve(uow, policy, made.id, member, Role.SUPERVISOR, NOW)
                    uow.commit()
            except AlreadyDecided as refused:
                return refused.staff_id or "somebody"
            return "granted"

        told = at_once(approve)

        winner = stored(shop, made.id)
        assert winner is not None
        assert told.count("granted") == 1
        assert set(told) - {"granted"} == {winner.decided_by}
        with shop.read() as uow:
            (offer,) = uow.ledger.offers_of_case(chat.case_id)
        assert offer.made_by == winner.decided_by

    def test_given_approved_and_refused_at_once_then_one_of_both_holds(
        self, shop: Database, policy: Policy
    ) -> None:
        chat, made = asked(shop, policy)

        def decide(number: int) -> bool:
            try:
                with shop.write() as uow:
                    if number % 2:
                        approvals.approve(uow, policy, made.id, SAM, Role.SUPERVISOR, NOW)
                    else:
                        approvals.refuse(uow, made.id, "No", LUZ, NOW)
                    uow.commit()
            except AlreadyDecided:
                return False
            return True

        assert at_once(decide).count(True) == 1
        with shop.read() as uow:
            offers = uow.ledger.offers_of_case(chat.case_id)
        kept = stored(shop, made.id)
        assert kept is not None
        assert len(offers) == (kept.state is ApprovalState.APPROVED)
