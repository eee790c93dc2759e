# ruff: noqa: F811 - pytest passes the imported fixtures by their names
"""`amends chat` against a real gateway, whose engine does as it is told."""

import asyncio
import io
import socket
from argparse import Namespace
from typing import Any

import httpx
import pytest

from amends.cli import chat
from amends.cli.errors import UsageError
from amends.conversations.model import Choice, Mode, Reply, TurnRequest
from amends.satisfaction.surveys.model import Answers
from amends.values import utc_now
from amends.wiring.api_client import NothingRuns, Refused
from tests.gateway.conftest import Gateway, gateway, serve_gateway  # noqa: F401

OFFER = Reply(
    "I can offer a refund.",
    (Choice("", "Yes, I accept", "/agree"), Choice("", "No, thank you", "/refuse")),
)
GOODBYE = Reply("How did we do?", card={"kind": "survey"})


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that types lines into `amends chat` and returns what it showed."""

    async def talk(gateway: Gateway, *lines: str, **options: Any) -> str:
        url = str(gateway.client.base_url).rstrip("/")
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(line + "\n" for line in lines)))
        monkeypatch.setenv("AMENDS_VAR_DIR", str(gateway.parts.settings.var_dir))
        given = {"url": url, "customer": None, "explain": False, "model": None, **options}
        assert await asyncio.to_thread(chat.run, Namespace(**given)) == 0
        return capsys.readouterr().out

    return talk


def posted(gateway: Gateway) -> list[str | None]:
    return [request.payload or request.text for request in gateway.parts.engine.requests]


async def test_given_words_then_the_welcome_and_the_answer_are_shown(
    gateway: Gateway,
    talk: Any,
) -> None:
    shown = await talk(gateway, "my lamp arrived broken", "/quit")

    assert "automated assistant of Fernhill" in shown
    assert "bot: Answer to my lamp arrived broken" in shown


async def test_given_the_number_of_a_choice_then_the_choice_is_sent(
    gateway: Gateway,
    talk: Any,
) -> None:
    gateway.parts.engine.replies = lambda request: (
        [OFFER] if not request.payload else [Reply("Settled.")]
    )

    shown = await talk(gateway, "late", "2")

    assert "  1  Yes, I accept\n  2  No, thank you\n" in shown
    assert posted(gateway) == ["late", "/refuse"]
    assert "bot: Settled." in shown


async def test_given_a_number_without_choices_then_it_is_words(
    gateway: Gateway,
    talk: Any,
) -> None:
    await talk(gateway, "late", "2", "10045")

    assert posted(gateway) == ["late", "2", "10045"]


async def test_given_a_survey_then_a_number_rates_and_is_no_message(
    gateway: Gateway,
    talk: Any,
) -> None:
    gateway.parts.engine.replies = lambda request: [GOODBYE]

    shown = await talk(gateway, "no, that is all", "4")

    assert [answers for _, answers in gateway.parts.surveys] == [Answers(csat=4)]
    assert posted(gateway) == ["no, that is all"]
    assert "the chat is closed" in shown


async def test_given_a_refusal_then_its_sentence_is_shown_and_the_chat_goes_on(
    gateway: Gateway,
    talk: Any,
) -> None:
    shown = await talk(gateway, "x" * 2001, "shorter")

    assert "2001 characters; at most 2000 are accepted" in shown
    assert posted(gateway) == ["shorter"]


async def test_given_a_person_was_asked_for_then_it_is_noted_and_an_empty_line_sends_nothing(
    gateway: Gateway,
    talk: Any,
) -> None:
    def take_over(request: TurnRequest) -> list[Reply]:
        with gateway.parts.db.write() as uow:
            cid = request.metadata["conversation_id"]
            uow.conversations.set_mode(cid, Mode.WAITING, at=utc_now())
            uow.commit()
        return [Reply("A colleague was asked.")]

    gateway.parts.engine.replies = take_over

    shown = await talk(gateway, "a person please", "")

    assert "[a person was asked for; an empty line shows what is new]" in shown
    assert posted(gateway) == ["a person please"]


async def test_given_no_demo_customer_of_that_name_then_it_is_said(
    gateway: Gateway,
    talk: Any,
) -> None:
    with pytest.raises(UsageError, match="'Nobody' means no customer"):
        await talk(gateway, customer="Nobody")


def test_given_nothing_runs_then_one_sentence_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))
    url = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(NothingRuns, match="start Amends with `amends up`") as failure:
        chat.run(Namespace(url=url, customer=None, explain=False, model=None))

    assert url in str(failure.value)


def test_given_another_program_at_the_address_then_it_is_not_taken_for_amends() -> None:
    other = chat.Gateway(
        "http://other.example", httpx.MockTransport(lambda request: httpx.Response(404))
    )

    with pytest.raises(Refused, match="is this Amends"):
        other.start()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
