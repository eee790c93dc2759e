"""What other systems hear of a survey: numbers and words of closed sets, never the comment."""

from amends.cases.model import Case
from amends.satisfaction.surveys.model import Survey
from amends.values import Json


def of_survey(survey: Survey, case: Case | None) -> Json:
    """Return all that was answered about a case so far; null where a question was not."""
    return {
        "conversation_id": survey.conversation_id,
        "case_id": case.id if case else None,
        "case_number": case.number if case else None,
        "csat": survey.csat,
        "reason": survey.reason.value if survey.reason else None,
        "ces": survey.ces,
        "nps": survey.nps,
        "expectation": survey.expectation,
        "servqual": dict(survey.servqual),
    }
