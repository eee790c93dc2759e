"""The steps of the page that tells how a wording is changed, in a copy of the project."""

import re

import pytest

from tests.support.apology import RESPONSE, change_apology
from tests.support.scratch import checked, copied, page

PAGE = page("change-an-apology.md")
GOOD_ZH = "很抱歉给您添了麻烦。"
GOOD_EN = "I'm sorry for the trouble."
REFUSED = {
    "say_apology_billing_error": {"en": "Sorry! We will refund you.", "zh": GOOD_ZH},
    "say_apology_wrong_item": {"en": GOOD_EN, "zh": "很抱歉，三天内解决。"},
    "say_apology_missing_item": {"en": "Sorry, we send you a new one by Monday.", "zh": GOOD_ZH},
    "say_apology_faulty_product": {"en": GOOD_EN, "zh": "很抱歉，马上为您补发一件。"},
    "say_apology_not_as_described": {"en": "It happens to everybody.", "zh": GOOD_ZH},
    "say_apology_return_problem": {"en": "I'm sorry, {name}.", "zh": "很抱歉，{name}。"},
    "say_apology_facilities": {"en": "Sorry, it happens never again, guaranteed.", "zh": GOOD_ZH},
    "say_case_opened_complete": {
        "en": "I have opened a case.",
        "zh": "我已建立工单{case_number}。",
    },
}
"""Money, time and goods promised, none sorry, a value that nobody fills in, and a lost one."""


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the responses that the checks name once one wording is good and several are not."""
    project = copied(tmp_path_factory.mktemp("apology"))
    change_apology(project)
    for response, words in REFUSED.items():
        change_apology(project, response, words)
    failed = [line for line in checked(project, PAGE).stdout.splitlines() if "FAILED" in line]
    return {found for line in failed for found in re.findall(r"say_\w+", line)}


def test_given_words_that_may_not_be_said_when_checked_then_each_response_is_named(
    named: set[str],
) -> None:
    assert set(REFUSED) - named == set()


def test_given_another_wording_when_checked_then_it_is_accepted(named: set[str]) -> None:
    assert named - set(REFUSED) == set()


def test_given_what_the_page_forbids_then_something_of_each_kind_is_tried() -> None:
    forbidden = re.findall(r"^- no (\w+)", PAGE, re.MULTILINE)

    assert forbidden == ["money", "goods", "time"]
    assert RESPONSE not in REFUSED
