"""Rules that are changed at the desk: business hours and the table of thresholds, in versions.

The file is where everybody starts, and what holds as long as nothing was stored; from then on the
newest version holds. Versions are added, never changed and never removed. Each step runs in the
caller's transaction.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from amends.handoff.errors import NoteTooLong, RulesChanged, RulesUnchanged, TextTooLong
from amends.handoff.load_hours import parse_hours
from amends.handoff.model import StaffMember
from amends.handoff.ports import UnitOfWork
from amends.handoff.rights import Right, require
from amends.handoff.rule_model import RuleKind, RuleVersion
from amends.handoff.thresholds import parse_thresholds

THE_TEXT = "The text"
"""What a refusal calls a text that was typed, where it would name a file."""

LONGEST_NOTE = 200
LONGEST_TEXT = 60_000

_CHECKS: Mapping[RuleKind, Callable[[str, str], object]] = {
    RuleKind.HOURS: parse_hours,
    RuleKind.THRESHOLDS: parse_thresholds,
}


def check_text(kind: RuleKind, text: str) -> None:
    """Refuse what the file of this kind could not say either.

    Raises:
        TextTooLong: it is longer than is kept.
        HoursError, ThresholdsError: the sentence names the line and what to write.
    """
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(LONGEST_TEXT)
    _CHECKS[kind](text, THE_TEXT)


def publish(
    uow: UnitOfWork, kind: RuleKind, text: str, note: str, read: int, staff: StaffMember,
    now: datetime,
) -> RuleVersion:  # fmt: skip
    """Let a text hold from now on, if nobody has stored another one since it was read.

    Args:
        uow: the open transaction.
        kind: what it rules.
        text: the YAML.
        note: why, in a few words; may be empty.
        read: the newest version when the text was read; 0 when there was none.
        staff: who decides.
        now: the present moment.

    Raises:
        NotAllowed: the role may not.
        HoursError, ThresholdsError: the text cannot be used.
        TextTooLong, NoteTooLong: text or note is longer than is kept.
        RulesChanged: somebody was faster; nothing is stored.
        RulesUnchanged: the newest version says just that.
    """
    require(staff, Right.EDIT_RULES)
    check_text(kind, text)
    why = " ".join(note.split())
    if len(why) > LONGEST_NOTE:
        raise NoteTooLong(LONGEST_NOTE)
    newest = next(iter(uow.rules.latest(kind, 1)), None)
    if (newest.version if newest else 0) != read:
        raise RulesChanged(kind.value)
    if newest is not None and newest.text == text:
        raise RulesUnchanged(kind.value)
    version = RuleVersion(kind, read + 1, text, why, staff.id, now)
    if not uow.rules.add(version):
        raise RulesChanged(kind.value)
    return version
