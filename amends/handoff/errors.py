"""Refusals of this room.

HandoffError
├── ThresholdsError     policies/handoff.yml cannot be used
├── HoursError          policies/hours.yml cannot be used
├── FirstHelpError      policies/first_help.yml cannot be used
├── UnknownHandoff      no handoff of this id
├── AlreadyClaimed      somebody else has the chat
└── NotYours            only the person who has the chat may do this
"""


class HandoffError(Exception):
    """Base of what the handoff room refuses."""


class ThresholdsError(HandoffError):
    """The table of thresholds cannot be used; the message names the row and the key."""


class HoursError(HandoffError):
    """The business hours cannot be used; the message names the place and what to write."""


class FirstHelpError(HandoffError):
    """The numbers of first help cannot be used; the message names the country and the key."""


class UnknownHandoff(HandoffError):
    def __init__(self, handoff_id: str) -> None:
        super().__init__(f"There is no handoff {handoff_id}; it may have ended.")
        self.handoff_id = handoff_id


class AlreadyClaimed(HandoffError):
    def __init__(self, handoff_id: str, staff_id: str | None) -> None:
        super().__init__("A colleague was faster: this chat is taken.")
        self.handoff_id, self.staff_id = handoff_id, staff_id


class NotYours(HandoffError):
    def __init__(self, handoff_id: str) -> None:
        super().__init__("This chat is not yours; claim it first.")
        self.handoff_id = handoff_id
