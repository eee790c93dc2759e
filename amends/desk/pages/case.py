"""The page of one case: what is known, what staff set, what happened; and its export."""

import json
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.cases import use_cases as cases
from amends.cases.deadlines import standing
from amends.cases.errors import CaseError, UnknownCase
from amends.conversations.transactions import Transactions
from amends.desk import promise_views, words
from amends.desk.case_form import Typed, UnusableField, read_typed, save_typed, typed_of
from amends.desk.case_query import normal_case_number
from amends.desk.case_views import STANDING_TAGS, STATUS_TAGS, case_facts, days_of
from amends.desk.case_words import KINDS, ROOT_CAUSES, STANDINGS, Teller, moment_words, refusal
from amends.desk.forms import read_form
from amends.desk.pages.frame import needs, page
from amends.desk.speech import tr
from amends.desk.zones import zone_named, zone_of
from amends.handoff.marks import NO, YES, marked_handoff
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, may
from amends.records.export import EXPORTED, case_to_json
from amends.records.masking import masked
from amends.records.record import Record, record_of
from amends.records.timeline import Kind, timeline
from amends.satisfaction.ports import UnitOfWork
from amends.wiring.app import App

log = structlog.get_logger()

Reader = Annotated[StaffMember, needs(Right.SEE_ALL_CASES)]
Editor = Annotated[StaffMember, needs(Right.EDIT_CASES)]
Exporter = Annotated[StaffMember, needs(Right.EXPORT_CASES)]


def create_case_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix="/cases", include_in_schema=False)
    desk = _CaseDesk(app, transactions)

    @pages.get("/{number}")
    async def case(
        request: Request, member: Reader, number: str, kind: str = "", saved: bool = False
    ) -> Response:
        return await desk.show(request, member, number, _Shown(kind=kind, saved=saved))

    @pages.post("/{number}/fields")
    async def fields(request: Request, member: Editor, number: str) -> Response:
        return await desk.save(request, member, number)

    @pages.post("/{number}/export")
    async def export(request: Request, member: Exporter, number: str) -> Response:
        return await desk.export(request, member, number)

    return pages


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the page is shown beside what the case holds."""

    kind: str = ""
    saved: bool = False
    typed: Typed | None = None  # what could not be saved
    error: str = ""


class _CaseDesk:
    def __init__(self, app: App, transactions: Transactions[UnitOfWork]) -> None:
        self._app = app
        self._transactions = transactions

    async def show(
        self, request: Request, member: StaffMember, number: str, shown: _Shown
    ) -> Response:
        zone = zone_of(request, self._app.thresholds.hours.zone)
        found = await self._record(number)
        if found is None:
            return _not_found(request, number)
        record, staff = found
        return page(
            request,
            "case_page.html",
            title=tr("Case {number}", number=record.case.number),
            status_code=400 if shown.error else 200,
            notice=tr("Saved.") if shown.saved else "",
            error=shown.error,
            zone=zone.key,
            may_edit=may(member, Right.EDIT_CASES),
            may_export=may(member, Right.EXPORT_CASES),
            may_train=may(member, Right.TRAIN),
            promises=promise_views.pledges(
                record.case, record.promises, record.offers, member, self._app.clock()
            ),
            **self._values(record, zone, shown.kind),
            **_form_values(record, staff, shown.typed or _typed(record, zone)),
        )

    async def save(self, request: Request, member: StaffMember, number: str) -> Response:
        form = await read_form(request)
        typed, now = read_typed(form), self._app.clock()
        zone = zone_named(form.get("zone"), self._app.thresholds.hours.zone)

        def work(uow: UnitOfWork) -> int:
            case = uow.cases.by_number(normal_case_number(number))
            if case is None:
                raise UnknownCase(number)
            return save_typed(uow, case, typed, zone, member.id, now)

        try:
            changed = await self._transactions.write(work)
        except UnknownCase:
            return _not_found(request, number)
        except (CaseError, UnusableField) as refused:
            log.info("desk.case.refused", staff_id=member.id, reason=type(refused).__name__)
            shown = _Shown(typed=typed, error=refusal(refused))
            return await self.show(request, member, number, shown)
        log.info("desk.case.changed", staff_id=member.id, case_number=number, fields=changed)
        return RedirectResponse(f"/cases/{number}?saved=1", status_code=303)

    async def export(self, request: Request, member: StaffMember, number: str) -> Response:
        """Return the case as a file or as a page to print; personal data only when wanted."""
        form = await read_form(request)
        personal = form.get("personal") == "yes"
        found = await self._record(number)
        if found is None:
            return _not_found(request, number)
        if personal:
            await self._transactions.write(lambda uow: self._note_export(uow, number, member))
        record = found[0] if personal else masked(found[0])
        facts = {"case_number": record.case.number, "personal": personal}
        log.info("desk.case.exported", staff_id=member.id, format=form.get("format"), **facts)
        if form.get("format") == "json":
            return self._json(record, personal)
        zone = zone_of(request, self._app.thresholds.hours.zone)
        return page(
            request,
            "case_print.html",
            title=tr("Case {number}", number=record.case.number),
            zone=zone.key,
            personal=personal,
            printed=moment_words(self._app.clock(), zone),
            **self._values(record, zone, ""),
        )

    def _json(self, record: Record, personal: bool) -> Response:
        found = case_to_json(record, self._app.clock(), personal=personal)
        return Response(
            json.dumps(found, ensure_ascii=False, indent=2) + "\n",
            media_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="case-{record.case.number}.json"'
            },
        )

    def _note_export(self, uow: UnitOfWork, number: str, member: StaffMember) -> None:
        case = uow.cases.by_number(normal_case_number(number))
        if case is not None:
            data = {"personal": True}
            cases.add_entry(uow, case, self._app.clock(), member.id, EXPORTED, data)

    async def _record(self, number: str) -> tuple[Record, list[StaffMember]] | None:
        def work(uow: UnitOfWork) -> tuple[Record, list[StaffMember]]:
            return record_of(uow, normal_case_number(number)), list(uow.staff.all())

        try:
            return await self._transactions.read(work)
        except UnknownCase:
            return None

    def _values(self, record: Record, zone: ZoneInfo, kind: str) -> dict[str, Any]:
        """Return what page and print share."""
        case, stands = record.case, standing(record.case, self._app.clock())
        items = timeline(record)
        chosen = next((one for one in Kind if one.value == kind), None)
        teller = Teller(record.names, zone, self._reason)
        due_at = case.resolution_due_at
        return {
            "case": case,
            "category": words.word(words.CATEGORIES, case.category.value),
            "status": words.word(words.STATUSES, case.status.value),
            "status_tag": STATUS_TAGS.get(case.status.value, ""),
            "standing": tr(STANDINGS[stands.value]) if stands.value in STANDINGS else "",
            "standing_tag": STANDING_TAGS.get(stands, ""),
            "due": moment_words(due_at, zone) if due_at else "",
            "cause": words.word(ROOT_CAUSES, case.root_cause.value) if case.root_cause else "",
            "owner": teller.person(case.owner),
            "facts": case_facts(record, zone),
            "wish": case.wish_text or words.word(words.WISHES, case.wish and case.wish.value),
            "chat": record.open_handoff.id if record.open_handoff else "",
            "days": days_of([i for i in items if chosen in (None, i.kind)], teller, zone),
            "kind": chosen.value if chosen else "",
            "kinds": [
                (one.value, tr(KINDS[one]), count)
                for one in Kind
                if (count := sum(item.kind is one for item in items))
            ],
            "item_count": len(items),
        }

    def _reason(self, key: str) -> str:
        return words.reason(key, self._app.thresholds)


def _typed(record: Record, zone: ZoneInfo) -> Typed:
    return typed_of(record.case, zone, marked_handoff(list(record.handoffs)))


def _form_values(record: Record, staff: list[StaffMember], typed: Typed) -> dict[str, Any]:
    """Return the form of the fields: who is gone stays a choice only where they are the owner."""
    owners = [(one.id, one.name) for one in staff if one.active]
    owner = record.case.owner
    if owner not in dict(owners):
        owners.insert(0, (owner, record.names.get(owner) or tr("Assistant")))
    return {
        "typed": typed,
        "is_open": record.case.closed_at is None,
        "may_mark": marked_handoff(list(record.handoffs)) is not None,
        "needs": [(YES, tr("Yes")), (NO, tr("No"))],
        "owners": sorted(owners, key=lambda one: one[1].casefold()),
        "categories": [(key, words.word(words.CATEGORIES, key)) for key in words.CATEGORIES],
        "causes": [(key, words.word(ROOT_CAUSES, key)) for key in ROOT_CAUSES],
    }


def _not_found(request: Request, number: str) -> Response:
    return page(
        request,
        "refused.html",
        title=tr("There is no such case"),
        status_code=404,
        sentence=tr(
            "No case has the number {number}. Look for it in the list.", number=number[:32]
        ),
    )
