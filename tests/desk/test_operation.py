"""The desk tells a watcher how it is doing, and nothing of anybody."""

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from amends.conversations.transactions import Transactions
from amends.desk.operation import create_operation_routes
from amends.wiring.metrics import ProcessMetrics
from amends.wiring.request_log import RequestLog
from tests.support.shop import Shop, shop  # noqa: F401


@pytest.fixture
async def client(shop: Shop):  # noqa: F811
    url = shop.db.url.render_as_string(hide_password=False)
    settings = shop.app.settings.model_copy(update={"database_url": url})
    transactions = Transactions(shop.db)
    metrics = ProcessMetrics(shop.app.pulse, shop.db, shop.clock)
    api = FastAPI()
    app = replace(shop.app, settings=settings)
    api.include_router(create_operation_routes(app, transactions, metrics))

    @api.get("/cases/{number}")
    async def case(number: str) -> dict[str, str]:
        return {}

    api.add_middleware(RequestLog, process="desk", metrics=metrics, quiet=("/desk-static/",))
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as opened:
        yield opened
    transactions.close()


async def test_given_all_well_then_ready(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": True, "migrations": True, "disk": True}


async def test_given_migrations_pending_then_named(
    client: httpx.AsyncClient,
    shop: Shop,  # noqa: F811
) -> None:
    engine = create_engine(shop.db.url)
    with engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()

    answer = await client.get("/readyz")

    assert answer.status_code == 503
    assert [one["check"] for one in answer.json()["missing"]] == ["migrations"]


async def test_given_a_page_when_opened_then_one_line_and_a_figure(
    client: httpx.AsyncClient,
) -> None:
    with capture_logs() as lines:
        await client.get("/cases/AM-1", headers={"X-Request-ID": "r1"})
    figures = (await client.get("/metrics")).text

    (line,) = [one for one in lines if one["event"] == "desk.request.done"]
    assert line["case_number"] == "AM-1"
    assert line["status"] == 200
    assert 'amends_request_seconds_count{route="/cases/{number}",status="200"} 1.0' in figures
    assert "AM-1" not in figures
