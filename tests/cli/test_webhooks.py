"""`amends webhooks`: endpoints come and go, and say how they stand."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from amends.cli import main
from amends.storage import Database
from amends.values import utc_now
from amends.webhooks import use_cases as webhooks
from amends.webhooks.decide import event_id
from amends.webhooks.model import Answer, EventType
from amends.wiring.standard_webhooks import key_of
from tests.support.database import fresh_url
from tests.support.http_server import Reply
from tests.support.webhook_server import WebhookServer, webhook_server

SITE_SECRET = "a secret of this test, long enough"


@dataclass
class Done:
    code: int
    rows: list[dict[str, Any]]
    said: str  # on the error stream


type Amends = Callable[..., Done]


@pytest.fixture
def amends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Amends:
    """Run `amends webhooks` on a database of its own, where private addresses are allowed."""
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("AMENDS_DATABASE_URL", fresh_url(tmp_path))
    monkeypatch.setenv("AMENDS_WEBHOOKS_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("AMENDS_SITE_SECRET", SITE_SECRET)

    def run(*arguments: str) -> Done:
        code = main.main(["webhooks", *arguments])
        out, err = capsys.readouterr()
        return Done(code, [json.loads(line) for line in out.splitlines()], err)

    return run


@pytest.fixture
def hooks() -> Iterator[WebhookServer]:
    with webhook_server() as running:
        yield running
        assert running.complaints == []


@pytest.fixture
def db(amends: Amends, tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'amends.db'}", SITE_SECRET)
    yield opened
    opened.close()


def fails(db: Database, endpoint_id: str, key: str) -> None:
    """An event happens and is given up."""
    with db.write() as uow:
        uow.outbox.add("case.opened", key, {}, utc_now())
        _, delivery = webhooks.take(uow, endpoint_id, utc_now()) or (None, None)
        assert delivery is not None
        uow.webhooks.fail(delivery, utc_now(), 500, "status 500")
        uow.commit()


class TestAdd:
    def test_given_an_address_when_added_then_its_secret_is_shown_this_once(
        self, amends: Amends
    ) -> None:
        done = amends("add", "http://127.0.0.1:9/hooks", "--description", "CRM")

        (row,) = done.rows
        assert done.code == 0
        assert len(key_of(row["secret"])) == 32
        assert "shown this once" in done.said
        assert row["events"] == [*EventType]
        assert (row["description"], row["active"]) == ("CRM", True)
        (listed,) = amends("list").rows
        assert "secret" not in listed
        assert row["secret"] not in json.dumps(listed)

    def test_given_two_endpoints_when_added_then_each_has_a_secret_of_its_own(
        self, amends: Amends
    ) -> None:
        made = [amends("add", "http://127.0.0.1:9/").rows[0] for _ in range(2)]

        assert len({one["secret"] for one in made}) == len({one["id"] for one in made}) == 2

    def test_given_events_when_added_then_only_those(self, amends: Amends) -> None:
        done = amends(
            "add", "http://127.0.0.1:9/", "--event", "case.closed", "--event", "case.opened"
        )

        assert done.rows[0]["events"] == ["case.opened", "case.closed"]

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["crm"], "must be an address such as"),
            (["http://127.0.0.1:9/", "--event", "case.shut"], "'case.shut' is not an event"),
        ],
    )
    def test_given_bad_input_when_added_then_exit_code_2_one_sentence_and_nothing_added(
        self, amends: Amends, arguments: list[str], sentence: str
    ) -> None:
        done = amends("add", *arguments)

        assert (done.code, done.rows) == (2, [])
        assert sentence in done.said
        assert done.said.count("\n") == 1
        assert amends("list").rows == []

    def test_given_an_address_inside_when_that_is_not_allowed_then_the_setting_is_named(
        self, amends: Amends, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AMENDS_WEBHOOKS_ALLOW_PRIVATE")

        done = amends("add", "https://127.0.0.1/")

        assert done.code == 2
        assert "AMENDS_WEBHOOKS_ALLOW_PRIVATE=true" in done.said


class TestTest:
    def test_given_an_endpoint_that_answers_when_tested_then_it_says_so(
        self, amends: Amends, hooks: WebhookServer
    ) -> None:
        made = amends("add", f"{hooks.url}/crm").rows[0]
        hooks.secrets["/crm"] = made["secret"]

        done = amends("test", made["id"])

        (heard,) = hooks.heard
        assert done.code == 0
        assert done.rows == [
            {
                "id": made["id"], "event_id": heard.id, "delivered": True, "status": 204,
                "reason": None,
            }
        ]  # fmt: skip
        assert heard.event["type"] == "webhook.test"

    def test_given_an_endpoint_that_refuses_when_tested_then_exit_code_1_and_why(
        self, amends: Amends, hooks: WebhookServer
    ) -> None:
        made = amends("add", f"{hooks.url}/crm").rows[0]
        hooks.plan["/crm"] = [Reply(401)]

        done = amends("test", made["id"])

        assert done.code == 1
        assert (done.rows[0]["delivered"], done.rows[0]["status"]) == (False, 401)


class TestTheRest:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["remove", "e9"],
            ["enable", "e9"],
            ["disable", "e9"],
            ["rotate", "e9"],
            ["test", "e9"],
            ["replay", "--endpoint", "e9"],
        ],
    )
    def test_given_no_such_endpoint_when_named_then_exit_code_2_and_how_to_find_it(
        self, amends: Amends, arguments: list[str]
    ) -> None:
        done = amends(*arguments)

        assert done.code == 2
        assert done.said == (
            "amends: there is no endpoint e9; `amends webhooks list` shows them all.\n"
        )

    def test_given_an_endpoint_when_removed_then_it_is_gone(self, amends: Amends) -> None:
        made = amends("add", "http://127.0.0.1:9/").rows[0]

        assert amends("remove", made["id"]).rows == [{"id": made["id"], "removed": True}]
        assert amends("list").rows == []

    def test_given_failed_deliveries_when_listed_and_replayed_then_they_are_pending_again(
        self, amends: Amends, db: Database
    ) -> None:
        made = amends("add", "http://127.0.0.1:9/").rows[0]
        fails(db, made["id"], "k1")
        fails(db, made["id"], "k2")
        (listed,) = amends("list").rows
        assert (listed["pending"], listed["failed"]) == (0, 2)
        assert listed["last_error"] == "status 500"

        one = amends("replay", "--event", event_id("case.opened", "k1"))
        rest = amends("replay", "--endpoint", made["id"])

        assert (one.rows, rest.rows) == ([{"replayed": 1}], [{"replayed": 1}])
        (listed,) = amends("list").rows
        assert (listed["pending"], listed["failed"]) == (2, 0)

    def test_given_nothing_failed_when_replayed_then_exit_code_2_and_why(
        self, amends: Amends
    ) -> None:
        done = amends("replay")

        assert done.code == 2
        assert "nothing to replay" in done.said

    def test_given_an_endpoint_that_is_off_when_enabled_then_it_can_be_replayed(
        self, amends: Amends, db: Database
    ) -> None:
        made = amends("add", "http://127.0.0.1:9/").rows[0]
        with db.write() as uow:
            uow.outbox.add("case.opened", "k1", {}, utc_now())
            _, delivery = webhooks.take(uow, made["id"], utc_now()) or (None, None)
            assert delivery is not None
            webhooks.record(uow, delivery, Answer(status=410), 0.5, utc_now())
            uow.commit()

        refused = amends("replay", "--endpoint", made["id"])
        enabled = amends("enable", made["id"])

        assert refused.code == 2
        assert f"`amends webhooks enable {made['id']}`" in refused.said
        assert enabled.rows == [{"id": made["id"], "active": True}]
        assert amends("replay", "--endpoint", made["id"]).rows == [{"replayed": 1}]

    def test_given_an_endpoint_when_disabled_then_it_is_off_until_enabled(
        self, amends: Amends
    ) -> None:
        made = amends("add", "http://127.0.0.1:9/").rows[0]

        assert amends("disable", made["id"]).rows == [{"id": made["id"], "active": False}]

        assert amends("list").rows[0]["active"] is False

    def test_given_an_endpoint_when_its_secret_is_rotated_then_the_new_one_is_shown_this_once(
        self, amends: Amends
    ) -> None:
        made = amends("add", "http://127.0.0.1:9/").rows[0]

        done = amends("rotate", made["id"])

        (row,) = done.rows
        assert len(key_of(row["secret"])) == 32
        assert row["secret"] != made["secret"]
        assert "shown this once" in done.said
        assert row["secret"] not in json.dumps(amends("list").rows)

    def test_given_no_database_yet_when_asked_then_exit_code_2_and_what_to_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path))

        assert main.main(["webhooks", "list"]) == 2

        assert "start this version once" in capsys.readouterr().err
        assert not (tmp_path / "amends.db").exists()
