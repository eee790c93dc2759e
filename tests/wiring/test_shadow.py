"""A candidate reads along: once per message, beside the live reading, and never in the way."""

import sys
from pathlib import Path

import pytest

from amends.training.promotion import use_cases
from amends.training.promotion.model import Agreement, Shadow
from amends.wiring.app import App
from amends.wiring.shadow import read_along, read_batch
from tests.support.shop import Chat, Shop
from tests.wiring.model_steps import app_with_models

# Stands in for the engine's reader: reads every message as a question, or breaks.
READER = """
import json, sys
if "broken" in sys.argv[-1]:
    sys.exit("the model cannot be read")
for line in sys.stdin:
    row = json.loads(line)
    intent = {"name": "question", "confidence": 0.9}
    assessment = {"complaint": False, "category": None, "secondary": [], "sentiment": 0.0,
                  "sentiment_label": "neu", "flags": [], "severity": "low",
                  "waiting_hours": None, "language": "en"}
    print(json.dumps({"id": row["id"], "parse": {"intent": intent, "assessment": assessment}}))
"""


@pytest.fixture
def app(shop: Shop, tmp_path: Path) -> App:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "nlu.py").write_text(READER)
    made = app_with_models(shop, tmp_path / "models", "http://127.0.0.1:9", "amends-new", "broken")
    made.settings.__dict__.update(project_dir=tmp_path, engine_python=Path(sys.executable))
    return made


def begun(app: App, model: str = "amends-new") -> Shadow:
    with app.db.write() as uow:
        shadow = use_cases.start_shadow(uow, model, "s-ana", app.clock())
        uow.commit()
        return shadow


def complaint(shop: Shop) -> Chat:
    """A chat with one message, as the live model read it."""
    assessment = {
        **{"complaint": True, "category": "not_received", "secondary": [], "sentiment": -0.5},
        **{"sentiment_label": "neg", "flags": [], "severity": "low", "waiting_hours": None},
        "language": "en",
    }
    intent = {"name": "report_not_received", "confidence": 0.8}
    chat = shop.chat()
    parse = {"intent": intent, "assessment": assessment}
    chat.says("My lamp never came", complaint=True, category="not_received", parse=parse)
    return chat


def agreement(app: App, shadow: Shadow) -> Agreement:
    with app.db.read() as uow:
        return uow.shadows.agreement(shadow.id)


def test_given_messages_then_each_is_read_once_beside_the_live_reading(
    shop: Shop, app: App
) -> None:
    shadow = begun(app)
    chat = complaint(shop)

    assert read_along(app) == 1
    assert app.lanes.idle(30)
    assert read_along(app) == 0

    found = agreement(app, shadow)
    assert found.read == 1
    assert found.agreed == 0
    with app.db.read() as uow:
        (one,) = uow.shadows.changed(shadow.id, 10)
    assert one.conversation_id == chat.id
    assert one.shadow.intent == "question"
    assert one.live.intent == "report_not_received"


def test_given_messages_of_before_it_began_then_they_are_left_alone(shop: Shop, app: App) -> None:
    complaint(shop)
    shop.clock.forward(minutes=1)
    begun(app)

    assert read_along(app) == 0


def test_given_a_model_that_breaks_then_the_reason_is_kept_and_it_is_tried_again(
    shop: Shop, app: App
) -> None:
    shadow = begun(app, "broken")
    complaint(shop)

    assert read_batch(app, shadow) == 0

    with app.db.read() as uow:
        found = uow.shadows.current()
    assert found is not None
    assert "understood 0 of 1 rows" in found.error
    assert read_along(app) == 1
    assert app.lanes.idle(30)


def test_given_it_was_stopped_then_nothing_is_read_any_more(shop: Shop, app: App) -> None:
    shadow = begun(app)
    complaint(shop)
    with app.db.write() as uow:
        use_cases.stop_shadow(uow, app.clock())
        uow.commit()

    assert read_along(app) == 0
    assert read_batch(app, shadow) == 0
    assert agreement(app, shadow).read == 0
