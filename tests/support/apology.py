"""An apology in other words, in every language, and how its text is changed in `domain.yml`."""

import re
from pathlib import Path
from typing import Final

RESPONSE: Final = "say_apology_damaged_item"
CHANGED: Final = {
    "en": "I'm sorry that it was broken when you opened the parcel.",
    "zh": "很抱歉，您打开包裹时商品已经损坏。",
}


def change_apology(
    project: Path, response: str = RESPONSE, changed: dict[str, str] = CHANGED
) -> None:
    """Put other words between the quotes of a response; the lines with a condition stay."""
    file = project / "domain.yml"
    text = file.read_text(encoding="utf-8")
    block = re.search(rf"^  {response}:\n(?:    .*\n)+", text, re.MULTILINE)
    assert block, f"{file} has no {response}"
    told = iter(changed.values())
    worded = re.sub(r'(text: )".*"', lambda found: f'{found[1]}"{next(told)}"', block[0])
    file.write_text(text.replace(block[0], worded), encoding="utf-8")
