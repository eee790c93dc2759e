"""Teaches a copy of the project a little Spanish, by the places of the page that says how.

What nobody worded in Spanish is said in English there: it is the places that are tried, not the
words.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from amends.values import LANGUAGES
from tests.support.spoken import Table, mappings_of, tables

CODE: Final = "es"
SPANISH: Final = YAML(typ="safe").load(Path(__file__).with_name("spanish.yml"))
POLICY: Final = "policies/retail.yml"
FILES: Final = (
    POLICY,
    "policies/first_help.yml",
    "amends/handoff/canned_replies.yml",
    "amends/cases/categories.yml",
)


def begin(project: Path) -> None:
    """Say that customers are spoken to in Spanish, and nothing else."""
    known = ", ".join(f'"{one}"' for one in LANGUAGES)
    _replace(project / "amends/values.py", f"({known})", f'({known}, "{CODE}")')


def teach_speaking(project: Path) -> None:
    """Give every text that customers read."""
    by_file: dict[str, list[Table]] = {}
    for table in tables(project):
        by_file.setdefault(table.path, []).append(table)
    for path, found in by_file.items():
        _fill_tables(project / path, found)
    for path in FILES:
        _change_yaml(project / path, _fill_mappings)
    _change_yaml(project / POLICY, lambda policy: policy["languages"].append(CODE))
    _change_yaml(project / "domain.yml", _fill_domain)
    texts = project / "amends/gateway/widget/src/texts.js"
    _replace(texts, "zh: ZH };", f"zh: ZH, {CODE}: EN }};")


def teach_understanding(project: Path) -> None:
    """Give the engine what it reads Spanish by."""
    first = '    Language("en", LATIN),\n'
    languages = project / "bot/components/languages.py"
    _replace(languages, first, f'{first}    Language("{CODE}", LATIN),\n')
    flags = f"      {CODE}: {{flag: 1.0, flags: {{}}}}\n"
    _replace(project / "config.yml", "      zh: {", f"{flags}      zh: {{")
    _change_yaml(project / "bot/components/short_acts.yml", _fill_acts)
    _change_yaml(project / "bot/components/flags.yml", _fill_flags)
    folder = project / "data" / "nlu" / CODE
    folder.mkdir()
    with (folder / "spanish.yml").open("w", encoding="utf-8") as file:
        file.write('version: "3.1"\nnlu:\n')
        for intent, examples in SPANISH["examples"].items():
            lines = "".join(f"    - {one}\n" for one in examples)
            file.write(f"- intent: {intent}\n  examples: |\n{lines}")


def _fill_tables(file: Path, found: list[Table]) -> None:
    """Put the English entry of each table before itself, under the new code."""
    lines = file.read_bytes().splitlines(keepends=True)
    for table in sorted(found, key=lambda one: one.node.lineno, reverse=True):
        key, value = table.entry("en")
        said = _between(
            lines, value.lineno, value.col_offset, value.end_lineno, value.end_col_offset
        )
        at = lines[key.lineno - 1]
        entry = f'"{CODE}": ('.encode() + said + b"), "
        lines[key.lineno - 1] = at[: key.col_offset] + entry + at[key.col_offset :]
    file.write_bytes(b"".join(lines))


def _between(lines: list[bytes], row: int, column: int, last_row: int, last_column: int) -> bytes:
    cut = lines[row - 1 : last_row]
    cut[-1] = cut[-1][:last_column]
    cut[0] = cut[0][column:]
    return b"".join(cut)


def _fill_mappings(content: Any) -> None:
    for one in mappings_of(content):
        one[CODE] = one["en"]


def _fill_domain(domain: Any) -> None:
    domain["slots"]["language"]["values"].append(CODE)
    spoken = {"type": "slot", "name": "language", "value": CODE}
    for name, variants in domain["responses"].items():
        english = next(one for one in variants if "condition" not in one)
        said = SPANISH["responses"].get(name, english["text"])
        variants.append({**english, "condition": [spoken], "text": said})


def _fill_acts(acts: Any) -> None:
    for act, phrase in SPANISH["short_acts"].items():
        acts[act][CODE] = [phrase]


def _fill_flags(content: Any) -> None:
    for flag, phrases in SPANISH["flags"].items():
        for group, phrase in zip(content["flags"][flag], phrases, strict=True):
            group[CODE] = [phrase]
    content["negations"][CODE] = SPANISH["negations"]
    content["figurative"][CODE] = SPANISH["figurative"]
    content["joking"]["markers"][CODE] = SPANISH["joking"]


def _change_yaml(file: Path, change: Callable[[Any], None]) -> None:
    yaml = YAML()
    yaml.width = 10_000
    content = yaml.load(file)
    change(content)
    yaml.dump(content, file)


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")
