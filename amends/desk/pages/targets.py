"""Whom a chat can be passed on to now. Pure."""

from collections.abc import Iterable

from amends.desk import words
from amends.desk.components.move_dialogs import Target
from amends.desk.live import Board
from amends.desk.speech import tr, trn
from amends.handoff.fit import speaks, takes
from amends.handoff.model import StaffMember
from amends.handoff.rights import Right, may


def targets(board: Board, me: StaffMember) -> list[Target]:
    """Return the people who are there, then groups of them by language and category."""
    there = [one for one in board.online if one.id != me.id and may(one, Right.ANSWER_CHATS)]
    people = [Target(f"to:{one.id}", one.name, _about(one, board)) for one in there]
    languages = sorted({code for one in there for code in one.languages})
    skills = sorted({skill for one in there for skill in one.skills})
    return [
        *people,
        *(_speaking(code, there) for code in languages),
        *(_taking(skill, there) for skill in skills),
    ]


def _speaking(code: str, there: list[StaffMember]) -> Target:
    title = tr("Whoever speaks {language}", language=words.language(code))
    return Target(f"language:{code}", title, _names(one for one in there if speaks(one, code)))


def _taking(skill: str, there: list[StaffMember]) -> Target:
    category = words.word(words.CATEGORIES, skill)
    title = tr("Whoever takes “{category}”", category=category)
    return Target(f"skill:{skill}", title, _names(one for one in there if takes(one, skill)))


def _about(member: StaffMember, board: Board) -> str:
    count = len(board.chats.get(member.id, ()))
    languages = words.listing([words.language(code) for code in member.languages])
    return trn(
        "{languages}; has {count} chat", "{languages}; has {count} chats", count,
        languages=languages,
    )  # fmt: skip


def _names(people: Iterable[StaffMember]) -> str:
    return words.listing([one.name for one in people])
