"""A page that broke says so in the desk's frame, and nothing of why."""

import httpx
import pytest
from fastapi import FastAPI

from amends.desk.pages.lost import broken_page
from amends.handoff.model import StaffMember, StaffRole


class Broken:
    """A desk whose every page breaks, asked by one person or by a stranger."""

    def __init__(self, member: StaffMember | None) -> None:
        self._desk, self._member = FastAPI(), member
        self._desk.state.company = "Harbour Lamps"

    async def __call__(self, scope: dict[str, object], receive: object, send: object) -> None:
        state = {} if self._member is None else {"staff": self._member}
        asked = {**scope, "app": self._desk, "state": state}
        await broken_page()(asked, receive, send)  # type: ignore[arg-type]


async def answer_to(member: StaffMember | None) -> httpx.Response:
    carrier = httpx.ASGITransport(app=Broken(member))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=carrier, base_url="http://desk") as client:
        return await client.get("/cases")


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "This page did not work"), ("zh", "此页面出错了")]
)
async def test_given_a_person_then_a_page_that_broke_says_so_in_their_language(
    language: str, heading: str
) -> None:
    member = StaffMember("s-ana", "ana", "Ana", StaffRole.AGENT, language=language)

    answer = await answer_to(member)

    assert answer.status_code == 500
    assert heading in answer.text
    assert "Ana" in answer.text


async def test_given_a_stranger_then_one_sentence() -> None:
    answer = await answer_to(None)

    assert (answer.status_code, answer.text) == (500, "Something went wrong. Please try again.")
