"""What staff do beyond their own chats: note, pass on, listen in, take over, take back."""

from datetime import datetime, timedelta

from amends.desk.acting import Acting
from amends.handoff import notes, passing, taking
from amends.handoff.model import Handoff, Note
from amends.handoff.rights import Right, may, require
from amends.satisfaction.ports import UnitOfWork

LISTENS_FOR = timedelta(seconds=45)
"""A page that listens in says so again three times within this time."""


class ChatMoves(Acting):
    """One person's moves of chats, under one session."""

    async def note(self, handoff_id: str, text: str, again: bool = False) -> Note:
        """Write an internal note; `again`, when it may have been written before.

        Raises:
            Refused: nothing was written, or the person neither answers chats nor listens in.
        """

        def work(uow: UnitOfWork, now: datetime) -> Note:
            if not may(self._member, Right.LISTEN_IN):
                require(self._member, Right.ANSWER_CHATS)
            return notes.write(uow, handoff_id, self._member, text, now, again)

        return await self._change("note", handoff_id, work)

    async def pass_on(self, handoff_id: str, target: str, note: str) -> Handoff:
        """Pass a chat on.

        Args:
            handoff_id: the chat.
            target: `to:` and a staff id, `language:` and a language, `skill:` and a category.
            note: for whoever takes it.

        Raises:
            Refused: no note, nobody there who can take it, or the chat is not this person's.
        """
        kind, _, value = target.partition(":")
        chosen = {kind: value} if kind in ("to", "language", "skill") and value else {}

        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            thresholds = self._app.thresholds
            return passing.pass_on(uow, thresholds, handoff_id, self._member, note, now, **chosen)

        return await self._change("pass_on", handoff_id, work, target=kind)

    async def take_passed(self, handoff_id: str) -> Handoff:
        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            return passing.take(uow, handoff_id, self._member, now)

        return await self._change("take_passed", handoff_id, work)

    async def recall(self, handoff_id: str) -> Handoff:
        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            return passing.recall(uow, handoff_id, self._member, now)

        return await self._change("recall", handoff_id, work)

    async def take_over(self, handoff_id: str) -> Handoff:
        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            return taking.take_over(uow, handoff_id, self._member, now)

        return await self._change("take_over", handoff_id, work)

    async def take_back(self, handoff_id: str) -> Handoff:
        """Take a chat back from the assistant; it goes on as another handoff, which is returned."""

        def work(uow: UnitOfWork, now: datetime) -> Handoff:
            require(self._member, Right.ANSWER_CHATS)
            return taking.take_back(uow, self._app.thresholds, handoff_id, self._member, now)

        return await self._change("take_back", handoff_id, work)

    async def listen(self, handoff_id: str) -> None:
        """Let the person who has the chat see that somebody listens in."""

        def work(uow: UnitOfWork) -> None:
            now = self._app.clock()
            if uow.staff.session(self._token_hash, now) is not None:
                require(self._member, Right.LISTEN_IN)
                uow.listeners.put(handoff_id, self._member.id, now + LISTENS_FOR)

        await self._refusing(self._transactions.write, handoff_id, work)

    async def listen_no_more(self, handoff_id: str) -> None:
        def work(uow: UnitOfWork) -> None:
            uow.listeners.remove(handoff_id, self._member.id)

        await self._refusing(self._transactions.write, handoff_id, work)
