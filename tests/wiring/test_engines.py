"""Several engines as one: where a conversation goes, and what happens when an engine goes."""

import asyncio
from collections import Counter

import pytest

from amends.conversations.model import Reply, TurnRequest
from amends.conversations.ports import EngineNotServing, EngineRefused, EngineUnavailable
from amends.wiring.engine_client import EngineAway, HttpEngine
from amends.wiring.engines import Engines, build_engine, each_engine, ranked
from amends.wiring.settings import Settings

NAMES = ("http://a:5005", "http://b:5005", "http://c:5005")
CHATS = [f"conversation-{number}" for number in range(600)]


class TestRanked:
    def test_given_many_conversations_when_ranked_then_shared_evenly_and_always_alike(self):
        chosen = Counter(ranked(chat, NAMES)[0] for chat in CHATS)

        assert min(chosen.values()) > 150
        assert chosen == Counter(ranked(chat, reversed(NAMES))[0] for chat in CHATS)

    def test_given_one_engine_gone_when_ranked_then_only_its_conversations_move(self):
        before = {chat: ranked(chat, NAMES)[0] for chat in CHATS}
        after = {chat: ranked(chat, NAMES[1:])[0] for chat in CHATS}

        moved = {chat for chat in CHATS if before[chat] != after[chat]}
        assert moved == {chat for chat in CHATS if before[chat] == NAMES[0]}
        assert len({after[chat] for chat in moved}) == 2


class One:
    """An engine that answers with its own name, or fails as it is told to."""

    def __init__(self, name: str) -> None:
        self.name, self.model, self.missing = name, "amends-1", ""
        self.fails: Exception | None = None
        self.hangs = False
        self.asked: list[str] = []

    async def understand(self, text: str, conversation_id: str) -> str:
        return await self._answer(conversation_id)

    async def turn(self, request: TurnRequest) -> list[Reply]:
        return [Reply(await self._answer(request.conversation_id))]

    async def ready(self) -> bool:
        return self.fails is None and not self.hangs

    async def _answer(self, conversation_id: str) -> str:
        self.asked.append(conversation_id)
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails
        return self.name

    async def close(self) -> None:
        return None


@pytest.fixture
async def engines():
    made = Engines({name: One(name) for name in NAMES}, look_again_seconds=0.001)
    yield made
    await made.close()


async def answers(engines: Engines) -> dict[str, str]:
    return {chat: await engines.understand("", chat) for chat in CHATS[:60]}


def turn(chat: str) -> TurnRequest:
    return TurnRequest(f"{chat}.1", f"{chat}:2", "", None, None, {"conversation_id": chat})


async def until(holds) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - the look at engines has no event
            await asyncio.sleep(0.001)


class TestEngines:
    async def test_given_a_conversation_when_read_and_answered_then_at_the_same_engine(
        self, engines
    ):
        for chat, name in (await answers(engines)).items():
            assert (await engines.turn(turn(chat)))[0].text == name == ranked(chat, NAMES)[0]

    async def test_given_an_engine_away_when_asked_then_the_next_answers_and_it_is_left_out(
        self, engines
    ):
        before = await answers(engines)
        away = engines.each[NAMES[0]]
        away.fails, away.asked = EngineAway("turn: ClientConnectorError"), []

        after = await answers(engines)

        assert len(away.asked) == 1
        moved = {chat for chat, name in before.items() if name != after[chat]}
        assert moved == {chat for chat, name in before.items() if name == NAMES[0]}

        away.fails = None
        await until(lambda: not engines._away)
        assert await answers(engines) == before

    async def test_given_an_engine_without_its_actions_when_asked_then_the_next_answers(
        self, engines
    ):
        chat = CHATS[0]
        first, second, _ = (engines.each[name] for name in ranked(chat, NAMES))
        first.fails = EngineNotServing("turn: actions away")

        assert await engines.understand("", chat) == second.name

    async def test_given_no_engine_with_actions_when_asked_then_it_is_nothing_about_the_message(
        self, engines
    ):
        for one in engines.each.values():
            one.fails = EngineNotServing("turn: actions away")

        with pytest.raises(EngineNotServing):
            await engines.understand("", CHATS[0])

    async def test_given_an_engine_that_refuses_when_asked_then_one_other_is_asked(self, engines):
        chat = CHATS[0]
        first, second, third = (engines.each[name] for name in ranked(chat, NAMES))
        first.fails = EngineRefused("turn: status 500")

        assert await engines.understand("", chat) == second.name

        second.fails = EngineRefused("turn: status 500")
        with pytest.raises(EngineRefused):
            await engines.understand("", chat)
        assert third.asked == []

    async def test_given_an_engine_that_hangs_when_given_up_then_left_out_for_the_next_try(
        self, engines
    ):
        chat = CHATS[0]
        first, second, _ = (engines.each[name] for name in ranked(chat, NAMES))
        first.hangs = True
        asking = asyncio.create_task(engines.understand("", chat))
        await until(lambda: first.asked == [chat])
        asking.cancel()

        await until(lambda: first.name in engines._away)
        assert await engines.understand("", chat) == second.name

    async def test_given_all_away_when_asked_then_unavailable_until_one_is_back(self, engines):
        for one in engines.each.values():
            one.fails = EngineAway("understand: ClientConnectorError")

        with pytest.raises(EngineUnavailable):
            await engines.understand("", CHATS[0])
        assert not await engines.ready()

        engines.each[NAMES[1]].fails = None
        assert await engines.ready()
        assert await engines.understand("", CHATS[0]) == NAMES[1]

    async def test_given_one_that_is_slow_to_say_when_asked_for_readiness_then_not_waited_for(
        self, engines
    ):
        engines.each[NAMES[0]].ready = asyncio.Event().wait

        async with asyncio.timeout(20):
            assert await engines.ready()


class TestBuild:
    def test_given_one_address_when_built_then_the_plain_engine(self, tmp_path):
        engine = build_engine(Settings(var_dir=tmp_path))

        assert isinstance(engine, HttpEngine)
        assert each_engine(engine) == {}

    def test_given_several_addresses_when_built_then_all_of_them(self, tmp_path):
        urls = " http://a:5005/, http://b:5005 "
        engine = build_engine(Settings(var_dir=tmp_path, engine_url=urls))

        assert list(each_engine(engine)) == ["http://a:5005", "http://b:5005"]
        assert engine.missing == ""

    @pytest.mark.parametrize("urls", ["", "a:5005", "http://a,ftp://b", "http://a,http://a/"])
    def test_given_no_usable_addresses_then_refused(self, tmp_path, urls):
        with pytest.raises(ValueError, match=r"each (address|engine) must"):
            Settings(var_dir=tmp_path, engine_url=urls)
