"""Which colleagues are at their desk."""

from collections.abc import Sequence

from markupsafe import Markup

from amends.desk import words
from amends.desk.components import base
from amends.desk.speech import tr
from amends.handoff.model import StaffMember

_PERSON = Markup(
    '<li><span class="avatar" aria-hidden="true">{}</span><span>{}</span>'
    '<span class="muted">{}</span></li>'
)


class Presence:
    def __init__(self, me: StaffMember) -> None:
        self._me = me
        with base.box("online", tag="section", aria_label=tr("Online")):
            with base.box("list-head"):
                base.text(tr("Online"), tag="h2")
                self._count = base.text("", "count")
            self._people = base.markup("", "people", "ul")

    def update(self, online: Sequence[StaffMember]) -> None:
        people = [self._person(member) for member in online]
        base.put(self._people, "".join(people))
        base.put(self._count, str(len(people)))

    def _person(self, member: StaffMember) -> str:
        note = tr("you") if member.id == self._me.id else words.word(words.ROLES, member.role.value)
        return _PERSON.format(initials(member.name), member.name, note)


def initials(name: str) -> str:
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()
