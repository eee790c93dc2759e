"""Who may lay down rules, and what is refused before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from amends.handoff import rules
from amends.handoff.errors import (
    HandoffError,
    HoursError,
    NotAllowed,
    NoteTooLong,
    RulesChanged,
    TextTooLong,
    ThresholdsError,
)
from amends.handoff.model import StaffMember, StaffRole
from amends.handoff.rule_model import RuleKind, RuleVersion
from tests.support.shop import ANA, NOW, PROJECT

MIA = StaffMember("s-mia", "mia", "Mia Kern", StaffRole.MANAGER)
HOURS = (PROJECT / "policies" / "hours.yml").read_text(encoding="utf-8")
TABLE = (PROJECT / "policies" / "handoff.yml").read_text(encoding="utf-8")


@dataclass
class Book:
    """Versions in memory."""

    kept: list[RuleVersion] = field(default_factory=list)

    @property
    def rules(self) -> "Book":
        return self

    def add(self, version: RuleVersion) -> bool:
        self.kept.insert(0, version)
        return True

    def latest(self, kind: RuleKind, limit: int) -> Sequence[RuleVersion]:
        return [one for one in self.kept if one.kind is kind][:limit]


def publish(book: Book, text: str, kind: RuleKind = RuleKind.HOURS, **facts: object) -> RuleVersion:
    plain: dict[str, object] = {"note": "", "read": 0, "staff": MIA, "now": NOW}
    return rules.publish(book, kind, text, **(plain | facts))  # type: ignore[arg-type]


class TestPublish:
    def test_given_good_text_then_the_next_version_of_its_kind(self) -> None:
        book = Book()

        publish(book, HOURS, note="  At  last ")
        table = publish(book, TABLE, RuleKind.THRESHOLDS)
        second = publish(book, HOURS + "\n", read=1)

        assert (table.version, second.version) == (1, 2)
        assert book.kept[-1].note == "At last"
        assert book.kept[-1].made_by == MIA.id

    @pytest.mark.parametrize(
        ("text", "kind", "refusal"),
        [
            (HOURS.replace("closed", "shut").replace("friday: 00", "friday: 26"), RuleKind.HOURS,
             HoursError),
            (TABLE.replace("priority: 1", "priority: 0"), RuleKind.THRESHOLDS, ThresholdsError),
            (HOURS, RuleKind.THRESHOLDS, ThresholdsError),
            ("", RuleKind.HOURS, HoursError),
            ("a: &a [*a]", RuleKind.HOURS, HoursError),
            ("#" * 60_001, RuleKind.HOURS, TextTooLong),
        ],
    )  # fmt: skip
    def test_given_a_text_that_no_file_could_say_then_refused(
        self, text: str, kind: RuleKind, refusal: type[HandoffError]
    ) -> None:
        book = Book()

        with pytest.raises(refusal):
            publish(book, text, kind)

        assert book.kept == []

    def test_given_references_that_stand_for_very_much_then_refused_with_the_line(self) -> None:
        names = "abcdefghij"
        lines = [f"{names[0]}: &{names[0]} [x, x]"]
        for before, name in pairwise(names):
            lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")

        with pytest.raises(HoursError, match=r"write out what \*a stands for, line 2"):
            publish(Book(), "\n".join(lines))

    def test_given_an_older_version_was_read_then_told(self) -> None:
        book = Book()
        publish(book, HOURS)

        with pytest.raises(RulesChanged):
            publish(book, HOURS + "\n", read=0)

    def test_given_no_right_then_refused(self) -> None:
        with pytest.raises(NotAllowed):
            publish(Book(), HOURS, staff=ANA)

    def test_given_a_long_note_then_refused(self) -> None:
        with pytest.raises(NoteTooLong):
            publish(Book(), HOURS, note="x" * 201)
