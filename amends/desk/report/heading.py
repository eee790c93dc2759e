"""What stands above a report, and at the foot of its pages."""

from amends.desk import insight_words as figures
from amends.desk import words
from amends.desk.report.sections import Report
from amends.desk.speech import tr


def title_words(report: Report) -> str:
    return tr("Complaints at {company}", company=report.company)


def period_words(report: Report) -> str:
    """Return the period, and what else narrows the report."""
    period, fields = report.asked.period, report.asked.fields
    said = [
        tr(
            "{first} to {last}",
            first=figures.day(period.since, report.zone),
            last=figures.day(period.until, report.zone),
        )
    ]
    if fields["category"]:
        said.append(words.word(words.CATEGORIES, fields["category"]))
    if fields["language"]:
        said.append(words.language(fields["language"]))
    said.append(tr("times of {zone}", zone=str(report.zone)))
    return " · ".join(said)
