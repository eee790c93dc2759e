"""Messages arrive once, in order, and what a customer writes is never lost."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import OpenSite
from .fake_gateway import FakeGateway
from .site import Site, begin, until

PERSON_WANTED = "I would like to talk to a person"


class TestSendAndReceive:
    def test_given_no_conversation_when_first_message_then_one_is_opened_and_answered(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat()
        assert gateway.conversations == {}

        site.write("My parcel never came")
        until(lambda: len(gateway.heard) == 1)
        gateway.latest.typing("bot", True)
        expect(site.page.locator("amends-widget .typing")).to_be_visible()
        expect(site.page.locator("amends-widget .customer .bubble")).to_have_count(1)
        gateway.latest.say("bot", "I am sorry about that.")

        site.shows("My parcel never came", "I am sorry about that.")
        expect(site.page.locator("amends-widget .typing")).to_be_hidden()
        assert gateway.latest.opened_with["language"] == "en"
        assert gateway.latest.opened_with["page"].endswith("/plain")

    def test_given_text_with_markup_when_shown_then_it_is_text_and_only_web_links_link(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        attack = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
        links = "see https://shop.example/a?b=1&c=2. or javascript:alert(1) or HTTP://x.example"

        begin(site, gateway, attack)
        card = {"kind": "case", "case_number": attack, "next_step": attack}
        choices = [{"id": "a", "title": attack}]
        gateway.latest.say("bot", links, card=card, choices=choices)

        site.shows(attack, links)
        expect(site.choices).to_have_text(attack)
        anchors = site.page.locator("amends-widget a")
        expect(anchors).to_have_count(2)
        expect(anchors.first).to_have_attribute("href", "https://shop.example/a?b=1&c=2")
        expect(anchors.first).to_have_attribute("rel", "noopener noreferrer")
        assert site.page.evaluate("window.hacked") is None
        assert site.page.locator("amends-widget").locator("img, script").count() == 0
        assert site.problems == []

    def test_given_enter_while_composing_or_with_shift_then_nothing_is_sent(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat()
        site.composer.fill("ni")
        site.composer.dispatch_event(
            "keydown", {"key": "Enter", "isComposing": True, "bubbles": True}
        )
        site.composer.press("Shift+Enter")
        site.composer.press_sequentially("hao")

        expect(site.composer).to_have_value("ni\nhao")
        assert gateway.posts == []
        site.composer.press("Enter")
        site.shows("ni\nhao")

    def test_given_too_long_a_text_then_it_is_kept_counted_and_not_sent(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat()
        counter = site.page.locator("amends-widget .count")
        site.composer.fill("🌿" * 1900)
        expect(counter).to_have_text("100 characters left")

        site.write("x" * 2003)

        expect(counter).to_have_text("3 characters too many")
        expect(site.page.get_by_role("button", name="Send")).to_be_disabled()
        assert len(site.composer.input_value()) == 2003
        assert gateway.posts == []

    def test_given_the_menu_then_a_link_leads_to_how_the_case_stands(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat()
        site.page.get_by_role("button", name="More options").click()

        link = site.page.get_by_role("link", name="See how your case stands")
        expect(link).to_have_attribute("href", re.compile(r"^http://[^/]+/case\?lang=en$"))
        expect(link).to_have_attribute("target", "_blank")

    def test_given_menu_when_person_asked_for_then_that_sentence_is_sent(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat().choose_menu("Ask for a person")
        site.shows(PERSON_WANTED)
        until(lambda: len(gateway.heard) == 1)
        assert gateway.posts[0]["text"] == PERSON_WANTED

        gateway.latest.switch("waiting")
        expect(site.status).to_have_text("Waiting for a person")
        gateway.latest.say("staff", "Hello", author="Priya")
        gateway.latest.switch("staff")
        expect(site.status).to_have_text("Priya, a real person")
        gateway.latest.switch("closed")
        expect(site.notice).to_contain_text("has ended")
        site.write("One more thing")
        site.shows(PERSON_WANTED, "Hello", "One more thing")


class TestReadingPosition:
    def test_given_long_answer_then_question_stays_in_view_and_the_rest_is_announced(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway, "My question")
        more = site.page.get_by_role("button", name="New messages")
        for number in range(3):
            gateway.latest.say("bot", f"Part {number}. " + "Words to read. " * 40)

        expect(more).to_be_visible()
        expect(site.bubbles.first).to_be_in_viewport()
        expect(site.bubbles.last).not_to_be_in_viewport()
        more.click()
        expect(site.bubbles.last).to_be_in_viewport()
        expect(more).to_be_hidden()

    def test_given_composer_grows_then_last_message_stays_in_view(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway, "Words to read. " * 60)
        gateway.latest.say("bot", "Short answer")
        expect(site.bubbles.last).to_be_in_viewport(ratio=1)
        before = site.page.get_by_role("log").bounding_box()

        site.composer.fill("line\n" * 8)

        after = site.page.get_by_role("log").bounding_box()
        assert before is not None
        assert after is not None
        assert after["height"] < before["height"]
        expect(site.bubbles.last).to_be_in_viewport(ratio=1)


class TestFailedPosts:
    def test_given_server_errors_when_tried_again_then_same_id_and_one_message(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat()
        gateway.refuse_posts = [(503, "down")] * 3
        site.write("Please help")

        retry = site.page.get_by_role("button", name="Try again")
        expect(retry).to_be_visible(timeout=10_000)
        site.shows("Please help")
        retry.click()

        expect(retry).to_be_hidden()
        until(lambda: len(gateway.heard) == 1)
        assert len({post["client_message_id"] for post in gateway.posts}) == 1
        assert len(gateway.posts) == 4

    def test_given_answer_lost_after_acceptance_then_message_is_not_doubled(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat()
        gateway.swallow_answers = 1
        site.write("Only once")
        until(lambda: len(gateway.posts) >= 1)
        site.write("Second")

        until(lambda: len(gateway.heard) == 2)
        site.shows("Only once", "Second")
        texts = [message["text"] for message in gateway.latest.messages]
        assert texts == ["Only once", "Second"]

    @pytest.mark.parametrize(
        ("status", "code", "sentence"),
        [(413, "text_too_long", "too long"), (422, "empty_message", "was empty")],
    )
    def test_given_refusal_then_kind_sentence_and_text_back_in_composer(
        self, site: Site, gateway: FakeGateway, status: int, code: str, sentence: str
    ) -> None:
        site.open_chat()
        gateway.refuse_posts = [(status, code)]
        site.write("My words")

        expect(site.notice).to_contain_text(sentence)
        expect(site.composer).to_have_value("My words")
        expect(site.bubbles).to_have_count(0)

    def test_given_too_many_messages_then_sent_again_after_the_time_asked_for(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat()
        gateway.refuse_posts = [(429, "too_many_messages")]
        site.write("Quick")

        expect(site.notice).to_contain_text("a little fast")
        until(lambda: len(gateway.heard) == 1)
        site.shows("Quick")

    def test_given_unsent_message_when_reloaded_then_it_is_sent_under_its_old_id(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        site.open_chat()
        gateway.refuse_posts = [(503, "down")] * 3
        site.write("Before the reload")
        expect(site.page.get_by_role("button", name="Try again")).to_be_visible(timeout=10_000)

        site.page.reload()

        site.shows("Before the reload")
        until(lambda: len(gateway.heard) == 1)
        assert len({post["client_message_id"] for post in gateway.posts}) == 1


class TestDraft:
    def test_given_typed_text_when_reloaded_or_closed_then_it_is_still_there(
        self, site: Site
    ) -> None:
        site.open_chat()
        site.composer.fill("Half a thought")
        site.page.keyboard.press("Escape")
        site.page.reload()

        site.launcher.click()
        expect(site.composer).to_have_value("Half a thought")


class TestBlockedStorage:
    def test_given_storage_blocked_then_chat_works_all_the_same(
        self, open_site: OpenSite, gateway: FakeGateway
    ) -> None:
        site = open_site()
        site.page.add_init_script(
            """for (const name of ["localStorage", "sessionStorage"])
                 Object.defineProperty(window, name, {get() { throw new Error("blocked"); }});"""
        )
        site.page.reload()

        begin(site, gateway, "Still here")
        gateway.latest.say("bot", "So am I")

        site.shows("Still here", "So am I")
        assert site.problems == []
