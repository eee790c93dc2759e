"""`amends webhooks list | add | remove | enable | disable | rotate | test | replay`."""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from amends.cli.errors import UsageError
from amends.cli.subcommands import add_command, on_the_database
from amends.values import Json, new_id, utc_now
from amends.webhooks import use_cases as webhooks
from amends.webhooks.errors import WebhookError
from amends.webhooks.model import TEST_EVENT, Endpoint, Event, EventType, Standing
from amends.wiring.settings import Settings, load_settings

if TYPE_CHECKING:
    from amends.storage import Database

EXIT_FAILED = 1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Tell other systems of events: signed POSTs after Standard Webhooks, at least once. "
        "Writes JSON, one object a line."
    )
    commands = parser.add_subparsers(dest="webhooks_command", required=True, metavar="command")
    add_command(commands, "list", run_list, "show every endpoint and how its deliveries stand")
    adding = add_command(commands, "add", run_add, "add an endpoint; shows its secret this once")
    adding.add_argument("url", help="where to send, such as https://crm.example.com/hooks")
    adding.add_argument(
        "--event",
        action="append",
        default=[],
        dest="events",
        metavar="TYPE",
        help=f"may be given several times; all when left out: {', '.join(EventType)}",
    )
    adding.add_argument("--description", default="", help="for whom it is, in your words")
    for name, run, text in (
        ("remove", run_remove, "forget an endpoint and all that is on its way there"),
        ("enable", run_enable, "switch an endpoint on again that answered 410 Gone"),
        ("disable", run_disable, "let an endpoint hear of nothing more, until it is enabled again"),
        ("rotate", run_rotate, "sign with a new secret from now on; shows it this once"),
        ("test", run_test, "send an event of type webhook.test now, and say what came of it"),
    ):
        add_command(commands, name, run, text).add_argument("endpoint", metavar="ENDPOINT")
    again = add_command(commands, "replay", run_replay, "send again what failed")
    again.add_argument("--endpoint", help="only what was to go there")
    again.add_argument("--event", metavar="EVENT_ID", help="only this one, even if it arrived")


def run(arguments: argparse.Namespace) -> int:
    from amends.wiring.database import open_database

    settings = load_settings()
    work: Callable[[Settings, Database, argparse.Namespace], int] = arguments.work
    try:
        with on_the_database(settings), closing(open_database(settings)) as db:
            return work(settings, db, arguments)
    except WebhookError as error:
        raise UsageError(str(error)) from None


def run_list(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    with db.read() as uow:
        endpoints, standings = uow.webhooks.all(), uow.webhooks.standings()
    for endpoint in endpoints:
        _write(_shown(endpoint, standings.get(endpoint.id, Standing())))
    return 0


def run_add(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    from amends.wiring.http_webhooks import HttpWebhooks

    allow_private = settings.webhooks_allow_private
    url = HttpWebhooks(utc_now, allow_private=allow_private).check(arguments.url)
    with db.write() as uow:
        endpoint = webhooks.add_endpoint(
            uow, url, arguments.events, arguments.description, utc_now()
        )
        uow.commit()
    _write({**_shown(endpoint, Standing()), "secret": endpoint.secret})
    print("The secret is shown this once: keep it where the endpoint runs.", file=sys.stderr)
    return 0


def run_remove(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    with db.write() as uow:
        webhooks.remove_endpoint(uow, arguments.endpoint)
        uow.commit()
    _write({"id": arguments.endpoint, "removed": True})
    return 0


def run_enable(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    return _switch(db, arguments.endpoint, active=True)


def run_disable(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    return _switch(db, arguments.endpoint, active=False)


def _switch(db: "Database", endpoint_id: str, *, active: bool) -> int:
    switch = webhooks.enable_endpoint if active else webhooks.disable_endpoint
    with db.write() as uow:
        switch(uow, endpoint_id)
        uow.commit()
    _write({"id": endpoint_id, "active": active})
    return 0


def run_rotate(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    with db.write() as uow:
        endpoint = webhooks.rotate_secret(uow, arguments.endpoint)
        uow.commit()
    _write({"id": endpoint.id, "secret": endpoint.secret})
    print("The secret is shown this once: keep it where the endpoint runs.", file=sys.stderr)
    return 0


def run_test(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    from amends.wiring.http_webhooks import HttpWebhooks

    with db.read() as uow:
        endpoint = webhooks.endpoint_of(uow, arguments.endpoint)
    courier = HttpWebhooks(utc_now, allow_private=settings.webhooks_allow_private)
    event = Event(f"evt_test_{new_id()}", TEST_EVENT, utc_now(), {"endpoint_id": endpoint.id})
    answer = courier.send(endpoint, event)
    _write(
        {
            "id": endpoint.id,
            "event_id": event.id,
            "delivered": answer.is_success,
            "status": answer.status,
            "reason": answer.reason,
        }
    )
    return 0 if answer.is_success else EXIT_FAILED


def run_replay(settings: Settings, db: "Database", arguments: argparse.Namespace) -> int:
    with db.write() as uow:
        count = webhooks.replay(uow, utc_now(), arguments.endpoint, arguments.event)
        uow.commit()
    _write({"replayed": count})
    return 0


def _shown(endpoint: Endpoint, standing: Standing) -> Json:
    """An endpoint without its secret."""
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": [one.value for one in endpoint.events],
        "active": endpoint.active,
        "description": endpoint.description,
        "created_at": _text(endpoint.created_at),
        "pending": standing.pending,
        "failed": standing.failed,
        "last_error": standing.last_error,
    }


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _write(values: Json) -> None:
    print(json.dumps(values, ensure_ascii=False))
