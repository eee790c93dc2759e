"""Pages, files, health and figures."""

import re
from datetime import UTC, date, datetime

import jwt
import pytest
from structlog.testing import capture_logs

from amends.cases.model import Customer, Order, OrderLine, OrderState
from amends.conversations.ports import EngineUnavailable
from amends.gateway.pages import content_security_policy
from tests.gateway.conftest import SECRET


class TestPages:
    async def test_given_shop_when_opened_then_page_files_and_policy(self, gateway):
        page = await gateway.client.get("/")

        assert page.status_code == 200
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self'" in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        for name in set(re.findall(r'(?:src|href)="([\w.-]+\.(?:js|css|svg))"', page.text)):
            answer = await gateway.client.get(f"/{name}")
            assert (name, answer.status_code) == (name, 200)

    async def test_given_widget_when_fetched_then_script_that_is_checked_for_news(self, gateway):
        answer = await gateway.client.get("/widget.js")
        again = await gateway.client.get(
            "/widget.js", headers={"If-None-Match": answer.headers["ETag"]}
        )

        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert (again.status_code, again.content) == (304, b"")
        plain = await gateway.client.get("/widget.js", headers={"Accept-Encoding": "identity"})
        assert plain.content == answer.content

    @pytest.mark.parametrize("path", ["/bundle.py", "/src/main.js", "/%2e%2e/app.py", "/widget"])
    async def test_given_other_files_when_asked_for_then_404(self, gateway, path):
        assert (await gateway.client.get(path)).status_code == 404

    async def test_given_docs_when_opened_then_nothing_from_outside(self, gateway):
        page = await gateway.client.get("/docs")

        assert "http://" not in page.text
        assert "https://" not in page.text
        assert "'sha256-" in page.headers["Content-Security-Policy"]
        for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
            assert (await gateway.client.get(path)).status_code == 200

    async def test_given_openapi_when_read_then_every_route_of_the_contract(self, gateway):
        paths = (await gateway.client.get("/openapi.json")).json()["paths"]

        assert {
            "/api/conversations",
            "/api/conversations/{conversation_id}/messages",
            "/api/conversations/{conversation_id}/stream",
            "/api/conversations/{conversation_id}/survey",
            "/healthz",
            "/readyz",
        } <= set(paths)

    async def test_given_openapi_when_read_then_token_and_every_refusal(self, gateway):
        document = (await gateway.client.get("/openapi.json")).json()
        post = document["paths"]["/api/conversations/{conversation_id}/messages"]["post"]
        ready = document["paths"]["/readyz"]["get"]

        assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
        assert post["security"] == [{"token": []}]
        assert {"400", "401", "404", "408", "409", "413", "415", "422", "429"} <= set(
            post["responses"]
        )
        assert {"200", "503"} <= set(ready["responses"])

    async def test_given_openapi_when_read_then_text_or_choice_and_a_language(self, gateway):
        schemas = (await gateway.client.get("/openapi.json")).json()["components"]["schemas"]

        assert [one["required"] for one in schemas["PostRequest"]["oneOf"]] == [
            ["text"],
            ["choice_id"],
        ]
        language, _ = schemas["StartRequest"]["properties"]["language"]["anyOf"]
        assert re.match(language["pattern"], " EN-gb")
        assert not re.match(language["pattern"], "1")

    def test_given_inline_script_when_policy_made_then_allowed_by_its_hash(self):
        policy = content_security_policy("<script>alert(1)</script>")

        assert "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='" in policy


class TestDemo:
    def fill(self, gateway) -> None:
        order = Order(
            number="10045",
            customer_id="cust-1",
            state=OrderState.SHIPPED,
            currency="EUR",
            lines=(OrderLine("t1", "Teapot", 2, 2_245),),
            shipping_paid_minor=500,
            placed_at=datetime(2026, 3, 1, tzinfo=UTC),
            due_on=date(2026, 3, 5),
        )
        yen = Order(
            number="10046",
            customer_id="cust-1",
            state=OrderState.LATE,
            currency="JPY",
            lines=(OrderLine("t1", "Teapot", 1, 4_990),),
            shipping_paid_minor=0,
            placed_at=datetime(2026, 3, 2, tzinfo=UTC),
            due_on=date(2026, 3, 5),
        )
        with gateway.parts.db.write() as uow:
            uow.orders.add_customer(Customer("cust-1", "Ann", "ann@example.com"))
            uow.orders.add_order(order)
            uow.orders.add_order(yen)
            uow.commit()

    async def test_given_demo_shop_when_asked_then_customers_with_identity_and_orders(
        self, gateway
    ):
        self.fill(gateway)

        (ann,) = (await gateway.client.get("/demo/customers")).json()

        assert set(ann) == {"name", "email", "identity", "orders"}
        assert sorted(ann["orders"], key=lambda o: o["number"]) == [
            {
                "number": "10045",
                "state": "in_transit",
                "placed_on": "2026-03-01",
                "total": "€49.90",
                "items": ["Teapot"],
            },
            {
                "number": "10046",
                "state": "late",
                "placed_on": "2026-03-02",
                "total": "¥4,990",
                "items": ["Teapot"],
            },
        ]
        claims = jwt.decode(ann["identity"], SECRET, algorithms=["HS256"], audience="amends")
        assert (claims["sub"], claims["email"]) == ("cust-1", "ann@example.com")
        opened = await gateway.start(identity=ann["identity"])
        with gateway.parts.db.read() as uow:
            assert uow.conversations.get(opened.id).customer_id == "cust-1"

    async def test_given_no_demo_when_asked_then_404_but_the_widget_stays(self, serve_gateway):
        gateway = await serve_gateway(demo=False)

        statuses = {
            path: (await gateway.client.get(path)).status_code
            for path in ("/", "/shop.js", "/demo/customers", "/widget.js")
        }

        assert statuses == {"/": 404, "/shop.js": 404, "/demo/customers": 404, "/widget.js": 200}


class TestHealth:
    async def test_given_all_well_when_asked_then_ready(self, gateway):
        answer = await gateway.client.get("/readyz")

        assert (answer.status_code, answer.json()["status"]) == (200, "ready")

    async def test_given_engine_down_when_asked_then_not_ready_but_alive(self, gateway):
        gateway.parts.engine.up = False

        answer = await gateway.client.get("/readyz")

        assert answer.status_code == 503
        assert answer.json()["missing"] == [
            {"check": "engine", "why": "the engine does not answer"}
        ]
        assert (await gateway.client.get("/healthz")).status_code == 200

    async def test_given_database_gone_or_engine_broken_when_asked_then_says_so(
        self, gateway, monkeypatch
    ):
        async def fails(*arguments):
            raise EngineUnavailable("gone")

        monkeypatch.setattr(gateway.api.state.service.transactions, "read", fails)
        monkeypatch.setattr(gateway.parts.engine, "ready", fails)

        answer = await gateway.client.get("/readyz")

        missing = {one["check"]: one["why"] for one in answer.json()["missing"]}
        assert missing.keys() == {"database", "engine"}
        assert "EngineUnavailable" in missing["engine"]

    async def test_given_turns_when_measured_then_figures_tell(self, gateway):
        opened = await gateway.start()
        await gateway.post(opened, "broken", wait=20)
        gateway.parts.engine.up = False
        await gateway.post(opened, "again", wait=0.3)

        with gateway.parts.db.read() as uow:
            gateway.parts.pulse.figures = uow.figures.read(gateway.parts.clock())
        figures = (await gateway.client.get("/metrics")).text

        assert 'amends_turns_total{outcome="answered"} 1.0' in figures
        assert 'amends_turn_seconds_count{stage="turn"} 1.0' in figures
        assert "amends_pending_conversations 1.0" in figures
        assert 'amends_conversations{mode="bot"} 1.0' in figures
        assert 'status="201"' in figures


class TestLog:
    async def test_given_requests_when_logged_then_one_line_with_ids_and_no_words(self, gateway):
        opened = await gateway.start()
        with capture_logs() as lines:
            await gateway.post(opened, "my secret words", wait=20)
            await gateway.client.get("/healthz")

        (line,) = [each for each in lines if each["event"] == "gateway.request.done"]
        assert line["conversation_id"] == opened.id
        assert line["route"] == "/api/conversations/{conversation_id}/messages"
        assert (line["status"], line["method"]) == (200, "POST")
        assert "secret words" not in str(lines)
