"""Live streams: every message once, in order, whatever is cut off."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from amends.conversations import use_cases
from amends.conversations.model import Delivery, Draft, Mode, Role
from amends.gateway import stream
from amends.gateway.changes import PolledChanges


class Reader:
    """Reads events of one open stream."""

    def __init__(self, response) -> None:
        self._lines = response.aiter_lines()

    async def next(self, seconds: float = 20.0) -> dict:
        """Return the next event or comment as {"event", "id", "data"} or {"comment"}."""
        found: dict = {}
        async with asyncio.timeout(seconds):
            while True:
                line = await anext(self._lines)
                if not line and found:
                    return found
                name, _, value = line.partition(": ")
                if line.startswith(":"):
                    return {"comment": value}
                if name == "data":
                    found["data"] = json.loads(value)
                elif name in ("event", "id"):
                    found[name] = value

    async def messages(self, count: int) -> list[dict]:
        found: list[dict] = []
        while len(found) < count:
            event = await self.next()
            if event.get("event") == "message":
                assert event["id"] == str(event["data"]["seq"])
                found.append(event["data"])
        return found


@asynccontextmanager
async def listening(gateway, opened, last: int | str | None = None):
    headers = dict(opened.headers)
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    path = opened.path("stream")
    async with gateway.client.stream("GET", path, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Cache-Control"] == "no-cache"
        yield Reader(response)


class TestEvents:
    async def test_given_listener_when_posted_then_message_mode_typing_and_answer(self, gateway):
        gateway.parts.engine.delay_seconds = 0.1
        opened = await gateway.start()
        async with listening(gateway, opened) as reader:
            first, mode = await reader.next(), await reader.next()
            await gateway.post(opened, "broken")
            events = [await reader.next() for _ in range(4)]

        assert (first["event"], first["id"]) == ("message", "1")
        assert mode == {"event": "mode", "data": {"mode": "bot"}}
        kinds = [(e["event"], e["data"].get("active", e["data"].get("text"))) for e in events]
        assert sorted(map(str, kinds[:2])) == sorted(
            map(str, [("message", "broken"), ("typing", True)])
        )
        assert kinds[2:] == [("message", "Answer to broken"), ("typing", False)]

    async def test_given_two_tabs_when_posted_then_both_see_all(self, gateway):
        opened = await gateway.start()
        async with listening(gateway, opened) as one, listening(gateway, opened) as two:
            await gateway.post(opened, "broken")

            seen = await asyncio.gather(one.messages(3), two.messages(3))

        assert seen[0] == seen[1]
        assert [m["seq"] for m in seen[0]] == [1, 2, 3]

    async def test_given_another_process_writes_when_polled_then_the_stream_wakes(self, gateway):
        opened = await gateway.start()
        async with listening(gateway, opened, last=1) as reader:
            assert (await reader.next())["event"] == "mode"
            with gateway.parts.db.write() as uow:  # the desk's process wakes nobody here
                use_cases.append_staff_message(uow, opened.id, "Hi", "Ann", gateway.parts.clock())
                uow.commit()

            event = await reader.next()

            with gateway.parts.db.write() as uow:
                uow.conversations.set_mode(opened.id, Mode.WAITING, at=gateway.parts.clock())
                uow.commit()
            mode = await reader.next()

        assert (event["data"]["role"], event["data"]["author"]) == ("staff", "Ann")
        assert mode["data"] == {"mode": "waiting"}

    @pytest.mark.parametrize(
        ("last", "first_seq"), [(None, 1), (0, 1), (2, 3), ("x", 1), ("-1", 1), ("٣", 1)]
    )
    async def test_given_last_event_id_when_resumed_then_goes_on_after_it(
        self, gateway, last, first_seq
    ):
        opened = await gateway.start()
        await gateway.post(opened, "broken", wait=20)
        if isinstance(last, str) and not last.isascii():
            assert stream.resume_point(last, 0) == 0
            return
        async with listening(gateway, opened, last) as reader:
            assert (await reader.messages(1))[0]["seq"] == first_seq

    async def test_given_silence_when_keep_alive_is_due_then_comment(self, gateway, monkeypatch):
        monkeypatch.setattr(stream.EventStream.__init__, "__defaults__", (0.05,))
        opened = await gateway.start()
        async with listening(gateway, opened, last=1) as reader:
            assert (await reader.next())["event"] == "mode"

            assert await reader.next() == {"comment": "keep-alive"}

    async def test_given_gateway_closes_when_listening_then_the_stream_ends(self, gateway):
        opened = await gateway.start()
        async with listening(gateway, opened, last=1) as reader:
            await reader.next()
            gateway.api.state.service.changes.close()

            with pytest.raises(StopAsyncIteration):
                await reader.next()

    async def test_given_too_many_streams_of_one_when_another_opens_then_429(
        self, gateway, monkeypatch
    ):
        monkeypatch.setattr("amends.gateway.service.STREAMS_PER_CONVERSATION", 1)
        opened = await gateway.start()
        async with listening(gateway, opened) as reader:
            await reader.next()

            answer = await gateway.client.get(opened.path("stream"), headers=opened.headers)

        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_messages")


class TestResume:
    async def test_given_cuts_and_concurrent_posts_when_resumed_then_nothing_lost_or_doubled(
        self, gateway
    ):
        opened = await gateway.start()
        count = 30

        async def write(part: int) -> None:
            for number in range(count // 3):
                await gateway.post(opened, f"{part}-{number}")
                await asyncio.sleep(0.003)

        async def read() -> list[int]:
            seen: list[int] = []
            cut = 0
            while len(seen) < 2 * count + 1:
                async with listening(gateway, opened, last=seen[-1] if seen else None) as reader:
                    cut += 1
                    for _ in range(min(1 + cut % 4, 2 * count + 1 - len(seen))):
                        seen.append((await reader.messages(1))[0]["seq"])
            return seen

        _, seen, whole = await asyncio.gather(
            asyncio.gather(*(write(part) for part in range(3))),
            read(),
            self.follow(gateway, opened, 2 * count + 1),
        )

        assert seen == list(range(1, 2 * count + 2))
        assert whole == seen

    async def follow(self, gateway, opened, count: int) -> list[int]:
        async with listening(gateway, opened) as reader:
            return [message["seq"] for message in await reader.messages(count)]


class _Log:
    """Transactions that let a change happen in the very moment of reading."""

    def __init__(self, transactions) -> None:
        self._transactions = transactions
        self.after_read = None

    async def read(self, work):
        found = await self._transactions.read(work)
        if self.after_read is not None:
            happening, self.after_read = self.after_read, None
            happening()
        return found


class TestNoLostWakeUp:
    async def test_given_change_between_read_and_wait_when_listening_then_seen_at_once(
        self, gateway
    ):
        opened = await gateway.start()
        service = gateway.api.state.service
        changes = PolledChanges(service.transactions, gateway.parts.clock)  # nobody polls
        log = _Log(service.transactions)

        def write_and_wake() -> None:
            with gateway.parts.db.write() as uow:
                uow.conversations.append(
                    opened.id, Draft(Role.BOT, "in between"), gateway.parts.clock()
                )
                uow.commit()
            changes.wake(opened.id)

        log.after_read = write_and_wake
        events = stream.EventStream(log, changes, opened.id, 1, keep_alive_seconds=30).events()
        async with asyncio.timeout(15):
            seen = [await anext(events) for _ in range(3)]
        await events.aclose()

        assert "in between" in seen[2]

    async def test_given_nobody_listens_then_nobody_polls_and_nothing_is_kept(self, gateway):
        service = gateway.api.state.service
        polls = []
        poll = service.changes.poll

        async def counted() -> None:
            polls.append(1)
            await poll()

        service.changes.poll = counted
        await asyncio.sleep(0.5)
        assert polls == []
        opened = await gateway.start()
        async with listening(gateway, opened) as reader:
            await reader.messages(1)
            await asyncio.sleep(0.5)
        assert polls
        assert service.changes.listeners() <= 1

    async def test_given_pending_when_waited_for_with_many_then_all_answered(self, gateway):
        opened = [await gateway.start() for _ in range(10)]

        answers = await asyncio.gather(*(gateway.post(o, "hi", wait=20) for o in opened))

        assert {answer.status_code for answer in answers} == {200}
        with gateway.parts.db.read() as uow:
            for each in opened:
                assert uow.conversations.message(each.id, 2).delivery is Delivery.ANSWERED
