"""The dashboard and the alerts name only metrics that the processes offer."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from amends.gateway.metrics import Metrics
from amends.records.figures import Figures, Waiting
from amends.storage import Database
from amends.values import utc_now
from amends.wiring.counts import OF_PROCESS
from amends.wiring.pulse import Pulse
from amends.wiring.settings import PROJECT_DIR
from tests.support.database import database  # noqa: F401

ALERTS = PROJECT_DIR / "deploy" / "prometheus" / "alerts.yml"
DASHBOARD = PROJECT_DIR / "deploy" / "grafana" / "amends.json"
_METRIC = re.compile(r"\b((?:amends|process)_[a-z_]+)\b")
_LABELS_USED = re.compile(r"(amends_[a-z_]+)\{([^}]*)\}")
_GROUPED = re.compile(r"by \(([^)]*)\)[^a-z]*\(?[a-z_() ]*?((?:amends)_[a-z_]+)")


def offered(books: Database) -> dict[str, set[str]]:
    """Return the names of all samples that a gateway offers, each with its labels."""
    pulse = Pulse()
    pulse.expect("read_figures", 15)
    pulse.succeeded("read_figures", 0.1)
    pulse.goodwill_left = {"EUR": 1}
    pulse.figures = Figures(
        at=utc_now() - timedelta(seconds=1),
        waiting={("legal", 1): Waiting(1, 60.0)},
        handoffs={"legal": 1},
        promises={"open": 1},
        remedies={("issued", "EUR"): (1, 500)},
        pending={"conversations": 0, "mails": 0, "webhooks": 0},
        conversations={"bot": 1},
    )
    OF_PROCESS.note("error", "jobs.job.failed")
    metrics = Metrics(pulse, books, utc_now)
    metrics.turns.labels("answered").inc()
    metrics.stage("turn", 0.1)
    metrics.process.requests.labels("/", "200").observe(0.1)
    metrics.process.errors.labels("ValueError").inc()
    with books.read() as uow:
        uow.conversations.get("-")
    text = metrics.render(streams=1, engine_ready=True, model="m").decode()
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def expressions() -> list[str]:
    rules = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"][0]["rules"]
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    targets = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    return [rule["expr"] for rule in rules] + targets


def test_given_dashboard_and_alerts_then_every_metric_they_name_is_offered(
    database: Database,  # noqa: F811
) -> None:
    known = offered(database)

    named = {name for text in expressions() for name in _METRIC.findall(text)}

    assert len(named) > 20
    assert named - known.keys() == set()


def test_given_expressions_then_each_label_they_select_by_is_there(
    database: Database,  # noqa: F811
) -> None:
    known = offered(database)

    for text in expressions():
        for name, selectors in _LABELS_USED.findall(text):
            labels = {one.split("=")[0].rstrip("!~") for one in selectors.split(",")}
            assert labels <= known[name], text
        for labels, name in _GROUPED.findall(text):
            assert {one.strip() for one in labels.split(",")} - {"le"} <= known[name], text
        assert text.count("(") == text.count(")"), text


def test_given_what_is_offered_then_each_of_our_metrics_is_on_the_dashboard(
    database: Database,  # noqa: F811
) -> None:
    shown = {name for text in expressions() for name in _METRIC.findall(text)}
    ours = {name for name in offered(database) if name.startswith("amends_")}

    families = {name for name in ours if not name.endswith(("_created", "_sum", "_count"))}
    assert families - shown == set()


def test_given_alerts_then_each_says_how_urgent_it_is_and_what_to_do() -> None:
    rules = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"][0]["rules"]

    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "warn"}
        assert rule["annotations"].keys() == {"summary", "what_to_do"}


@pytest.mark.parametrize("path", [ALERTS, DASHBOARD])
def test_given_the_files_then_they_name_no_machine(path: Path) -> None:
    assert not re.search(r"https?://", path.read_text("utf-8"))
