"""The review queue at the desk without script: decided on by plain forms."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from amends.training.data_reader import read_corpus
from tests.desk.conftest import Desk
from tests.desk.review_steps import (
    PATH,
    decisions,
    examples,
    groups,
    opened,
    page_of,
    project_in,
    rows,
    with_queue,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return project_in(tmp_path / "project")


@pytest.fixture
def desk_settings(project: Path) -> dict[str, str]:
    return {"AMENDS_PROJECT_DIR": str(project)}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return with_queue(desk)


class TestWithoutScript:
    def test_given_plain_forms_when_three_buttons_are_pressed_then_it_is_an_example(
        self, desk: Desk, project: Path
    ) -> None:
        page = page_of(desk, java_script_enabled=False)

        page.locator("#review-relabel summary").click()
        page.get_by_role("button", name="Not received", exact=True).click()
        page.get_by_label("Example", exact=True).fill("The neighbour who took it has moved away")
        page.get_by_role("button", name="Add as example").click()

        expect(page.get_by_role("status")).to_contain_text("Added as an example")
        assert examples(project, "The neighbour who took it has moved away")

        page.goto(f"{desk.url}{PATH}")
        page.get_by_role("button", name="Undo").first.click()
        expect(page.get_by_role("status")).to_contain_text("stays among the training data")
        assert examples(project, "The neighbour who took it has moved away")

    def test_given_a_twin_then_it_is_shown_with_its_place_and_the_wording_can_be_changed(
        self, desk: Desk, project: Path
    ) -> None:
        corpus = read_corpus(project / "data" / "nlu", project)
        known = next(one for one in corpus.examples if one.intent == "report_faulty_product")
        page = page_of(desk, java_script_enabled=False)
        page.locator("#review-relabel summary").click()
        page.get_by_role("button", name="Not received", exact=True).click()

        page.get_by_label("Example", exact=True).fill(known.text)
        page.get_by_role("button", name="Add as example").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("It stands there already")
        expect(alert).to_contain_text(str(known.place))
        expect(alert).to_contain_text("under “Faulty product”")
        expect(alert.locator("blockquote")).to_have_text(known.text)
        expect(page.get_by_label("Example", exact=True)).to_have_value(known.text)

        page.get_by_label("Example", exact=True).fill("Mail me at ana.k@corp-mail.com about it")
        page.get_by_role("button", name="Add as example").click()
        expect(page.get_by_role("alert")).to_contain_text("somebody's data")
        assert decisions(desk)[0].example_at is None

    def test_given_alike_messages_when_one_is_unticked_then_it_stays_open(self, desk: Desk) -> None:
        page = page_of(desk, java_script_enabled=False)

        page.get_by_label("please help").uncheck()
        page.get_by_role("button", name="Accept").click()

        expect(rows(page)).to_have_count(4)
        assert decisions(desk)[0].size == 1
        assert any("please help" in one.leader.text for one in groups(desk))

    def test_given_none_is_ticked_then_it_says_so(self, desk: Desk) -> None:
        page = page_of(desk, java_script_enabled=False)

        for box in page.locator("input[name=ticked]").all():
            box.uncheck()
        page.get_by_role("button", name="Accept").click()

        expect(page.get_by_role("alert")).to_contain_text("Tick at least one")
        assert decisions(desk) == []

    def test_given_filters_then_the_list_is_narrowed_and_decided_ones_are_found(
        self, desk: Desk
    ) -> None:
        page = page_of(desk, path="?reason=asked_back", java_script_enabled=False)
        expect(rows(page)).to_have_count(2)
        page.goto(f"{PATH}?language=zh")
        expect(opened(page)).to_contain_text("快递员")
        page.goto(f"{PATH}?intent=report_not_as_described")
        expect(opened(page)).to_contain_text("curtains")
        page.get_by_role("button", name="Skip").click()
        expect(page.get_by_text("No message fits")).to_be_visible()
        page.goto(f"{PATH}?to=2020-01-01")
        expect(page.get_by_text("No message fits")).to_be_visible()

        page.goto(f"{PATH}?state=decided")
        expect(rows(page)).to_have_count(1)
        expect(rows(page)).to_contain_text("Skipped (Tim Weller)")
        page.get_by_role("button", name="Undo last decision").click()
        expect(opened(page)).to_contain_text("curtains")

        page.goto(f"{PATH}?reason=nonsense&from=soon&language=xx")
        expect(page.get_by_role("alert").locator("p")).to_have_count(3)
        expect(rows(page)).to_have_count(4)

    def test_given_the_open_message_then_the_talk_around_it_stands_beside(self, desk: Desk) -> None:
        page = page_of(desk, java_script_enabled=False)

        said = page.locator(".said li")
        expect(page.locator(".said .is-open")).to_contain_text("neighbour")
        expect(said.last).to_contain_text("I have opened a case")
        expect(page.locator(".review-facts")).to_contain_text("Wrong item 34%")
        expect(page.locator(".review-facts")).to_contain_text("Not received 31%")
        expect(page.locator(".review-facts")).to_contain_text("Turned out to be")
