"""The desk's pages run the desk's own scripts, and work all the same."""

import re

import httpx
from playwright.sync_api import ConsoleMessage, expect

from amends.desk.page_headers import console_policy, page_policy
from tests.desk.conftest import Desk
from tests.desk.pages import open_and_claim, transcript


def script_sources(policy: str) -> str:
    return next(part for part in policy.split("; ") if part.startswith("script-src"))


def test_given_a_page_made_on_the_server_then_only_script_files_of_the_desk_run() -> None:
    assert script_sources(page_policy()) == "script-src 'self'"


def test_given_the_console_then_scripts_in_the_page_need_the_nonce_of_this_answer() -> None:
    sources = script_sources(console_policy("abc", "desk.example.com"))

    assert "'nonce-abc'" in sources
    assert "unsafe-inline" not in sources


def test_given_staff_at_work_then_no_page_breaks_its_policy_and_each_console_has_its_own_nonce(
    desk: Desk,
) -> None:
    desk.add_chat()
    page = desk.sign_in("ana")
    refused: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "violates" in message.text:
            refused.append(message.text)

    page.on("console", hear)
    with page.expect_response(lambda answer: answer.url == f"{desk.url}/") as first:
        page.goto("/")
    open_and_claim(page)
    page.get_by_label("Message to the customer").fill("I am looking into it")
    page.keyboard.press("Control+Enter")
    expect(transcript(page)).to_contain_text("I am looking into it")
    for path in ("/cases", "/password", "/second-factor", "/cases?q=lamp"):
        page.goto(path)
    with page.expect_response(lambda answer: answer.url == f"{desk.url}/") as second:
        page.goto("/")
    expect(transcript(page).or_(page.get_by_role("region", name="My chats"))).to_be_visible()

    assert refused == []
    nonces = [
        re.findall("'nonce-([^']+)'", answer.value.headers["content-security-policy"])
        for answer in (first, second)
    ]
    assert [len(one) for one in nonces] == [1, 1]
    assert nonces[0] != nonces[1]


def test_given_any_answer_then_headers_forbid_framing_sniffing_and_keeping(desk: Desk) -> None:
    for path in ("/sign-in", "/", "/nothing"):
        answer = httpx.get(f"{desk.url}{path}")

        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["Cache-Control"] == "no-store", path


def test_given_https_through_a_proxy_of_this_machine_then_the_browser_is_to_stay_with_it(
    desk: Desk,
) -> None:
    plain = httpx.get(f"{desk.url}/sign-in")
    behind = httpx.get(f"{desk.url}/sign-in", headers={"X-Forwarded-Proto": "https"})

    assert "Strict-Transport-Security" not in plain.headers
    assert behind.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_given_an_address_with_nothing_at_it_then_the_page_says_so_in_the_desk_s_frame(
    desk: Desk,
) -> None:
    page = desk.sign_in("ana")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))

    for path in ("/nothing/here", "/cases/", "/training/unknown"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404, path
        expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="Back to the desk").click()
    expect(page.get_by_role("region", name="My chats")).to_be_visible()

    assert [one for one in refused if "Content Security Policy" in one] == []


def test_given_a_stranger_then_a_missing_program_file_is_two_plain_words(desk: Desk) -> None:
    answer = httpx.get(f"{desk.url}/_nicegui/nothing.js")

    assert answer.status_code == 404
    assert answer.text == "Not found."
