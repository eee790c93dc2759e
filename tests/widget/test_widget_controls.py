"""Choices, cards, rating, keyboard, screen sizes, colours and the page's own script."""

import gzip
import sys
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import OpenSite
from .fake_gateway import WIDGET, FakeGateway
from .site import Site, begin, until

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
YES_NO = [{"id": "opaque-1", "title": "Yes"}, {"id": "opaque-2", "title": "No"}]
SIZE_BUDGET = 30_000


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def show_every_card(gateway: FakeGateway) -> None:
    lines = [{"title": "Refund", "amount": "€89.00"}, {"title": "Free return", "amount": None}]
    due = [{"title": "The refund is paid", "due_at": in_hours(48)}]
    for card in (
        {"kind": "case", "case_number": "AM-1042", "next_step": "we check the order"},
        {"kind": "offer", "lines": lines, "expires_at": in_hours(24)},
        {"kind": "offer", "lines": lines, "expires_at": in_hours(-24)},
        {"kind": "promise", "lines": due},
        {"kind": "handoff", "position": 3, "expected_minutes": 12},
        {"kind": "handoff", "position": None, "expected_minutes": None},
        {"kind": "from_the_future", "x": 1},
    ):
        gateway.latest.say("bot", "", card=card)
    gateway.latest.say("bot", "Was that all right?", card={"kind": "survey"}, choices=YES_NO)


class TestChoices:
    def test_given_choices_then_only_those_of_the_latest_message_are_live(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.latest.say("bot", "First?", choices=[{"id": "old", "title": "Old"}])
        expect(site.choices).to_have_text(["Old"])
        gateway.latest.say("bot", "Second?", choices=YES_NO)
        expect(site.choices).to_have_text(["Yes", "No"])

        site.choices.first.click()

        site.shows("Hello", "First?", "Second?", "Yes")
        expect(site.choices).to_have_count(0)
        assert gateway.posts[-1]["choice_id"] == "opaque-1"
        assert "text" not in gateway.posts[-1]

    def test_given_expired_choice_then_kind_sentence_and_nothing_left_behind(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.latest.say("bot", "Well?", choices=YES_NO)
        gateway.refuse_posts = [(409, "choice_expired")]

        site.choices.first.click()

        expect(site.notice).to_contain_text("can no longer be chosen")
        site.shows("Hello", "Well?")
        expect(site.composer).to_have_value("")


class TestCards:
    def test_given_each_card_then_its_facts_are_shown(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        show_every_card(gateway)

        cards = site.page.locator("amends-widget .card")
        expect(cards).to_have_count(7)
        expect(cards.nth(0)).to_contain_text("AM-1042")
        expect(cards.nth(1)).to_contain_text("€89.00")
        expect(cards.nth(1)).to_contain_text("Valid until")
        expect(cards.nth(2)).to_contain_text("This offer ended")
        expect(cards.nth(3)).to_contain_text("The refund is paid")
        expect(cards.nth(4)).to_contain_text("2 people are ahead of you")
        expect(cards.nth(4)).to_contain_text("about 12 minutes")
        expect(cards.nth(5)).to_contain_text("cannot say yet how long")

    def test_given_survey_when_rated_by_keyboard_then_stored_once_and_remembered(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.latest.say("bot", "How was it?", card={"kind": "survey"})
        group = site.page.get_by_role("group", name="Rating from 1 to 5")
        site.page.get_by_role("button", name="Send rating").click()
        expect(site.page.get_by_text("Please choose a number")).to_be_visible()

        group.get_by_role("radio", name="1, Very poor").focus()
        for _ in range(3):
            site.page.keyboard.press("ArrowRight")
        expect(group.get_by_role("radio", name="4, Good")).to_be_checked()
        site.page.get_by_role("textbox", name="Anything you would like").fill("Quick")
        site.page.get_by_role("button", name="Send rating").click()

        expect(site.page.get_by_text("Thank you. Your rating")).to_be_visible()
        assert gateway.latest.surveys == [{"csat": 4, "comment": "Quick"}]
        site.page.reload()
        expect(site.page.get_by_text("Thank you. Your rating")).to_be_visible()


class TestKeyboard:
    def test_given_keyboard_only_then_everything_can_be_done(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        keys = site.page.keyboard
        site.page.locator("#other").focus()
        keys.press("Tab")
        assert site.focus_name() == "Open the chat"
        keys.press("Enter")
        assert site.focus_name() == "Your message"
        keys.type("Nothing but keys")
        keys.press("Enter")
        site.shows("Nothing but keys")
        until(lambda: bool(gateway.conversations) and len(gateway.latest.messages) == 1)
        gateway.latest.say("bot", "Choose", choices=YES_NO)
        expect(site.choices).to_have_count(2)
        assert site.focus_name() == "Your message"

        keys.press("Shift+Tab")
        assert site.focus_name() == "No"
        keys.press("Enter")
        site.shows("Nothing but keys", "Choose", "No")
        assert site.focus_name() == "Your message"
        site.page.get_by_role("button", name="More options").focus()
        keys.press("Enter")
        assert site.focus_name() == "Ask for a person"
        keys.press("Escape")
        assert site.focus_name() == "More options"
        keys.press("Escape")
        expect(site.panel).to_be_hidden()
        assert site.focus_name() == "Open the chat"

    def test_given_focus_in_a_comment_when_messages_arrive_then_it_stays(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.latest.say("bot", "How was it?", card={"kind": "survey"})
        comment = site.page.get_by_role("textbox", name="Anything you would like")
        comment.fill("Half a")
        gateway.latest.say("staff", "One more thing", author="Priya")
        site.shows("Hello", "How was it?", "One more thing")

        site.page.keyboard.type(" word")

        expect(comment).to_have_value("Half a word")
        expect(comment).to_be_focused()

    def test_given_opened_by_the_page_then_focus_goes_back_to_its_button(self, site: Site) -> None:
        site.page.evaluate("document.addEventListener('amends:open', () => { window.told = 1; })")
        site.page.locator("#other").focus()
        site.page.evaluate("Amends.open('A suggestion')")
        expect(site.composer).to_be_focused()
        expect(site.composer).to_have_value("A suggestion")
        site.page.evaluate("Amends.close()")

        expect(site.page.locator("#other")).to_be_focused()
        assert site.page.evaluate("window.told") == 1

    def test_given_live_message_then_the_page_is_told_but_not_of_history(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        site.page.reload()
        site.page.evaluate(
            "window.told = []; document.addEventListener('amends:message',"
            " (event) => window.told.push(event.detail.message.text))"
        )
        site.shows("Hello")
        gateway.latest.say("bot", "News")
        site.shows("Hello", "News")
        assert site.page.evaluate("window.told") == ["News"]


class TestScreens:
    def test_given_phone_then_panel_fills_the_screen_and_targets_are_large(
        self, open_site: OpenSite, gateway: FakeGateway
    ) -> None:
        site = open_site(**PHONE)
        begin(site, gateway, "Donaudampfschifffahrtsgesellschaftskapitän" * 4)
        gateway.latest.say("bot", "Choose", choices=YES_NO)
        expect(site.choices).to_have_count(2)

        box = site.panel.bounding_box()
        assert box is not None
        assert [round(box[side]) for side in ("x", "y", "width", "height")] == [0, 0, 360, 740]
        expect(site.panel).to_have_attribute("aria-modal", "true")
        assert site.page.evaluate("document.documentElement.scrollWidth") == 360
        scroller = site.page.get_by_role("log")
        assert scroller.evaluate("node => node.scrollWidth <= node.clientWidth")
        for button in site.page.locator("amends-widget button:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert min(round(box["height"]), round(box["width"])) >= 44, button

    def test_given_phone_when_tabbing_on_then_focus_stays_inside(self, open_site: OpenSite) -> None:
        site = open_site(**PHONE).open_chat()
        for _ in range(12):
            site.page.keyboard.press("Tab")
            assert site.page.evaluate("document.activeElement.tagName") == "AMENDS-WIDGET"

    def test_given_keyboard_on_phone_then_composer_stays_in_sight(
        self, open_site: OpenSite
    ) -> None:
        site = open_site(**PHONE).open_chat()
        site.page.evaluate(
            """() => {
                Object.defineProperty(visualViewport, "height", { value: 400 });
                visualViewport.dispatchEvent(new Event("resize"));
            }"""
        )
        box = site.composer.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 400

    def test_given_site_opens_it_then_open_on_a_desk_but_not_over_a_phone(
        self, open_site: OpenSite
    ) -> None:
        path = "/plain?name=A&open=true"
        desk = open_site(path)
        expect(desk.panel).to_be_visible()
        assert desk.focus_name() != "Your message"
        expect(open_site(path, **PHONE).panel).to_be_hidden()

        desk.page.keyboard.press("Escape")
        desk.panel.get_by_role("button", name="Close the chat").click()
        desk.page.reload()
        expect(desk.panel).to_be_hidden()

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_given_scheme_then_surface_follows_unless_the_site_fixes_it(
        self, open_site: OpenSite, scheme: str
    ) -> None:
        colours = {"light": "rgb(255, 255, 255)", "dark": "rgb(24, 26, 30)"}
        other = "light" if scheme == "dark" else "dark"
        follows = open_site(color_scheme=scheme).open_chat()
        fixed = open_site(f"/plain?name=A&theme={other}", color_scheme=scheme).open_chat()

        expect(follows.panel).to_have_css("background-color", colours[scheme])
        expect(fixed.panel).to_have_css("background-color", colours[other])

    @pytest.mark.parametrize(
        ("color", "text"),
        [("rgb(255,230,0)", "rgb(17, 20, 24)"), ("navy", "rgb(255, 255, 255)")],
    )
    def test_given_company_colour_then_text_on_it_is_readable(
        self, open_site: OpenSite, color: str, text: str
    ) -> None:
        site = open_site(f"/plain?name=A&color={color}&position=left&greeting=Hi+there")
        expect(site.launcher).to_have_css("color", text)
        box = site.launcher.bounding_box()
        assert box is not None
        assert box["x"] < 100

        site.page.get_by_role("button", name="Hi there").click()
        expect(site.panel).to_be_visible()
        assert axe_violations(site) == []

    def test_given_reduced_motion_then_nothing_moves(self, open_site: OpenSite) -> None:
        site = open_site(reduced_motion="reduce").open_chat()
        expect(site.panel).to_have_css("animation-name", "none")
        expect(site.launcher).to_have_css("transition-duration", "0s")


def axe_violations(site: Site) -> list[str]:
    site.page.wait_for_timeout(700)  # colours are judged when animations have ended
    found = Axe().run(site.page).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


class TestAccessibility:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
    def test_given_open_chat_with_all_cards_then_axe_finds_nothing(
        self, open_site: OpenSite, gateway: FakeGateway, scheme: str, screen: dict[str, object]
    ) -> None:
        site = open_site(color_scheme=scheme, **screen)
        site.open_chat()
        assert axe_violations(site) == []
        site.write("Hello")
        until(lambda: bool(gateway.conversations) and len(gateway.latest.messages) == 1)
        show_every_card(gateway)
        gateway.latest.say("system", "Priya joined")
        gateway.refuse_posts = [(503, "down")] * 3
        site.write("Fails")
        expect(site.page.get_by_text("Not delivered")).to_be_visible(timeout=10_000)
        site.page.get_by_role("button", name="More options").click()

        assert axe_violations(site) == []

    def test_given_transcript_then_it_is_a_polite_labelled_log(self, site: Site) -> None:
        log = site.open_chat().page.get_by_role("log", name="Conversation")
        expect(log).to_have_attribute("aria-live", "polite")
        expect(site.panel).to_have_accessible_name("Chat with Fernhill")


class TestBundle:
    def test_given_sources_then_widget_is_what_they_build(self) -> None:
        sys.path.insert(0, str(WIDGET))
        try:
            import bundle
        finally:
            sys.path.remove(str(WIDGET))

        assert bundle.bundle() == (WIDGET / "widget.js").read_text("utf-8"), "run bundle.py"

    def test_given_script_and_style_then_they_fit_the_budget(self) -> None:
        packed = gzip.compress((WIDGET / "widget.js").read_bytes(), 6)
        assert len(packed) < SIZE_BUDGET

    def test_given_sources_then_content_never_becomes_markup(self) -> None:
        script = (WIDGET / "widget.js").read_text("utf-8")
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert sink not in script
