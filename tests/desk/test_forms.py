"""What a form posts is bounded, and never breaks the page."""

from typing import Any

import pytest
from fastapi import Request

from amends.desk.forms import MOST_FIELDS, Form, read_form


async def posted(*chunks: bytes, most_bytes: int = 1000) -> Form:
    parts = [{"type": "http.request", "body": one, "more_body": True} for one in chunks]
    parts.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Any:
        return parts.pop(0)

    return await read_form(Request({"type": "http", "headers": []}, receive), most_bytes)


async def test_given_fields_in_pieces_then_each_value_is_found() -> None:
    form = await posted(b"name=Ana+T", b".&skills=a&skills=b&empty=")

    assert (form.get("name"), form.get("empty"), form.get("other")) == ("Ana T.", "", "")
    assert (form.all("skills"), form.all("other")) == (("a", "b"), ())


@pytest.mark.parametrize(
    "body", [b"name=" + b"x" * 1000, b"&".join(b"a=b" for _ in range(MOST_FIELDS + 1))]
)
async def test_given_too_much_then_it_counts_as_empty(body: bytes) -> None:
    assert await posted(body) == Form({})


async def test_given_bytes_that_are_no_text_then_they_are_replaced() -> None:
    assert (await posted(b"name=%ff\xff")).get("name") == "\ufffd\ufffd"
