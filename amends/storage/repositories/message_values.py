"""From a message to its rows."""

from typing import Any

from amends.conversations.model import Delivery, Message


def message_values(message: Message) -> dict[str, Any]:
    return {
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "role": message.role,
        "text": message.text,
        "at": message.at,
        "client_message_id": message.client_message_id,
        "payload": message.payload,
        "card": message.card,
        "in_reply_to": message.in_reply_to,
        "author": message.author,
        "delivery": message.delivery,
        "attempts": message.attempts,
        "not_before": message.at if message.delivery is Delivery.PENDING else None,
    }


def choice_values(message: Message) -> list[dict[str, Any]]:
    return [
        {
            "conversation_id": message.conversation_id,
            "id": choice.id,
            "seq": message.seq,
            "position": position,
            "title": choice.title,
            "payload": choice.payload,
        }
        for position, choice in enumerate(message.choices)
    ]
