"""Charts as inline SVG: no scripts, no network. For the desk's pages and for the report alike.

All widths are per cent of the place that a chart stands in, all heights and letters are pixels: so
a chart fits a phone and a sheet of paper, and its words stay legible. Words come in from outside,
in the reader's language; colours are variables of the page, see `charts.css`.
"""

from functools import cache
from pathlib import Path


@cache
def style() -> str:
    """Return the style sheet that charts and their tables need."""
    return (Path(__file__).parent / "charts.css").read_text("utf-8")
