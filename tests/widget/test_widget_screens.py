"""Screen sizes, colours, motion, and what an accessibility checker finds."""

import pytest
from playwright.sync_api import expect

from .conftest import OpenSite
from .fake_gateway import FakeGateway
from .samples import PHONE, YES_NO, axe_violations, show_every_card
from .site import Site, begin, until


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
