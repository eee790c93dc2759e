"""A report as one page of HTML that needs nothing else: no scripts, no network, styles inside."""

from pathlib import Path

from markupsafe import Markup

from amends.desk.report.heading import period_words, title_words
from amends.desk.report.sections import Report
from amends.desk.templating import render
from amends.insights.charts import style

STATIC = Path(__file__).resolve().parents[1] / "static"
STYLES = ("base.css", "pages.css", "insights.css", "report.css")


def write_page(report: Report, desk_url: str) -> str:
    """Return the page, in the language being spoken.

    Args:
        desk_url: where the numbers' links lead, which only staff can open.
    """
    sheets = [(STATIC / name).read_text("utf-8") for name in STYLES]
    return render(
        "report.html",
        report=report,
        title=title_words(report),
        period=period_words(report),
        desk_url=desk_url,
        styles=Markup("\n".join([*sheets, style()])),
    )
