"""Notices as another room gives them, and what became of a conversation's messages."""

from amends.conversations.model import Delivery, Draft, Role

HELP = Draft(Role.SYSTEM, "If you are in danger, call 112.")


QUEUE = Draft(Role.SYSTEM, "You are number 1.", card={"kind": "handoff", "position": 1})


def deliveries(world, cid: str) -> list[Delivery]:
    return [m.delivery for m in world.log(cid) if m.role is Role.CUSTOMER]
