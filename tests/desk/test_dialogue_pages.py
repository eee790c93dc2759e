"""Dialogues are made from the log, edited as steps, checked, written and removed."""

import json
import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from amends.handoff.model import StaffRole
from amends.training.dialogues.model import StepKind
from amends.training.dialogues.read import read_dialogues
from amends.values import utc_now
from tests.desk.conftest import Desk
from tests.desk.seeding import add_staff
from tests.desk.test_accessibility import violations
from tests.desk.training_project import copy_project, settings_of

PATH = "/training/dialogues"
SMALLTALK = "tests/conversations/test_smalltalk.yml"
HELLO = "hello, and that is all"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    folder = copy_project(tmp_path / "project")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "Begin")):
        subprocess.run(
            ["git", "-c", "user.name=T", "-c", "user.email=t@example.com", *command],
            cwd=folder,
            check=True,
        )
    return folder


@pytest.fixture
def desk_settings(project: Path) -> dict[str, str]:
    return settings_of(project)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    add_staff(desk.db, ("tim", "Tim Weller", StaffRole.TRAINER), seen_at=utc_now())
    return desk


def open_page(desk: Desk, path: str, login: str = "tim", **features: object) -> Page:
    return desk.enter(path, login, **({"java_script_enabled": False} | features))


def edit(path: str, name: str) -> str:
    return f"{PATH}/edit?{urlencode({'file': path, 'name': name})}"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def last_commit(project: Path) -> str:
    return subprocess.run(
        ["git", "log", "-1", "--format=%an: %s", "--stat"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


class TestEditing:
    def test_given_a_test_conversation_when_changed_then_one_step_of_one_file_changes(
        self, desk: Desk, project: Path
    ) -> None:
        before = (project / SMALLTALK).read_text("utf-8")
        page = open_page(desk, f"{PATH}?q=hello+cheers")
        page.get_by_role("link", name=HELLO).click()

        page.locator("#text-2").fill("cheers, mate")
        press(page, "Check and preview")
        expect(page.get_by_role("region", name="What would be written")).to_contain_text(
            "cheers, mate"
        )
        assert (project / SMALLTALK).read_text("utf-8") == before
        press(page, "Save")

        expect(page.get_by_role("status")).to_contain_text("Written, as one change")
        after = (project / SMALLTALK).read_text("utf-8")
        assert after == before.replace("      cheers\n", "      cheers, mate\n", 1)
        assert "Tim Weller: Change the dialogue hello" in last_commit(project)

    def test_given_steps_when_moved_inserted_and_removed_then_nothing_typed_is_lost(
        self, desk: Desk
    ) -> None:
        page = open_page(desk, edit(SMALLTALK, HELLO))

        page.locator("#text-0").fill("good day")
        press(page, "Move step 1 down")
        expect(page.locator("#text-1")).to_have_value("good day")
        press(page, "Remove step 1")
        expect(page.locator("#text-0")).to_have_value("good day")
        page.locator("#step-0").get_by_text("Insert a step here").click()
        page.locator("#step-0").get_by_role("button", name="Is now so").click()
        page.locator("#name-1").select_option("case_stage")
        page.locator("#text-1").fill("nowhere")
        press(page, "Check and preview")

        expect(page.locator("#step-1")).to_contain_text("never “nowhere”")
        expect(page.locator("#text-0")).to_have_value("good day")

    def test_given_a_step_against_a_rule_then_the_rule_is_named(self, desk: Desk) -> None:
        page = open_page(desk, edit(SMALLTALK, HELLO))

        page.locator("#name-1").select_option("utter_goodbye")
        press(page, "Check and preview")

        expect(page.locator("#step-1")).to_contain_text("The rule “hello”")
        expect(page.locator("#step-1")).to_contain_text("does utter_greet here")
        expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)

    def test_given_a_dialogue_when_removed_then_its_file_loses_it_alone(
        self, desk: Desk, project: Path
    ) -> None:
        page = open_page(desk, edit(SMALLTALK, HELLO), java_script_enabled=True)

        page.locator("summary", has_text="Remove").click()
        press(page, "Remove it")

        expect(page.get_by_role("status").first).to_contain_text("Removed")
        names = [
            one.dialogue.name
            for one in read_dialogues((project / SMALLTALK).read_text("utf-8"), SMALLTALK)
        ]
        assert HELLO not in names
        assert len(names) > 3

    def test_given_a_dialogue_that_somebody_removed_then_it_is_not_found(self, desk: Desk) -> None:
        page = open_page(desk, edit(SMALLTALK, "gone"))

        expect(page.get_by_text("There is no such dialogue any more.")).to_be_visible()


class TestMaking:
    def test_given_a_conversation_of_the_log_then_it_becomes_a_test_conversation(
        self, desk: Desk, project: Path, tmp_path: Path
    ) -> None:
        chat = desk.add_chat()
        record_talk(tmp_path / "var" / "tracker.db", f"{chat.conversation_id}.1")
        page = open_page(desk, f"{PATH}/new?conversation={chat.conversation_id}")

        expect(page.locator("#text-0")).to_have_value(
            "it broke, order [10045](order_number), write to name@example.com"
        )
        page.get_by_label("Name", exact=True).fill("a broken lamp")
        page.get_by_label("Topic of a new file").fill("lamps")
        press(page, "Check and preview")
        press(page, "Save")

        text = (project / "tests/conversations/test_lamps.yml").read_text("utf-8")
        (placed,) = read_dialogues(text, "tests/conversations/test_lamps.yml")
        assert [(step.kind, step.name) for step in placed.dialogue.steps] == [
            (StepKind.CUSTOMER, "report_faulty_product"),
            (StepKind.ACTION, "action_take_complaint"),
            (StepKind.SLOT, "case_stage"),
            (StepKind.ACTION, "complaint_form"),
            (StepKind.LOOP, "complaint_form"),
            (StepKind.CUSTOMER, "do_not_know"),
            (StepKind.ACTION, "complaint_form"),
            (StepKind.LOOP, "complaint_form"),
        ]
        assert placed.dialogue.steps[5].text == "/do_not_know"

    def test_given_a_talk_of_the_playground_then_the_editor_opens_with_its_steps(
        self, desk: Desk
    ) -> None:
        talk = [
            {"who": "customer", "text": "hi, I am bob@mail.com", "intent": "greet"},
            {"who": "bot", "action": "utter_greet"},
        ]
        page = open_page(desk, PATH)
        page.set_content(
            f'<form method="post" action="{desk.url}{PATH}/new?from=playground">'
            f"<input name=steps value='{json.dumps(talk)}'><button>Keep</button></form>"
        )
        sent = page.request.post(
            f"{PATH}/new?from=playground", form={"steps": json.dumps(talk)}, headers=same(desk)
        )

        assert sent.status == 200
        assert "name@example.com" in sent.text()
        assert "bob@mail.com" not in sent.text()
        assert "utter_greet" in sent.text()

    def test_given_a_story_when_saved_then_it_keeps_intents_alone(
        self, desk: Desk, project: Path
    ) -> None:
        page = open_page(desk, f"{PATH}/new")

        page.locator("#text-0").fill("hello")
        page.locator("#name-0").select_option("greet")
        page.locator("#name-1").select_option("utter_greet")
        page.get_by_label("Name", exact=True).fill("just a greeting")
        page.get_by_role("radio", name="Story").check()
        page.get_by_label("Topic of a new file").fill("greetings")
        press(page, "Check and preview")
        press(page, "Save")

        text = (project / "data/stories/greetings.yml").read_text("utf-8")
        assert "- intent: greet\n" in text
        assert "user:" not in text

    def test_given_a_name_that_is_no_file_then_nothing_is_written(
        self, desk: Desk, project: Path
    ) -> None:
        page = open_page(desk, f"{PATH}/new")

        page.get_by_label("Topic of a new file").fill("../../domain")
        press(page, "Check and preview")

        expect(page.get_by_role("alert").first).to_contain_text("Choose a file")
        assert not list(project.parent.glob("domain*"))


class TestWhoAndHow:
    def test_given_an_agent_then_the_pages_are_not_for_them(self, desk: Desk) -> None:
        page = open_page(desk, PATH, login="ana")

        for path in (PATH, f"{PATH}/new", edit(SMALLTALK, HELLO), "/training/new"):
            expect_status = page.request.get(path).status
            assert expect_status == 403, path
        for path in (f"{PATH}/new", f"{PATH}/edit", "/training/new"):
            sent = page.request.post(path, form={"act": "save"}, headers=same(desk))
            assert sent.status == 403, path

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1280, 390])
    def test_given_the_pages_then_axe_finds_nothing_and_nothing_runs_over_the_edge(
        self, desk: Desk, scheme: str, width: int
    ) -> None:
        size = {"width": width, "height": 900}
        features = {"viewport": size, "color_scheme": scheme, "java_script_enabled": True}
        page = open_page(desk, PATH, **features)

        for path in (PATH, f"{PATH}/new", edit(SMALLTALK, HELLO), "/training/new"):
            page.goto(path)
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        press(page, "Check, and show what would be written")
        expect(page.get_by_role("alert")).to_be_visible()
        assert violations(page) == []

    def test_given_a_chinese_reader_then_the_pages_are_in_chinese(self, desk: Desk) -> None:
        page = open_page(desk, PATH)
        page.request.post("/language", form={"language": "zh", "back": PATH}, headers=same(desk))

        page.goto(f"{PATH}/new")
        assert page.get_by_role("heading", level=1).inner_text() == "新建对话"
        page.goto("/training/new")
        assert page.get_by_role("heading", level=1).inner_text() == "新建类别或意图"


def same(desk: Desk) -> dict[str, str]:
    return {"Origin": desk.url}


def record_talk(path: Path, sender: str) -> None:
    """Write what the engine's tracker store holds of a short talk."""
    text = "it broke, order 10045, write to jo.lee@gmail.com"
    start = text.index("10045")
    order = {"entity": "order_number", "value": "10045", "start": start, "end": start + 5}
    report = {"name": "report_faulty_product", "confidence": 0.9}
    events = [
        {"event": "action", "name": "action_session_start"},
        {"event": "user", "text": text, "parse_data": {
            "intent": report, "entities": [order], "intent_ranking": [report, report],
            "assessment": {}}},
        {"event": "action", "name": "action_take_complaint"},
        {"event": "slot", "name": "case_number", "value": "AM-1"},
        {"event": "slot", "name": "case_stage", "value": "gathering"},
        {"event": "bot", "text": "sorry"},
        {"event": "action", "name": "complaint_form"},
        {"event": "active_loop", "name": "complaint_form"},
        {"event": "slot", "name": "requested_slot", "value": "item"},
        {"event": "action", "name": "action_listen"},
        {"event": "user", "text": "I don't have the number", "parse_data": {
            "intent": {"name": "do_not_know", "confidence": 1.0}, "entities": [],
            "intent_ranking": [{"name": "do_not_know"}]}},
        {"event": "action", "name": "complaint_form"},
        {"event": "slot", "name": "case_stage", "value": "gathering"},
    ]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)"
        )
        rows = [(sender, json.dumps(event)) for event in events]
        connection.executemany("INSERT INTO events (sender_id, data) VALUES (?, ?)", rows)
