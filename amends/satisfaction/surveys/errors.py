"""Refusals of the surveys.

SurveyError
└── UnknownAsk   nobody was asked under this id, or it was forgotten since
"""


class SurveyError(Exception):
    """Base of what the surveys refuse."""


class UnknownAsk(SurveyError):
    def __init__(self, ask_id: str) -> None:
        super().__init__("This link leads to nothing any more.")
        self.ask_id = ask_id
