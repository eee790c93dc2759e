"""Refusals of this room.

WebhookError
├── UnknownEndpoint    no endpoint of this id
├── UnknownEventType   nothing of this name is announced
├── UrlRefused         the address cannot be used
├── EndpointIsOff      the endpoint was switched off
└── NothingToReplay    no delivery fits what was asked
"""

from collections.abc import Iterable


class WebhookError(Exception):
    """Base of what the webhooks room refuses."""


class UnknownEndpoint(WebhookError):
    def __init__(self, endpoint_id: str) -> None:
        super().__init__(
            f"there is no endpoint {endpoint_id}; `amends webhooks list` shows them all."
        )
        self.endpoint_id = endpoint_id


class UnknownEventType(WebhookError):
    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"{name!r} is not an event; choose from {', '.join(known)}.")
        self.name = name


class UrlRefused(WebhookError):
    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url!r} cannot be used: {reason}.")
        self.url, self.reason = url, reason


class EndpointIsOff(WebhookError):
    def __init__(self, endpoint_id: str) -> None:
        super().__init__(
            f"endpoint {endpoint_id} is switched off; `amends webhooks enable {endpoint_id}` first."
        )
        self.endpoint_id = endpoint_id


class NothingToReplay(WebhookError):
    def __init__(self) -> None:
        super().__init__(
            "nothing to replay: no such delivery failed, and an endpoint hears only of what "
            "happens after it was added."
        )
