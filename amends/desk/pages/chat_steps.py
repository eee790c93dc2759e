"""What is done in the open chat: each step is one action, and a word on what came of it."""

from collections.abc import Awaitable, Callable

from amends.desk import words
from amends.desk.actions import Actions
from amends.desk.chat_moves import ChatMoves
from amends.desk.components.composer import Typed
from amends.desk.pages.open_chat import OpenChat
from amends.desk.pages.open_page import OpenPage
from amends.desk.speech import mark
from amends.handoff import marks
from amends.handoff.model import Handoff


class ChatSteps:
    def __init__(
        self,
        page: OpenPage,
        actions: Actions,
        moves: ChatMoves,
        chat: OpenChat,
        after_change: Callable[[], Awaitable[None]],
        on_open: Callable[[str], Awaitable[None]],
    ) -> None:
        self._page, self._actions, self._moves, self._chat = page, actions, moves, chat
        self._after_change, self._on_open = after_change, on_open

    async def claim(self) -> None:
        await self._take(self._actions.claim)

    async def take_passed(self) -> None:
        await self._take(self._moves.take_passed)

    async def recall(self) -> None:
        await self._take(self._moves.recall)

    async def take_over(self, _: str) -> None:
        await self._take(self._moves.take_over)

    async def take_back(self) -> None:
        await self._take(self._moves.take_back)

    async def send(self, typed: Typed) -> None:
        """Store what was typed, and tell the page: it sends again what it was not told of."""
        if typed.is_note:
            work: Awaitable[object] = self._moves.note(typed.handoff_id, typed.text, typed.again)
        else:
            work = self._actions.answer(typed.handoff_id, typed.text, typed.key)
        stored = await self._page.told(work)
        self._page.call("sent", typed.key)
        if stored is None:
            self._page.call("giveBack", typed.handoff_id, typed.text, typed.kind)
        await self._after_change()

    async def pass_on(self, target: str, note: str) -> None:
        """Pass the chat on; a refusal is said in the dialog, where what was written stays."""
        handoff_id = self._chat.handoff_id
        if handoff_id is None:
            return
        passed = await self._page.told(
            self._moves.pass_on(handoff_id, target, note),
            refuse=lambda sentence: self._page.call("refuse", "pass", sentence),
        )
        if passed is None:
            return
        self._page.call("passedOn")
        await self._after_change()
        self._page.toast(mark("The chat is passed on. Until it is taken, you can take it back."))
        self._page.call("settle")

    async def resolve(self, outcome: str, needed: str) -> None:
        if outcome in words.OUTCOMES:
            was_needed = marks.read(needed)
            await self._end(
                lambda one: self._actions.resolve(one, outcome, was_needed), mark("Resolved.")
            )

    async def return_to_bot(self, _: str, needed: str) -> None:
        was_needed = marks.read(needed)
        await self._end(
            lambda one: self._actions.return_to_bot(one, was_needed),
            mark("The assistant has the chat again."),
        )

    async def requeue(self, _: str) -> None:
        await self._end(self._actions.requeue, mark("The chat is back in the queue."))

    async def _take(self, act: Callable[[str], Awaitable[Handoff]]) -> None:
        """Take the open chat; it may go on as another handoff, which is opened then."""
        if self._chat.handoff_id is None:
            return
        taken = await self._page.told(act(self._chat.handoff_id))
        if taken is not None and taken.id != self._chat.handoff_id:
            await self._on_open(taken.id)
        await self._after_change()
        if taken is not None:
            self._page.toast(mark("The chat is yours. The assistant is silent."))
            self._page.call("write", "reply")
            self._page.call("focus", ".composer textarea")
        else:
            self._page.call("settle")

    async def _end(self, act: Callable[[str], Awaitable[object]], sentence: str) -> None:
        if self._chat.handoff_id is None:
            return
        done = await self._page.told(_done(act(self._chat.handoff_id)))
        await self._after_change()
        if done:
            self._page.toast(sentence)
        self._page.call("settle")


async def _done(work: Awaitable[object]) -> bool:
    await work
    return True
