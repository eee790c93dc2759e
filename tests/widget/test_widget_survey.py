"""The survey: the rating at once, then one short question after the other."""

from playwright.sync_api import Locator, expect

from .conftest import OpenSite
from .fake_gateway import FakeGateway
from .samples import PHONE, SURVEY, axe_violations
from .site import Site, begin


def begin_survey(site: Site, gateway: FakeGateway, text: str = "How was it?") -> None:
    begin(site, gateway)
    gateway.latest.say("bot", text, card=SURVEY)
    expect(site.page.locator("amends-widget .card-survey")).to_be_visible()


def button(site: Site, name: str) -> Locator:
    return site.page.get_by_role("button", name=name, exact=True)


def rate(site: Site, answer: str) -> None:
    site.page.get_by_role("radio", name=answer).check()
    button(site, "Send rating").click()
    expect(site.page.get_by_text("Thank you. Your rating")).to_be_visible()


class TestSurvey:
    def test_given_keyboard_only_then_all_is_answered_one_after_the_other(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin_survey(site, gateway)
        keys = site.page.keyboard
        site.page.get_by_role("radio", name="1, Very poor").focus()
        keys.press("ArrowRight")
        expect(site.page.get_by_role("radio", name="It took too long")).to_be_visible()
        keys.press("ArrowRight")
        keys.press("ArrowRight")
        expect(site.page.get_by_role("group", name="What pleased you most?")).to_be_visible()
        keys.press("Tab")
        keys.press("Space")
        keys.press("Enter")
        expect(site.page.get_by_text("Thank you. Your rating")).to_be_focused()

        keys.press("Tab")
        keys.press("Space")
        for _ in range(5):
            keys.press("ArrowRight")
        keys.press("Enter")
        expect(site.page.get_by_text("Question 2 of 4")).to_be_focused()
        button(site, "Skip").focus()
        keys.press("Enter")
        expect(site.page.get_by_text("Question 3 of 4")).to_be_focused()
        site.page.get_by_role("radio", name="0, Not at all likely").check()
        keys.press("Enter")
        speed = site.page.get_by_role("group", name="the speed of our help")
        speed.get_by_role("radio", name="5, Much better").check()
        button(site, "Done").press("Enter")

        expect(site.page.get_by_text("Thank you. That was all.")).to_be_focused()
        assert gateway.latest.surveys == [
            {"csat": 4, "reason": "outcome"},
            {"ces": 6},
            {"nps": 0},
            {"servqual": {"responsiveness": 5}},
        ]

    def test_given_a_reload_then_the_survey_goes_on_where_it_was(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin_survey(site, gateway)
        rate(site, "2, Poor")
        button(site, "Skip").click()
        expect(site.page.get_by_text("Question 2 of 4")).to_be_visible()

        site.page.reload()

        expect(site.page.get_by_text("Question 2 of 4")).to_be_visible()
        expect(site.page.get_by_role("radio", name="Worse", exact=True)).to_be_visible()
        assert gateway.latest.surveys == [{"csat": 2}]

    def test_given_nothing_chosen_then_a_sentence_and_nothing_is_sent(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin_survey(site, gateway)
        rate(site, "5, Very good")

        button(site, "Next").click()

        expect(site.page.get_by_text("Please choose an answer, or skip")).to_be_visible()
        assert gateway.latest.surveys == [{"csat": 5}]

    def test_given_another_score_then_the_reasons_fit_it_and_the_choice_stays(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin_survey(site, gateway)
        site.page.get_by_role("radio", name="1, Very poor").check()
        site.page.get_by_role("radio", name="I had to say it again").check()

        site.page.get_by_role("radio", name="5, Very good").check()

        expect(site.page.get_by_role("radio", name="I said it only once")).to_be_checked()

    def test_given_a_phone_then_every_step_fits_and_axe_finds_nothing(
        self, open_site: OpenSite, gateway: FakeGateway
    ) -> None:
        site = open_site(**PHONE)
        begin_survey(site, gateway)
        scroller = site.page.locator("amends-widget .scroller")
        site.page.get_by_role("radio", name="3, All right").check()
        found = axe_violations(site)
        button(site, "Send rating").click()
        for _ in range(4):
            expect(button(site, "Skip")).to_be_visible()
            found += axe_violations(site)
            assert scroller.evaluate("node => node.scrollWidth <= node.clientWidth")
            button(site, "Skip").click()

        expect(site.page.get_by_text("Thank you. That was all.")).to_be_visible()
        assert found == []

    def test_given_a_chinese_chat_then_the_survey_is_chinese(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin_survey(site, gateway, "请问您对这次服务满意吗？")

        site.page.get_by_role("radio", name="2, 不满意").check()
        site.page.get_by_role("radio", name="需要反复说明").check()
        button(site, "提交评分").click()

        expect(site.page.get_by_text("第1题，共4题")).to_be_visible()
        assert gateway.latest.surveys == [{"csat": 2, "reason": "had_to_repeat"}]
