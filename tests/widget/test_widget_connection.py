"""A conversation survives reloads, lost connections, several tabs and lost tokens."""

from playwright.sync_api import expect

from .conftest import OpenSite
from .fake_gateway import FakeGateway
from .site import Site, begin, until


class TestReload:
    def test_given_conversation_when_page_changes_then_it_goes_on_where_it_was(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.latest.say("bot", "One")
        site.shows("Hello", "One")

        site.page.goto("/plain?name=Fernhill&page=2")

        expect(site.panel).to_be_visible()
        site.shows("Hello", "One")
        gateway.latest.say("bot", "Two")
        site.shows("Hello", "One", "Two")
        assert len(gateway.conversations) == 1

    def test_given_closed_panel_when_messages_come_then_unread_mark_until_opened(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        site.page.keyboard.press("Escape")
        gateway.latest.say("bot", "One")
        gateway.latest.say("bot", "Two")
        expect(site.launcher).to_have_accessible_name("Open the chat, 2 new messages")

        site.page.reload()
        expect(site.launcher).to_have_accessible_name("Open the chat, 2 new messages")
        site.launcher.click()
        site.page.keyboard.press("Escape")

        expect(site.launcher).to_have_accessible_name("Open the chat")
        site.page.reload()
        site.page.wait_for_timeout(500)
        expect(site.launcher).to_have_accessible_name("Open the chat")


class TestTabs:
    def test_given_two_tabs_then_both_show_every_message_once(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        second = site.another_tab().open_chat()
        begin(site, gateway, "From the first")
        second.shows("From the first")

        second.write("From the second")
        gateway.latest.say("bot", "To both")

        until(lambda: len(gateway.heard) == 3)
        texts = [message["text"] for message in gateway.latest.messages]
        site.shows(*texts)
        second.shows(*texts)
        assert len(gateway.conversations) == 1

    def test_given_two_tabs_when_both_write_first_then_one_conversation(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        second = site.another_tab().open_chat()
        site.open_chat()
        site.write("A")
        second.write("B")

        until(lambda: sum(len(c.messages) for c in gateway.conversations.values()) == 2)
        expect(site.bubbles).to_have_count(2)
        expect(second.bubbles).to_have_count(2)
        assert len(gateway.conversations) == 1

    def test_given_two_tabs_when_one_starts_anew_then_the_other_follows(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        second = site.another_tab().open_chat()
        begin(site, gateway, "Old")
        second.shows("Old")

        site.choose_menu("New conversation")
        site.page.get_by_role("button", name="Start a new one").click()

        expect(site.bubbles).to_have_count(0)
        expect(second.bubbles).to_have_count(0)
        second.write("New")
        site.shows("New")
        assert len(gateway.conversations) == 2


class TestLostConnection:
    def test_given_offline_time_then_nothing_is_lost_or_doubled(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.latest.say("bot", "Before")
        site.shows("Hello", "Before")

        site.page.context.set_offline(True)
        gateway.latest.hang_up()
        expect(site.notice).to_contain_text("offline")
        gateway.latest.say("bot", "Meanwhile")
        site.write("Written offline")
        expect(site.page.get_by_text("Not delivered")).to_be_visible()
        site.page.context.set_offline(False)

        until(lambda: len(gateway.heard) == 4)
        gateway.latest.say("bot", "After")
        site.shows("Hello", "Before", "Meanwhile", "Written offline", "After")
        expect(site.notice).to_be_hidden()

    def test_given_stream_dropped_then_it_resumes_after_the_last_message(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        until(lambda: gateway.stream_count == 1)
        gateway.latest.say("bot", "One")
        site.shows("Hello", "One")

        for number in range(3):
            streams = gateway.stream_count
            gateway.latest.hang_up()
            until(lambda before=streams: gateway.stream_count > before)  # type: ignore[misc]
            gateway.latest.say("bot", f"Again {number}")
            site.shows("Hello", "One", *(f"Again {one}" for one in range(number + 1)))

        assert gateway.last_event_ids[-1] == "4"

    def test_given_late_answer_then_it_does_not_undo_the_mode_that_the_stream_told(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway)
        gateway.hold_answers = True
        gateway.latest.hang_up()
        until(lambda: gateway.answers_held > 0)

        gateway.latest.switch("waiting")
        expect(site.status).to_have_text("Waiting for a person")
        gateway.hold_answers = False
        site.page.wait_for_timeout(500)

        expect(site.status).to_have_text("Waiting for a person")

    def test_given_stream_in_single_bytes_then_messages_are_whole(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        gateway.chop_streams = True
        begin(site, gateway)
        until(lambda: gateway.stream_count == 1)
        gateway.latest.say("bot", "Grüße, 投诉, 🌿\nsecond line")

        site.shows("Hello", "Grüße, 投诉, 🌿\nsecond line")
        assert gateway.stream_count == 1

    def test_given_streams_cannot_pass_then_polling_delivers(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        gateway.streams_work = False
        begin(site, gateway)
        gateway.latest.say("bot", "By polling")
        gateway.latest.switch("waiting")

        expect(site.bubbles).to_have_text(["Hello", "By polling"], timeout=20_000)
        expect(site.status).to_have_text("Waiting for a person")
        gateway.latest.say("bot", "And again")
        expect(site.bubbles).to_have_text(["Hello", "By polling", "And again"], timeout=20_000)
        assert gateway.stream_count == 0


class TestLostToken:
    def test_given_unknown_conversation_when_page_loads_then_gently_new(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway, "Old")
        gateway.conversations.clear()

        site.page.reload()

        expect(site.notice).to_contain_text("no longer available")
        expect(site.bubbles).to_have_count(0)
        site.write("New")
        site.shows("New")
        until(lambda: len(gateway.heard) == 1)

    def test_given_token_lost_while_chatting_then_the_message_goes_to_a_new_conversation(
        self, site: Site, gateway: FakeGateway
    ) -> None:
        begin(site, gateway, "Old")
        first = gateway.latest
        first.token = "changed"

        site.write("Not lost")

        until(lambda: gateway.latest is not first and len(gateway.heard) == 1)
        site.shows("Not lost")
        assert [message["text"] for message in first.messages] == ["Old"]

    def test_given_identity_changes_then_a_new_conversation_with_it(
        self, open_site: OpenSite, gateway: FakeGateway
    ) -> None:
        site = open_site("/plain?name=Fernhill&identity=one.two.three")
        begin(site, gateway, "As one")
        assert gateway.latest.opened_with["identity"] == "one.two.three"

        site.page.evaluate("Amends.element.dataset.identity = 'four.five.six'")

        expect(site.bubbles).to_have_count(0)
        site.write("As another")
        until(lambda: len(gateway.conversations) == 2)
        assert gateway.latest.opened_with["identity"] == "four.five.six"
