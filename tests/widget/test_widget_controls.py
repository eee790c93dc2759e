"""Choices, cards, rating, the keyboard, and the page's own script."""

from playwright.sync_api import expect

from .fake_gateway import FakeGateway
from .samples import YES_NO, show_every_card
from .site import Site, begin, until


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

    def test_given_a_notice_then_its_choices_are_live_if_it_has_any_and_else_those_before(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.latest.say("bot", "First?", choices=YES_NO)
        gateway.latest.say("system", "Priya joined")
        expect(site.choices).to_have_text(["Yes", "No"])

        gateway.latest.say("system", "You wait", choices=[{"id": "e", "title": "E-mail me"}])

        expect(site.choices).to_have_text(["E-mail me"])
        gateway.latest.say("system", "Still waiting")
        expect(site.choices).to_have_text(["E-mail me"])

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
        until(lambda: len(gateway.heard) == 1)
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
        expect(site.page.get_by_role("log")).to_have_attribute("aria-live", "polite")
        site.page.evaluate(
            "window.told = []; document.addEventListener('amends:message',"
            " (event) => window.told.push(event.detail.message.text))"
        )
        site.shows("Hello")
        gateway.latest.say("bot", "News")
        site.shows("Hello", "News")
        assert site.page.evaluate("window.told") == ["News"]
