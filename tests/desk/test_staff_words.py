"""Every key of the handoff room that the pages about staff show has words."""

from zoneinfo import ZoneInfo

from amends.desk import staff_views, words
from amends.desk.staff_words import CHANGES, REFUSALS, ROLE_HELP
from amends.handoff import errors
from amends.handoff.model import StaffRole
from amends.handoff.staff_model import ChangeKind, StaffChange
from amends.values import LANGUAGES
from tests.support.shop import ANA, NOW

UTC = ZoneInfo("UTC")


def test_given_every_kind_and_role_and_language_then_there_are_words() -> None:
    assert set(CHANGES) == set(ChangeKind)
    assert set(ROLE_HELP) == set(StaffRole)
    assert set(words.LANGUAGES) == set(LANGUAGES)


def test_given_every_refusal_about_staff_then_the_desk_says_what_the_room_says() -> None:
    assert set(REFUSALS) == set(errors.StaffError.__subclasses__())
    for kind, sentence in REFUSALS.items():
        takes_an_id = kind not in (errors.NameMissing, errors.LanguageMissing, errors.CodeWrong)
        assert str(kind("x") if takes_an_id else kind()) == sentence  # type: ignore[call-arg]


def test_given_a_change_then_its_line_tells_what_when_and_by_whom_in_words() -> None:
    change = StaffChange(
        ANA.id, NOW, "s-cara", ChangeKind.EDITED,
        {"role": "agent", "skills": []}, {"role": "trainer", "skills": ["damaged_item"]},
    )  # fmt: skip

    (line,) = staff_views.history([change], {"s-cara": "Cara"}, UTC)

    assert (line.what, line.by, line.when) == ("Changed", "Cara", "4 Mar 2026, 10:00")
    assert [(one.what, one.before, one.after) for one in line.facts] == [
        ("Role", "Agent", "Trainer"),
        ("Complaints", "All", "Damaged item"),
    ]


def test_given_an_operator_at_the_terminal_then_the_line_says_so() -> None:
    change = StaffChange(ANA.id, NOW, None, ChangeKind.PASSWORD_RESET)

    (line,) = staff_views.history([change], {}, UTC)

    assert (line.by, line.facts) == ("an operator", ())
