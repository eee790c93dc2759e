"""Administration of staff: who works at the desk, what they may and can do, how they sign in."""

from collections.abc import Callable
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from amends.cases.model import Category
from amends.conversations.transactions import Transactions
from amends.desk import staff_views, words
from amends.desk.forms import Form, read_form
from amends.desk.pages.frame import needs, page
from amends.desk.pages.subject import Subject
from amends.desk.speech import mark, tr
from amends.desk.staff_words import ROLE_HELP, refusal
from amends.handoff import staffing
from amends.handoff.errors import StaffError, UnknownStaff
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.rights import Right
from amends.handoff.staff_model import Profile
from amends.satisfaction.ports import UnitOfWork
from amends.storage.passwords import hash_password, one_time_password
from amends.wiring.app import App

log = structlog.get_logger()

Administrator = Annotated[StaffMember, needs(Right.ADMINISTER_STAFF)]

_DONE = {
    "saved": mark("Saved."),
    "deactivate": mark("Deactivated. All sessions ended, and the person's chats wait again."),
    "reactivate": mark("Reactivated. The person may sign in again."),
    "reset-second-factor": mark("The second factor is off, and all sessions ended."),
}


def create_staff_pages(app: App, transactions: Transactions[UnitOfWork]) -> APIRouter:
    pages = APIRouter(prefix="/admin/staff", include_in_schema=False)
    desk = _StaffDesk(app, transactions)
    _add_list(pages, desk)
    _add_person(pages, desk)
    _add_steps(pages, desk)
    return pages


class _StaffDesk(Subject[UnitOfWork]):
    """Reads, changes and shows people; each change is one transaction and one log line."""

    async def everybody(self) -> list[StaffMember]:
        return await self._transactions.read(staffing.people)

    async def add(self, by: StaffMember, login: str, profile: Profile) -> tuple[StaffMember, str]:
        """Add a person; returns them and the password made for them."""
        password = one_time_password()

        def work(uow: UnitOfWork) -> StaffMember:
            hashed = hash_password(password)
            return staffing.add(uow, by, login, profile, hashed, self._app.clock())

        member = await self._transactions.write(work)
        log.info("desk.staff.added", by=by.id, staff_id=member.id, role=member.role.value)
        return member, password

    async def edit(self, by: StaffMember, staff_id: str, profile: Profile) -> None:
        def work(uow: UnitOfWork) -> None:
            thresholds, now = self._app.thresholds, self._app.clock()
            staffing.edit(uow, thresholds, by, staff_id, profile, now)

        await self._transactions.write(work)
        log.info("desk.staff.edited", by=by.id, staff_id=staff_id)

    async def reset_password(self, by: StaffMember, staff_id: str) -> tuple[StaffMember, str]:
        """Make a new password for a person; returns them and the password."""
        password = one_time_password()

        def work(uow: UnitOfWork) -> StaffMember:
            hashed = hash_password(password)
            staffing.reset_password(uow, by, staff_id, hashed, self._app.clock())
            return staffing.known(uow, staff_id)

        member = await self._transactions.write(work)
        log.info("desk.staff.password_reset", by=by.id, staff_id=staff_id)
        return member, password

    async def step(self, name: str, by: StaffMember, staff_id: str) -> None:
        now, thresholds = self._app.clock(), self._app.thresholds
        steps: dict[str, Callable[[UnitOfWork], None]] = {
            "deactivate": lambda uow: staffing.deactivate(uow, thresholds, by, staff_id, now),
            "reactivate": lambda uow: staffing.reactivate(uow, by, staff_id, now),
            "reset-second-factor": lambda uow: staffing.reset_second_factor(uow, by, staff_id, now),
        }
        await self._transactions.write(steps[name])
        log.info("desk.staff.changed", step=name, by=by.id, staff_id=staff_id)

    async def show(
        self, request: Request, staff_id: str, *, done: str = "", error: str = "",
        typed: Profile | None = None,
    ) -> Response:  # fmt: skip
        """Return a person's page, with what was typed when it could not be saved."""

        def work(uow: UnitOfWork) -> dict[str, Any]:
            member = staffing.known(uow, staff_id)
            names = {one.id: one.name for one in uow.staff.all()}
            changes = uow.staff_changes.of(staff_id)
            return {"member": member, "names": names, "changes": changes}

        try:
            found = await self._transactions.read(work)
        except UnknownStaff as unknown:
            return not_found(request, refusal(unknown))
        member: StaffMember = found["member"]
        profile = Profile(member.name, member.role, member.languages, member.skills)
        return page(
            request,
            "staff_member.html",
            title=member.name,
            status_code=400 if error else 200,
            person=staff_views.person(member, self.zone),
            history=staff_views.history(found["changes"], found["names"], self.zone),
            is_me=member.id == request.state.staff.id,
            notice=tr(_DONE[done]) if done in _DONE else "",
            error=error,
            **_choices(typed or profile),
        )


def not_found(request: Request, sentence: str) -> Response:
    title = tr("This page does not exist")
    return page(request, "refused.html", title=title, status_code=404, sentence=sentence)


def _add_list(pages: APIRouter, desk: _StaffDesk) -> None:
    @pages.get("")
    async def show_all(request: Request, by: Administrator) -> Response:
        people = [staff_views.person(one, desk.zone) for one in await desk.everybody()]
        return page(request, "staff_list.html", title=tr("Staff"), people=people)

    @pages.get("/new")
    async def show_form(request: Request, by: Administrator) -> Response:
        return _new_page(request, "", Profile("", StaffRole.AGENT))

    @pages.post("/new")
    async def add(request: Request, by: Administrator) -> Response:
        form = await read_form(request)
        login, profile = form.get("login"), _profile(form)
        try:
            member, password = await desk.add(by, login, profile)
        except StaffError as error:
            return _new_page(request, login, profile, refusal(error))
        return _password_page(request, member, password)


def _add_person(pages: APIRouter, desk: _StaffDesk) -> None:
    @pages.get("/{staff_id}")
    async def show(request: Request, staff_id: str, by: Administrator, done: str = "") -> Response:
        return await desk.show(request, staff_id, done=done)

    @pages.post("/{staff_id}")
    async def edit(request: Request, staff_id: str, by: Administrator) -> Response:
        profile = _profile(await read_form(request))
        try:
            await desk.edit(by, staff_id, profile)
        except StaffError as error:
            return await desk.show(request, staff_id, error=refusal(error), typed=profile)
        return RedirectResponse(f"/admin/staff/{staff_id}?done=saved", status_code=303)


def _add_steps(pages: APIRouter, desk: _StaffDesk) -> None:
    async def take(request: Request, staff_id: str, by: StaffMember, name: str) -> Response:
        try:
            await desk.step(name, by, staff_id)
        except StaffError as error:
            return await desk.show(request, staff_id, error=refusal(error))
        return RedirectResponse(f"/admin/staff/{staff_id}?done={name}", status_code=303)

    @pages.post("/{staff_id}/deactivate")
    async def deactivate(request: Request, staff_id: str, by: Administrator) -> Response:
        return await take(request, staff_id, by, "deactivate")

    @pages.post("/{staff_id}/reactivate")
    async def reactivate(request: Request, staff_id: str, by: Administrator) -> Response:
        return await take(request, staff_id, by, "reactivate")

    @pages.post("/{staff_id}/reset-second-factor")
    async def reset_second_factor(request: Request, staff_id: str, by: Administrator) -> Response:
        return await take(request, staff_id, by, "reset-second-factor")

    @pages.post("/{staff_id}/reset-password")
    async def reset_password(request: Request, staff_id: str, by: Administrator) -> Response:
        try:
            member, password = await desk.reset_password(by, staff_id)
        except StaffError as error:
            return await desk.show(request, staff_id, error=refusal(error))
        return _password_page(request, member, password)


def _profile(form: Form) -> Profile:
    """Return what was typed; a role nobody knows is the one with the fewest rights."""
    roles = {role.value: role for role in StaffRole}
    return Profile(
        form.get("name"),
        roles.get(form.get("role"), StaffRole.TRAINER),
        form.all("languages"),
        form.all("skills"),
    )


def _choices(profile: Profile) -> dict[str, Any]:
    """Return what the form offers, and what is chosen."""
    return {
        "profile": profile,
        "roles": [
            (role.value, words.word(words.ROLES, role.value), tr(ROLE_HELP[role]))
            for role in StaffRole
        ],
        "customer_languages": words.languages(),
        "categories": [(one.value, words.word(words.CATEGORIES, one.value)) for one in Category],
    }


def _new_page(request: Request, login: str, profile: Profile, error: str = "") -> Response:
    return page(
        request,
        "staff_new.html",
        title=tr("Add a person"),
        status_code=400 if error else 200,
        login=login,
        error=error,
        **_choices(profile),
    )


def _password_page(request: Request, member: StaffMember, password: str) -> Response:
    title = tr("One-time password of {name}", name=member.name)
    return page(request, "staff_password.html", title=title, member=member, password=password)
