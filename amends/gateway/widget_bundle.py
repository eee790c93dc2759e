"""Joins the modules in `widget/src/` into the one file that sites embed.

The gateway does so when the file is asked for; `python -m amends.gateway.widget_bundle` prints it,
for a site that serves the file itself.

The modules are ordinary ES modules. Joining needs no more than their order and their names kept
apart, so this takes the place of a JavaScript tool chain; what cannot be joined safely is an error.
"""

import json
import re
import sys
from pathlib import Path

SOURCE = Path(__file__).parent / "widget" / "src"
BANNER = "/* Amends widget, joined from amends/gateway/widget/src/. */\n"

IMPORT = re.compile(r'^import (?P<names>.+?) from "\./(?P<file>[\w.-]+)";\n', re.M)
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.M)
COMMENT = re.compile(r"^[ ]*(?:/\*.*?\*/|//[^\n]*)\n", re.M | re.S)


class BundleError(Exception):
    """The modules cannot be joined; the message says which and why."""


def module_order(entry: str, source: Path = SOURCE) -> list[str]:
    """Return the files that `entry` needs, each after those it imports."""
    order: list[str] = []
    open_files: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in open_files:
            raise BundleError(f"{' imports '.join([*open_files, name])}: a circle")
        open_files.append(name)
        if name.endswith(".js"):
            for found in IMPORT.finditer((source / name).read_text("utf-8")):
                visit(found["file"])
        open_files.pop()
        order.append(name)

    visit(entry)
    return order


def without_comments(text: str) -> str:
    """Drop whole-line comments and indentation; neither source uses multi-line strings."""
    lines = (line.strip() for line in COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def as_script(name: str, text: str) -> str:
    if name.endswith(".css"):
        return f"const {Path(name).suffix[1:]} = {json.dumps(without_comments(text))};\n"
    if any(line.count("`") % 2 for line in text.splitlines()):
        raise BundleError(f"{name} holds a template over several lines")
    plain = IMPORT.sub("", text)
    return without_comments(re.sub(r"^export ", "", plain, flags=re.M))


def bundle(source: Path = SOURCE) -> str:
    """Return the joined script."""
    owner: dict[str, str] = {}
    parts = []
    for name in module_order("main.js", source):
        text = (source / name).read_text("utf-8")
        for declared in DECLARED.findall(text) if name.endswith(".js") else []:
            if declared in owner:
                raise BundleError(f"{name} and {owner[declared]} both declare {declared}")
            owner[declared] = name
        parts.append(as_script(name, text))
    return f'{BANNER}(() => {{\n"use strict";\n{"".join(parts)}}})();\n'


if __name__ == "__main__":
    sys.stdout.write(bundle())
