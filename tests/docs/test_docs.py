"""What the documentation says exists, exists; what must be described, is."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from ruamel.yaml import YAML

from amends.cases.model import PromiseState
from amends.cli.main import COMMANDS, POLICY, build_parser
from amends.compensation.load import load_policy
from amends.compensation.model import Step
from amends.conversations.model import Mode
from amends.handoff.thresholds import load_thresholds
from amends.wiring.settings import Settings, env_name

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted([PROJECT / "README.md", PROJECT / "CHANGELOG.md", *(PROJECT / "docs").rglob("*.md")])
MADE_AT_RUN_TIME = ("var/", "models/", "benchmarks/results/", ".venv", ".tools/", "amends.toml")
OWN_FOLDERS = {p.name for p in PROJECT.iterdir() if p.is_dir()}
SPAN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
# `make` at a word's end with a following word that is a target's form, not prose.
MAKE = re.compile(r"^make ([a-z-]+)")


def name_of(page: Path) -> str:
    return str(page.relative_to(PROJECT))


each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def shell_lines(page: Path) -> Iterator[str]:
    """Yield each command of the page: lines of its shell blocks, and code within sentences."""
    for language, block in FENCE.findall(text_of(page)):
        if language == "sh":
            yield from block.replace("\\\n", " ").splitlines()
    yield from SPAN.findall(FENCE.sub("", text_of(page)))


def amends_calls(page: Path) -> Iterator[list[str]]:
    """Yield the arguments of each call of `amends`, without pipes, redirections and variables."""
    for line in shell_lines(page):
        for part in line.split("|"):
            found = re.search(r"(?:^|\s)(?:\.venv/bin/)?amends ([a-z].*)", part)
            if found and not part.lstrip().startswith("echo"):
                yield shlex.split(re.split(r"\s[<>]\s|;", found[1])[0], comments=True)


def paths_in(page: Path) -> Iterator[str]:
    for span in SPAN.findall(FENCE.sub("", text_of(page))):
        for word in span.split():
            first = word.split("/")[0]
            looks_like_one = "/" in word and first in OWN_FOLDERS
            if looks_like_one or re.fullmatch(r"[\w.-]+\.(?:md|yml|toml)|Makefile", word):
                yield word


class TestCommands:
    @each_page
    def test_given_a_make_target_then_the_makefile_has_it(self, page: Path) -> None:
        targets = set(re.findall(r"^([a-z-]+):", text_of(PROJECT / "Makefile"), re.MULTILINE))
        named = {found[1] for line in shell_lines(page) if (found := MAKE.match(line.strip()))}

        assert named <= targets

    @each_page
    def test_given_a_call_of_amends_then_the_command_takes_those_arguments(
        self, page: Path
    ) -> None:
        for call in amends_calls(page):
            if "<" in " ".join(call) or call[-1:] == ["|"]:
                continue
            assert parses(call), f"{name_of(page)}: amends {' '.join(call)}"

    def test_given_the_readme_then_its_commands_are_found_at_all(self) -> None:
        calls = [call[0] for call in amends_calls(PROJECT / "README.md")]

        assert {"doctor", "policy", "chat"} <= set(calls)

    def test_given_the_changelog_then_it_names_every_command_that_is_offered(self) -> None:
        actions = build_parser([])._subparsers._group_actions  # type: ignore[union-attr]
        offered = set(actions[0].choices or ())

        named = set(SPAN.findall(text_of(PROJECT / "CHANGELOG.md")))

        words = {word for span in named for word in span.split()}
        assert offered - words == set()


def parses(call: list[str]) -> bool:
    """Whether the command line accepts these arguments; a bare `amends policy` names a family."""
    known = {command.name for command in (*COMMANDS, POLICY)}
    if call == ["policy"] or call[0] not in known:
        return call[0] in known
    try:
        chosen = build_parser(call).parse_args(call)
    except (SystemExit, argparse.ArgumentError):
        # Within a sentence a command may be named without what it needs.
        return len(call) <= 2 and call[0] == "policy" and call[1] in {"check", "test", "decide"}
    return callable(chosen.run)


class TestPaths:
    @each_page
    def test_given_a_path_then_it_is_there(self, page: Path) -> None:
        gone = [
            path
            for path in paths_in(page)
            if not path.startswith(MADE_AT_RUN_TIME) and not exists(path, page)
        ]

        assert gone == []

    @each_page
    def test_given_a_link_then_it_leads_somewhere(self, page: Path) -> None:
        for target in LINK.findall(FENCE.sub("", text_of(page))):
            if not target.startswith(("https://", "#")):
                assert (page.parent / target.partition("#")[0]).is_file(), target

    def test_given_the_readme_then_its_map_shows_every_room(self) -> None:
        block = next(b for _, b in FENCE.findall(text_of(PROJECT / "README.md")) if "bot/" in b)
        shown = set(re.findall(r"^ *([\w]+)/ ", block, re.MULTILINE))
        rooms = {p.name for p in (PROJECT / "amends").iterdir() if (p / "__init__.py").is_file()}
        tops = {"bot", "actions", "amends", "data", "policies", "requirements", "scripts"}

        assert shown == rooms | tops | {"benchmarks", "tests", "docs"}

    @each_page
    def test_given_a_page_then_it_names_no_machine(self, page: Path) -> None:
        found = re.findall(r"(?<![\w.:/])/(?:home|work|root|Users|mnt|opt)/\S*", text_of(page))

        assert found == []


def exists(path: str, page: Path) -> bool:
    bare = path.rstrip("/").partition("#")[0]
    places = (PROJECT / bare, page.parent / bare)
    return any(place.exists() for place in places) or any(PROJECT.glob(bare))


class TestSample:
    def test_given_the_readmes_conversation_then_the_assistant_still_speaks_like_that(self) -> None:
        domain = YAML(typ="safe").load(PROJECT / "domain.yml")
        said = {one["text"] for texts in domain["responses"].values() for one in texts}
        said -= {text for text in said if text.startswith("{")}  # fits any line
        patterns = [re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in said]

        lines = re.findall(r"^bot: (.+)$", text_of(PROJECT / "README.md"), re.MULTILINE)

        assert len(lines) > 5
        strange = [line for line in lines if not any(re.fullmatch(p, line) for p in patterns)]
        assert strange == [], "talk to it with `amends chat` and paste what it says now"


class TestDescriptions:
    @each_page
    def test_given_a_setting_then_amends_knows_it(self, page: Path) -> None:
        known = {env_name(field) for field in Settings.model_fields} | {"AMENDS_CONFIG"}

        assert set(re.findall(r"\bAMENDS_[A-Z_]+\b", text_of(page))) <= known

    def test_given_a_setting_then_it_says_what_it_is_for(self) -> None:
        for name, field in Settings.model_fields.items():
            assert field.description, name
            if field.annotation is SecretStr:
                assert "made" in field.description, f"{name}: say what happens when it is empty"

    def test_given_a_handoff_row_then_staff_can_read_it(self) -> None:
        rows = load_thresholds(PROJECT / "policies" / "handoff.yml").rows

        assert rows
        assert [row.id for row in rows if len(row.title.split()) < 1 or row.title == row.id] == []

    def test_given_a_clause_then_managers_can_read_it(self) -> None:
        policy = load_policy(PROJECT / "policies" / "retail.yml")
        clauses = [clause for version in policy.versions for clause in version.clauses]

        assert clauses
        assert [c.id for c in clauses if len(c.title.split()) < 3 or not c.source] == []


class TestGlossary:
    def test_given_the_words_of_the_code_then_the_glossary_has_them(self) -> None:
        explained = words()
        rooms = {"conversation", "case", "handoff", "ledger", "policy", "score", "survey"}
        parts = {"clause", "cap", "ladder", "rung", "authority", "remedy", "offer", "promise"}
        engine = {"stage", "assessment", "flag", "category", "understanding", "action run"}
        doors = {"gateway", "desk", "engine", "message log", "seq", "visit", "mode", "delivery"}

        assert (rooms | parts | engine | doors) - explained.keys() == set()

    @pytest.mark.parametrize(
        ("word", "values"),
        [("mode", Mode), ("delivery", ("pending", "answered", "staff")), ("promise", PromiseState)],
    )
    def test_given_a_word_with_values_then_they_are_all_named(
        self, word: str, values: type[Mode] | tuple[str, ...]
    ) -> None:
        assert [value for value in values if str(value) not in words()[word]] == []

    def test_given_the_stages_then_the_architecture_names_them_all(self) -> None:
        domain = YAML(typ="safe").load(PROJECT / "domain.yml")
        stages = domain["slots"]["case_stage"]["values"]

        page = text_of(PROJECT / "docs" / "architecture.md")

        assert [stage for stage in stages if f"`{stage}`" not in page] == []

    def test_given_the_steps_of_a_remedy_then_the_architecture_names_them_all(self) -> None:
        page = text_of(PROJECT / "docs" / "architecture.md")

        assert [step for step in Step if step not in page] == []

    def test_given_the_glossary_then_each_word_stands_once_and_in_order(self) -> None:
        rows = re.findall(r"^\| ([^|]+?) \| ", glossary(), re.MULTILINE)[1:]

        assert rows == sorted(set(rows), key=str.lower)


def glossary() -> str:
    return text_of(PROJECT / "docs" / "glossary.md")


def words() -> dict[str, str]:
    return dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", glossary(), re.MULTILINE))


class TestStyle:
    @each_page
    def test_given_a_paragraph_then_each_sentence_has_its_line(self, page: Path) -> None:
        prose = [
            line
            for line in FENCE.sub("", text_of(page)).splitlines()
            if line and not line.startswith(("|", "#", "-", " ")) and not line[0].isdigit()
        ]

        assert [line for line in prose if re.search(r"[a-z)`]\. [A-Z]", line)] == []

    def test_given_the_decisions_then_each_has_its_three_parts_on_one_page(self) -> None:
        pages = sorted((PROJECT / "docs" / "decisions").glob("*.md"))

        assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
        for page in pages:
            headings = re.findall(r"^## (\w+)", text_of(page), re.MULTILINE)
            assert headings == ["Context", "Decision", "Consequences"], page.name
            assert len(text_of(page).splitlines()) < 60, page.name
