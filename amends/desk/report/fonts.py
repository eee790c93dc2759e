"""How the text of a PDF looks."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reportlab
from markupsafe import escape
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from amends.desk.report.colors import INK, PALE
from amends.desk.speech import spoken

LATIN, LATIN_BOLD = "Vera", "VeraBd"
"""Of the library, and embedded in the file."""

HAN = "STSong-Light"
"""Not embedded: readers of PDF bring it along."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_RUNS = re.compile(r"[\u2e80-\uffef]+|[^\u2e80-\uffef]+")


@dataclass(frozen=True, slots=True)
class Fonts:
    """Names under which reportlab knows them; `wraps` is its rule for breaking lines."""

    plain: str
    bold: str
    wraps: str = ""

    def of(self, text: str, *, bold: bool = False) -> str:
        """Return the font for a piece of text that can have only one."""
        if is_han(text):
            return HAN
        return LATIN_BOLD if bold else LATIN


@cache
def fonts_of(language: str) -> Fonts:
    """Make the fonts of a language known to reportlab, and name them."""
    folder = Path(reportlab.__file__).parent / "fonts"
    pdfmetrics.registerFont(TTFont(LATIN, folder / "Vera.ttf"))
    pdfmetrics.registerFont(TTFont(LATIN_BOLD, folder / "VeraBd.ttf"))
    pdfmetrics.registerFontFamily(LATIN, normal=LATIN, bold=LATIN_BOLD)
    pdfmetrics.registerFont(UnicodeCIDFont(HAN))
    return Fonts(HAN, HAN, wraps="CJK") if language == "zh" else Fonts(LATIN, LATIN_BOLD)


def without_controls(text: str) -> str:
    """Return text without what neither XML nor a font knows."""
    return _CONTROLS.sub(" ", text)


def is_han(text: str) -> bool:
    return any("\u2e80" <= letter <= "\uffef" for letter in text)


def worded(text: str) -> str:
    """Return text as reportlab's markup, each script in a font that has it."""
    text = without_controls(text)
    if spoken() != "zh" and not is_han(text):
        return str(escape(text))
    return "".join(f'<font name="{HAN if is_han(run) else LATIN}">{escape(run)}</font>'
                   for run in _RUNS.findall(text))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Styles:
    title: ParagraphStyle
    section: ParagraphStyle
    panel: ParagraphStyle
    body: ParagraphStyle
    quiet: ParagraphStyle
    value: ParagraphStyle
    alarm: ParagraphStyle
    cell: ParagraphStyle
    number: ParagraphStyle


def styles_of(fonts: Fonts) -> Styles:
    def style(name: str, size: float, **more: object) -> ParagraphStyle:
        rules = {"fontName": fonts.plain, "textColor": HexColor(INK), "leading": size * 1.35}
        wrapping = {"wordWrap": fonts.wraps} if fonts.wraps else {}
        return ParagraphStyle(name, fontSize=size, **{**rules, **wrapping, **more})

    bold = {"fontName": fonts.bold}
    return Styles(
        title=style("title", 20, **bold),
        section=style("section", 15, spaceBefore=8, spaceAfter=8, **bold),
        panel=style("panel", 10.5, spaceBefore=4, spaceAfter=4, **bold),
        body=style("body", 9.5, spaceAfter=4),
        quiet=style("quiet", 8.2, textColor=HexColor(PALE)),
        value=style("value", 16, **bold),
        alarm=style(
            "alarm",
            9.5,
            backColor=HexColor("#fdf1dc"),
            borderPadding=6,
            spaceBefore=4,
            spaceAfter=12,
        ),
        cell=style("cell", 8.6),
        number=style("number", 8.6, alignment=TA_RIGHT),
    )
